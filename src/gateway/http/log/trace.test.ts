import { expect, test } from 'vitest'
import { ClientHop, writeRequestHead } from '../../http1/forward.ts'
import { Output } from '../../http1/output.ts'
import { parseRequestHead, RequestHead } from '../../http1/request-head.ts'
import { beginTrace, traceOf } from './trace.ts'

const ID = '4bf92f3577b34da6a3ce929d0e0e4736'

function request(lines: string): { head: RequestHead; bytes: Buffer } {
  const bytes = Buffer.from(`GET / HTTP/1.1\r\nHost: a\r\n${lines}\r\n`)
  const head = new RequestHead({ headerBytes: 4096, headerCount: 50 })
  expect(parseRequestHead(bytes, 0, bytes.length, head)).toBe(bytes.length)
  return { head, bytes }
}

const traced = (value: string): string | null => {
  const { head, bytes } = request(`traceparent: ${value}\r\n`)
  return traceOf(head, bytes)
}

test('a request names its trace', () => {
  expect(traced(`00-${ID}-00f067aa0ba902b7-01`)).toBe(ID)
  expect(traced(`cc-${ID}-00f067aa0ba902b7-01-more`)).toBe(ID)
})

test.each([
  `ff-${ID}-00f067aa0ba902b7-01`,
  `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
  `00-${ID}-${'0'.repeat(16)}-01`,
  `00-${ID.toUpperCase()}-00f067aa0ba902b7-01`,
  `00-${ID}-00f067aa0ba902b7-01x`,
  'nonsense',
])('%s names none', (value) => {
  expect(traced(value)).toBeNull()
})

test('a trace begins in place of what was no proper one', () => {
  const { head, bytes } = request('traceparent: nonsense\r\ntracestate: a=b\r\nX-Kept: 1\r\n')
  const trace = beginTrace(head, bytes)
  const out = new Output()
  const hop = new ClientHop({ clientAddress: '10.0.0.1', scheme: 'http', authority: 'a:80' })
  writeRequestHead(head, bytes, hop, out)
  const sent = out.take().toString()
  expect(sent.match(/^traceparent: 00-([0-9a-f]{32})-[0-9a-f]{16}-01\r$/m)?.[1]).toBe(trace)
  expect(sent).not.toMatch(/nonsense|tracestate/)
  expect(sent).toContain('X-Kept: 1\r\n')
})
