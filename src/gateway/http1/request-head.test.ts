import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { REQUEST_CASES } from './request-head.cases.ts'
import { parseRequestHead, RequestHead } from './request-head.ts'

const LIMITS = { headerBytes: 1024, headerCount: 20 }
/** Where heads begin in the tests' buffers: an offset taken for a length is found out. */
const OFFSET = 7

/** The result when the bytes arrive up to each of the given ends, then all of them; relative to the start of the head. */
function verdict(raw: string, ends: readonly number[] = [], head = new RequestHead(LIMITS)): number {
  const bytes = Buffer.from('\n'.repeat(OFFSET) + raw, 'latin1')
  for (const end of [...ends, raw.length]) {
    // What lies behind the end are leftovers of other messages.
    const arrived = Buffer.alloc(bytes.length + 9, '\n')
    bytes.copy(arrived, 0, 0, OFFSET + end)
    const found = parseRequestHead(arrived, OFFSET, OFFSET + end, head)
    if (found !== 0) return found > 0 ? found - OFFSET : found
  }
  return 0
}

function parse(raw: string): RequestHead {
  const head = new RequestHead(LIMITS)
  expect(verdict(raw, [], head)).toBeGreaterThan(0)
  return head
}

function headerOf(raw: string, lines: string): string {
  const first = raw.indexOf('\r\n', 2)
  return first < 0 ? raw : raw.slice(0, first + 2) + lines + raw.slice(first + 2)
}

describe('refuses, and accepts the neighbour of,', () => {
  test('at least forty classes', () => {
    expect(new Set(REQUEST_CASES.map((one) => one.what)).size).toBeGreaterThanOrEqual(40)
  })

  for (const { what, status, refused, accepted } of REQUEST_CASES) {
    test(what, () => {
      for (const raw of refused) expect([raw, verdict(raw)]).toEqual([raw, -status])
      expect([accepted, verdict(accepted)]).toEqual([accepted, accepted.length])
    })
  }
})

describe('gives the same verdict', () => {
  test('wherever the bytes are split, and when they come one by one', () => {
    for (const { refused, accepted } of REQUEST_CASES) {
      for (const raw of [...refused, accepted]) {
        const whole = verdict(raw)
        const ends = Array.from({ length: raw.length - 1 }, (_, end) => end + 1)
        expect([raw, ends.filter((end) => verdict(raw, [end]) !== whole)]).toEqual([raw, []])
        expect([raw, verdict(raw, ends)]).toEqual([raw, whole])
      }
    }
  })

  const name = fc.stringMatching(/^X[a-zA-Z0-9-]{0,8}$/)
  const value = fc.stringMatching(/^[!-~]{0,12}$/)
  const harmless = fc
    .array(fc.tuple(name, value), { maxLength: 3 })
    .map((list) => list.map(([key, text]) => `Y${key}: ${text}\r\n`).join(''))

  for (const { what, status, refused, accepted } of REQUEST_CASES) {
    if (what.startsWith('too many') || what.includes('without end')) continue
    test(`${what}: among other headers, split in three`, () => {
      const raw = fc.constantFrom(...refused.map((text) => [text, false] as const), [accepted, true] as const)
      fc.assert(
        fc.property(raw, harmless, fc.nat(), fc.nat(), ([text, isGood], lines, one, two) => {
          const mutated = headerOf(text, lines)
          fc.pre(mutated.length < LIMITS.headerBytes)
          const ends = [one % mutated.length, two % mutated.length].sort((a, b) => a - b)
          expect(verdict(mutated, ends)).toBe(isGood ? mutated.length : -status)
        }),
        { numRuns: 30 },
      )
    })
  }

  test('when any byte of any case is changed, added or taken away', () => {
    const raws = REQUEST_CASES.flatMap(({ refused, accepted }) => [...refused, accepted])
    const edit = fc.record({ raw: fc.constantFrom(...raws), at: fc.nat(), byte: fc.nat(255), cut: fc.nat(1) })
    fc.assert(
      fc.property(edit, fc.boolean(), fc.nat(), ({ raw, at, byte, cut }, adds, split) => {
        const where = at % raw.length
        const added = adds ? String.fromCharCode(byte) : ''
        // A fault is found at the next line feed at the latest.
        const mutated = `${raw.slice(0, where) + added + raw.slice(where + cut)}\r\n\r\n`
        const whole = verdict(mutated)
        expect(verdict(mutated, [split % mutated.length])).toBe(whole)
        if (whole > 0) expect(looksSound(mutated.slice(0, whole))).toBe(true)
      }),
      { numRuns: 3000 },
    )
  })
})

