import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Output } from '../http1/output.ts'
import { parseResponseHead, ResponseHead } from '../http1/response-head.ts'
import { readResponse, readTrailers } from './response-head.ts'
import { responseHeaders, trailerFields } from './response-headers.ts'

const LIMITS = { headerBytes: 8192, headerCount: 50 }

function fromServer(raw: readonly string[], isWhole = false, toHead = false) {
  const head = new ResponseHead(LIMITS)
  head.toHead = toHead
  const bytes = readResponse(raw, isWhole, head, new Output())
  return { head, bytes }
}

function toClient(text: string, traits: Partial<ResponseHead> = {}): readonly string[] {
  const head = Object.assign(new ResponseHead(LIMITS), traits)
  const bytes = Buffer.from(text, 'latin1')
  expect(parseResponseHead(bytes, 0, bytes.length, head)).toBe(bytes.length)
  return responseHeaders(head, bytes)
}

describe('an HTTP/1.1 answer goes on as fields', () => {
  test('in lower case, without what speaks of its connection', () => {
    const raw = toClient(
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: x-a\r\nX-A: 1\r\nX-B: 2\r\n\r\n',
    )
    expect(raw).toEqual([':status', '200', 'x-b', '2', 'content-length', '5', 'via', '1.1 tidegate'])
  })

  test('without a length when the stream tells the end', () => {
    expect(toClient('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')).toEqual([
      ...[':status', '200', 'via', '1.1 tidegate'],
    ])
  })

  test('with the length that HEAD asked for', () => {
    expect(toClient('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', { toHead: true })).toContain('5')
  })

  test('as 200 when it switches to a WebSocket', () => {
    const switching = 'HTTP/1.1 101 S\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n'
    expect(
      toClient(`${switching}Sec-WebSocket-Accept: x\r\nSec-WebSocket-Protocol: chat\r\n\r\n`, {
        toUpgrade: true,
      }),
    ).toEqual([':status', '200', 'sec-websocket-protocol', 'chat', 'via', '1.1 tidegate'])
  })

  test('with the lines that the gateway adds', () => {
    const head = new ResponseHead(LIMITS)
    const bytes = Buffer.from('HTTP/1.0 204 No\r\n\r\n')
    parseResponseHead(bytes, 0, bytes.length, head)
    head.added = 'Set-Cookie: a=1; Path=/\r\nX-C: d\r\n'
    expect(responseHeaders(head, bytes)).toEqual([
      ...[':status', '204', 'set-cookie', 'a=1; Path=/', 'x-c', 'd', 'via', '1.0 tidegate'],
    ])
  })
})

describe('an HTTP/2 answer becomes an HTTP/1.1 head', () => {
  test('sized, or chunked, or empty', () => {
    expect(fromServer([':status', '200', 'content-length', '5']).head).toMatchObject({
      status: 200,
      body: 'sized',
      bodyLength: 5,
    })
    expect(fromServer([':status', '200']).head.body).toBe('chunked')
    expect(fromServer([':status', '200'], true).head).toMatchObject({ body: 'sized', bodyLength: 0 })
    expect(fromServer([':status', '200', 'content-length', '5'], true, true).head.body).toBe('none')
    expect(fromServer([':status', '204'], true).head.body).toBe('none')
  })

  test.each([
    ['no status', ['a', 'b']],
    ['a status that is none', [':status', '2 0']],
    ['101 (RFC 9113 8.6)', [':status', '101']],
    ['Connection', [':status', '200', 'connection', 'close']],
    ['two lengths', [':status', '200', 'content-length', '1', 'content-length', '2']],
    ['another pseudo-header', [':status', '200', ':path', '/']],
  ])('unless it has %s', (_, raw) => {
    expect(fromServer(raw).bytes).toBeNull()
  })
})

const NASTY = fc.string({
  unit: fc.constantFrom('a', ':', ' ', '\r', '\n', '\r\n', '\0', '\u010d\u010a'),
  maxLength: 8,
})

test('no field of an answer or a trailer becomes a line of its own', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(NASTY, NASTY), { maxLength: 4 }), (fields) => {
      const rest = fields.flatMap(([name, value]) => [`x${name}`, value])
      const { bytes } = fromServer([':status', '200', ...rest])
      if (bytes !== null) expect(bytes.toString('latin1').split('\r\n')).toHaveLength(fields.length + 3)
      const trailers = readTrailers(rest)
      if (trailers) expect(trailers.toString('latin1').split('\r\n')).toHaveLength(fields.length + 1)
    }),
  )
})

test('trailers go both ways, but for those that come too late', () => {
  const lines = readTrailers(['grpc-status', '0', 'a', '1', 'a', '2', 'set-cookie', 'c'])
  expect(`${lines}`).toBe('grpc-status: 0\r\na: 1\r\na: 2\r\n')
  expect(trailerFields(lines as Buffer)).toEqual({ 'grpc-status': ['0'], a: ['1', '2'] })
  expect(readTrailers([])).toBeNull()
  expect(readTrailers(['content-length', '5'])).toBe(false)
  expect(readTrailers([':status', '200'])).toBe(false)
})
