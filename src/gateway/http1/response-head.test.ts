import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RESPONSE_CASES, type ResponseCase } from './response-head.cases.ts'
import { parseResponseHead, ResponseHead } from './response-head.ts'

const LIMITS = { headerBytes: 1024, headerCount: 20 }
const OFFSET = 7

type To = ResponseCase['to']

/** The result when the bytes arrive up to each of the given ends, then all of them; relative to the start of the head. */
function verdict(raw: string, to: To, ends: readonly number[] = [], head = new ResponseHead(LIMITS)): number {
  head.toHead = to === 'head'
  head.toUpgrade = to === 'upgrade'
  const bytes = Buffer.from('\n'.repeat(OFFSET) + raw, 'latin1')
  for (const end of [...ends, raw.length]) {
    const arrived = Buffer.alloc(bytes.length + 9, '\n')
    bytes.copy(arrived, 0, 0, OFFSET + end)
    const found = parseResponseHead(arrived, OFFSET, OFFSET + end, head)
    if (found !== 0) return found > 0 ? found - OFFSET : found
  }
  return 0
}

function parse(raw: string, to?: To): ResponseHead {
  const head = new ResponseHead(LIMITS)
  expect(verdict(raw, to, [], head)).toBe(raw.length)
  return head
}

describe('refuses, and accepts the neighbour of,', () => {
  test('at least twenty classes', () => {
    expect(new Set(RESPONSE_CASES.map((one) => one.what)).size).toBeGreaterThanOrEqual(20)
  })

  for (const { what, to, refused, accepted } of RESPONSE_CASES) {
    test(what, () => {
      for (const raw of refused) expect([raw, verdict(raw, to)]).toEqual([raw, -502])
      expect([accepted, verdict(accepted, to)]).toEqual([accepted, accepted.length])
    })
  }
})

describe('gives the same verdict', () => {
  test('wherever the bytes are split, and when they come one by one', () => {
    for (const { to, refused, accepted } of RESPONSE_CASES) {
      for (const raw of [...refused, accepted]) {
        const whole = verdict(raw, to)
        const ends = Array.from({ length: raw.length - 1 }, (_, end) => end + 1)
        expect([raw, ends.filter((end) => verdict(raw, to, [end]) !== whole)]).toEqual([raw, []])
        expect([raw, verdict(raw, to, ends)]).toEqual([raw, whole])
      }
    }
  })

  const harmless = fc
    .array(fc.stringMatching(/^Y[a-zA-Z0-9-]{0,8}: [!-~]{0,12}$/), { maxLength: 3 })
    .map((lines) => lines.map((line) => `${line}\r\n`).join(''))

  for (const { what, to, refused, accepted } of RESPONSE_CASES) {
    if (what.startsWith('too many') || what.startsWith('something before')) continue
    test(`${what}: among other headers, split in three`, () => {
      const raw = fc.constantFrom(...refused.map((text) => [text, false] as const), [accepted, true] as const)
      fc.assert(
        fc.property(raw, harmless, fc.nat(), fc.nat(), ([text, isGood], lines, one, two) => {
          const mutated = text.replace('\r\n', () => `\r\n${lines}`)
          const ends = [one % mutated.length, two % mutated.length].sort((a, b) => a - b)
          expect(verdict(mutated, to, ends)).toBe(isGood ? mutated.length : -502)
        }),
        { numRuns: 30 },
      )
    })
  }

  test('when any byte of any case is changed, added or taken away', () => {
    const raws = RESPONSE_CASES.flatMap(({ to, refused, accepted }) =>
      [...refused, accepted].map((raw) => ({ raw, to })),
    )
    const edit = fc.record({ one: fc.constantFrom(...raws), at: fc.nat(), byte: fc.nat(255), cut: fc.nat(1) })
    fc.assert(
      fc.property(edit, fc.boolean(), fc.nat(), ({ one, at, byte, cut }, adds, split) => {
        const { raw, to } = one
        const where = at % raw.length
        const added = adds ? String.fromCharCode(byte) : ''
        // A fault is found at the next line feed at the latest.
        const mutated = `${raw.slice(0, where) + added + raw.slice(where + cut)}\r\n\r\n`
        const whole = verdict(mutated, to)
        expect(verdict(mutated, to, [split % mutated.length])).toBe(whole)
        if (whole > 0) expect(mutated.slice(0, whole)).toMatch(SOUND)
      }),
      { numRuns: 3000 },
    )
  })
})

/** The grammar once more, in another way. */
const SOUND =
  /^HTTP\/1\.[01] [1-5]\d\d( [\t -~\u0080-\u00ff]*)?\r\n([!#$%&'*+.^_`|~\w-]+:[\t -~\u0080-\u00ff]*\r\n)*\r\n$/

describe('reads', () => {
  test('status, frame and how long the server keeps the connection', () => {
    const head = parse('HTTP/1.1 404 Not Found\r\nContent-Length: 42\r\nKeep-Alive: max=9, TIMEOUT=5\r\n\r\n')
    expect(head).toMatchObject({
      status: 404,
      body: 'sized',
      bodyLength: 42,
      keepAlive: true,
      keepAliveMs: 5000,
    })
    expect(parse(`HTTP/1.1 200 OK\r\nKeep-Alive: 'timeout'\r\n\r\n`).keepAliveMs).toBe(-1)
    expect(parse('HTTP/1.1 200 OK\r\nKeep-Alive: timeout=99999999999999\r\n\r\n').keepAliveMs).toBe(
      999999999000,
    )
    expect(parse('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n').keepAlive).toBe(false)
  })

  test('a body without frame up to the close', () => {
    expect(parse('HTTP/1.1 200 OK\r\n\r\n')).toMatchObject({ body: 'until-close', keepAlive: false })
    expect(parse('HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\n').keepAlive).toBe(false)
    const kept = 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\n'
    expect(parse(kept)).toMatchObject({ body: 'sized', keepAlive: true, versionMinor: 0 })
  })

  test('no body of HEAD, 204, 304 and interim responses', () => {
    const sized = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'
    expect(parse(sized, 'head')).toMatchObject({
      body: 'none',
      contentLength: 5,
      bodyLength: 0,
      keepAlive: true,
    })
    expect(parse('HTTP/1.1 304 X\r\nContent-Length: 5\r\n\r\n')).toMatchObject({
      body: 'none',
      contentLength: 5,
    })
    expect(parse('HTTP/1.1 304 X\r\nTransfer-Encoding: chunked\r\n\r\n').body).toBe('none')
    expect(parse('HTTP/1.1 204 X\r\n\r\n')).toMatchObject({
      body: 'none',
      contentLength: -1,
      keepAlive: true,
    })
    expect(parse('HTTP/1.1 100 Continue\r\n\r\n')).toMatchObject({ body: 'none', isInterim: true })
  })

  test('a switch to what was asked for', () => {
    const head = parse('HTTP/1.1 101 X\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n', 'upgrade')
    expect(head).toMatchObject({ upgrade: 'websocket', isInterim: false, body: 'none' })
  })
})