/** The grammar once more, in another way. */
function looksSound(raw: string): boolean {
  const isHead =
    /^(\r\n)?[A-Z0-9_-]+ [!-~]+ HTTP\/1\.[01]\r\n([!#$%&'*+.^_`|~\w-]+:[\t -~\u0080-\u00ff]*\r\n)*\r\n$/
  const count = (name: RegExp) => raw.match(new RegExp(`\r\n${name.source}:`, 'gi'))?.length ?? 0
  const framing = count(/content-length/) + count(/transfer-encoding/)
  const hosts = count(/host/)
  return isHead.test(raw) && framing <= 1 && (hosts === 1 || (hosts === 0 && raw.includes('HTTP/1.0\r\n')))
}

describe('reads', () => {
  test('method, target and host', () => {
    const head = parse('GET /a/B%20c?d=/../ HTTP/1.1\r\nHost: WWW.Example.org:8080\r\n\r\n')
    expect(head).toMatchObject({
      method: 'GET',
      isSafe: true,
      isHead: false,
      form: 'origin',
    })
    expect(head).toMatchObject({
      host: 'www.example.org',
      path: '/a/B%20c',
      versionMinor: 1,
      keepAlive: true,
    })
    expect(head).toMatchObject({ body: 'none', bodyLength: 0, upgrade: '', expectContinue: false })
  })

  test('an absolute target as origin, OPTIONS without path as asterisk', () => {
    expect(parse('GET http://A:80?q HTTP/1.1\r\nHost: a:80\r\n\r\n')).toMatchObject({
      host: 'a',
      path: '/',
      form: 'absolute',
    })
    expect(parse('OPTIONS http://a HTTP/1.0\r\n\r\n')).toMatchObject({ host: 'a', path: '*' })
    expect(parse('OPTIONS * HTTP/1.1\r\nHost: [::1]:8\r\n\r\n')).toMatchObject({
      host: '[::1]',
      path: '*',
      form: 'asterisk',
    })
  })

  test('which methods may be repeated', () => {
    const traits = (method: string) => parse(`${method} / HTTP/1.1\r\nHost: a\r\n\r\n`)
    expect(traits('HEAD')).toMatchObject({ isSafe: true, isHead: true })
    expect(traits('PUT')).toMatchObject({ isSafe: false })
    expect(traits('POST')).toMatchObject({ isSafe: false })
    expect(traits('PROPFIND')).toMatchObject({ method: 'PROPFIND', isSafe: false })
  })

  test('bodies and expectations', () => {
    const head = (lines: string) => parse(`POST / HTTP/1.1\r\nHost: a\r\n${lines}\r\n`)
    expect(head('Content-Length: 42\r\nExpect: 100-continue\r\n')).toMatchObject({
      body: 'sized',
      bodyLength: 42,
      expectContinue: true,
    })
    expect(head('Transfer-Encoding: chunked\r\n')).toMatchObject({ body: 'chunked', bodyLength: 0 })
    expect(head('Expect: 100-continue\r\n')).toMatchObject({ body: 'none', expectContinue: false })
    expect(parse('POST / HTTP/1.0\r\nContent-Length: 1\r\nExpect: x\r\n\r\n').expectContinue).toBe(false)
  })

  test('who keeps the connection', () => {
    const keeps = (version: string, line: string) =>
      parse(`GET / HTTP/${version}\r\nHost: a\r\n${line}\r\n`).keepAlive
    expect(keeps('1.1', '')).toBe(true)
    expect(keeps('1.1', 'Connection: x\r\nconnection: y, CLOSE\r\n')).toBe(false)
    expect(keeps('1.0', '')).toBe(false)
    expect(keeps('1.0', 'Connection: Keep-Alive\r\n')).toBe(true)
    expect(keeps('1.0', 'Connection: keep-alive, close\r\n')).toBe(false)
  })

  test('one wanted protocol, but no HTTP within HTTP', () => {
    const wants = (value: string, connection = 'Upgrade', version = '1.1') =>
      parse(`GET / HTTP/${version}\r\nHost: a\r\nConnection: ${connection}\r\nUpgrade: ${value}\r\n\r\n`)
        .upgrade
    expect(wants('websocket')).toBe('websocket')
    expect(wants('websocket', 'keep-alive, upgrade')).toBe('websocket')
    expect(wants('websocket', 'keep-alive')).toBe('')
    expect(wants('websocket', 'upgrade', '1.0')).toBe('')
    for (const value of ['h2c', 'H2C', 'HTTP/2.0', 'TLS/1.0', 'websocket, h2c', '', 'a b'])
      expect(wants(value)).toBe('')
  })

  test('the next request whole, after one that came in pieces', () => {
    const head = new RequestHead(LIMITS)
    const short = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
    for (const raw of [`GET /${'x'.repeat(99)} HTTP/1.1\r\nHost: a\r\n\r\n`, `${'G'.repeat(99)}\r\n\r\n`]) {
      verdict(raw, [90], head)
      expect(verdict(short, [], head)).toBe(short.length)
    }
  })

  test('more lines than fit at first', () => {
    const head = new RequestHead({ headerBytes: 8192, headerCount: 100 })
    const lines = Array.from({ length: 99 }, (_, i) => `Y${i}: ${i}\r\n`).join('')
    const raw = `GET / HTTP/1.1\r\n${lines}Host: a\r\n\r\n`
    expect(verdict(raw, [], head)).toBe(raw.length)
    const values = Array.from({ length: 99 }, (_, line) => [
      head.lines.start(line),
      head.lines.valueEnd(line),
    ])
    const found = values.map(([start, end]) => raw.slice(start! - OFFSET, end! - OFFSET))
    expect(found).toEqual(Array.from({ length: 99 }, (_, i) => `Y${i}: ${i}`))
  })

  test('nothing of the request before into the next one', () => {
    const head = new RequestHead(LIMITS)
    verdict(
      'PUT http://b/x HTTP/1.0\r\nTE: trailers\r\nConnection: upgrade\r\nContent-Length: 5\r\n\r\n',
      [],
      head,
    )
    verdict('GET / HTTP/1.1\r\nHost: a\r\n\r\n', [], head)
    const fresh = parse('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    for (const key of Object.keys(fresh) as (keyof RequestHead)[]) {
      if (key !== 'lines') expect([key, head[key]]).toEqual([key, fresh[key]])
    }
    expect(head.lines.count).toBe(1)
    expect(head.lines.present).toBe(fresh.lines.present)
  })
})
