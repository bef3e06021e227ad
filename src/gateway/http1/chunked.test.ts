import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  CHUNK_BAD,
  CHUNK_CLOSE,
  CHUNK_DATA,
  CHUNK_END,
  CHUNK_MORE,
  ChunkedDecoder,
  writeChunkSize,
  writeLastChunk,
} from './chunked.ts'
import { Output } from './output.ts'

interface Decoded {
  readonly found: number
  readonly data: string
  readonly trailers: string | null
  /** Bytes that belong to the body. */
  readonly used: number
}

/** Decodes what arrives in pieces that end where `ends` says. */
function decode(raw: string, ends: readonly number[] = [], decoder = new ChunkedDecoder()): Decoded {
  decoder.reset()
  let data = ''
  let at = 0
  let found = CHUNK_MORE
  const bytes = Buffer.from(raw, 'latin1')
  for (const end of [...ends, raw.length]) {
    while ((found = decoder.next(bytes, at, end)) === CHUNK_DATA) {
      data += bytes.toString('latin1', decoder.dataStart, decoder.dataEnd)
      at = decoder.position
    }
    at = decoder.position
    if (found !== CHUNK_MORE) break
    expect(at).toBe(end)
  }
  return { found, data, trailers: decoder.trailers?.toString('latin1') ?? null, used: at }
}

const END = '0\r\n\r\n'

/** Malformed bodies beside one that is accepted. */
const CASES: readonly { what: string; refused: readonly string[]; accepted: string }[] = [
  { what: 'no size', refused: ['\r\n', `\r\n${END}`, `;x\r\n${END}`], accepted: END },
  { what: 'a sign', refused: ['+5\r\nhello\r\n', '-1\r\n'], accepted: `5\r\nhello\r\n${END}` },
  {
    what: 'white space around the size',
    refused: [' 5\r\n', '5 \r\nhello', '5\t\r\nhello', '5 ;x\r\nhello'],
    accepted: `5; x\r\nhello\r\n${END}`,
  },
  {
    what: 'a prefix',
    refused: ['0x5\r\nhello', '5h\r\n', '0o1\r\n1'],
    accepted: `a\r\n0123456789\r\n${END}`,
  },
  {
    what: 'an underscore, a point, a comma',
    refused: ['1_0\r\n', '5.0\r\n', '5,5\r\n'],
    accepted: `1\r\n_\r\n${END}`,
  },
  {
    what: 'too many digits',
    refused: ['000000005\r\nhello', 'fffffffff\r\n', '000000000\r\n\r\n'],
    accepted: `00000005\r\nhello\r\n00000000\r\n\r\n`,
  },
  {
    what: 'a bare LF behind the size',
    refused: ['5\nhello\r\n', '0\n\n', '0\n\r\n'],
    accepted: `5\r\nhello\r\n${END}`,
  },
  {
    what: 'a bare CR behind the size',
    refused: ['5\rhello\r\n', '5\r\rhello'],
    accepted: `5\r\nhello\r\n${END}`,
  },
  {
    what: 'a line break within an extension',
    refused: ['5;a\nb\r\nhello', '5;a\rb\r\nhello', `5;"\r\r\n"\r\nhello`],
    accepted: `5;a="b c";d\r\nhello\r\n${END}`,
  },
  {
    what: 'a control byte in an extension',
    refused: ['5;\0\r\nhello', '5;\x7f\r\nhello', '5;\xe9\r\nhello'],
    accepted: `5;\t\r\nhello\r\n${END}`,
  },
  {
    what: 'too long an extension',
    refused: [`5;${'x'.repeat(4097)}\r\nhello`],
    accepted: `5;${'x'.repeat(4096)}\r\nhello\r\n${END}`,
  },
  {
    what: 'too many extensions',
    refused: [`${`1;${'x'.repeat(100)}\r\n1\r\n`.repeat(41)}`],
    accepted: `${`1;${'x'.repeat(100)}\r\n1\r\n`.repeat(40)}${END}`,
  },
  { what: 'data longer than its size', refused: [`4\r\nhello\r\n${END}`], accepted: `5\r\nhello\r\n${END}` },
  {
    what: 'data without CRLF',
    refused: [
      `5\r\nhello${END}`,
      `5\r\nhello\n${END}`,
      `5\r\nhello\r${END}`,
      `5\r\nhello\r\r\n${END}`,
      `5\r\nhellox\n${END}`,
    ],
    accepted: `5\r\nhe\r\no\r\n${END}`,
  },
  {
    what: 'a trailer that frames',
    refused: ['Content-Length: 5', 'Transfer-Encoding: chunked', 'Host: a', 'content_length: 5'].map(
      (line) => `0\r\n${line}\r\n\r\n`,
    ),
    accepted: '0\r\nX-Sum: 5\r\n\r\n',
  },
  {
    what: 'a malformed trailer',
    refused: ['A', 'A : b', ' A: b', ': b', 'A: \0', 'A: b\n', 'A: b\rc'].map(
      (line) => `0\r\n${line}\r\n\r\n`,
    ),
    accepted: '0\r\nA: b\r\n\r\n',
  },
  {
    what: 'trailers without end',
    refused: [`0\r\nA: ${'b'.repeat(9000)}\r\n\r\n`, `0\r\n${'A: b\r\n'.repeat(33)}\r\n`],
    accepted: `0\r\n${'A: b\r\n'.repeat(32)}\r\n`,
  },
]

describe('refuses, wherever the bytes are split,', () => {
  for (const { what, refused, accepted } of CASES) {
    test(what, () => {
      for (const raw of [...refused, accepted]) {
        const whole = decode(raw)
        expect([raw, whole.found]).toEqual([raw, raw === accepted ? CHUNK_END : CHUNK_BAD])
        const step = Math.ceil(raw.length / 200)
        for (let end = 1; end < raw.length; end += step) {
          const { found, data, trailers } = decode(raw, [end])
          if (found !== whole.found || data !== whole.data || trailers !== whole.trailers)
            expect.fail(`${raw} split at ${end}`)
        }
      }
    })
  }

  test('and never goes on after a fault', () => {
    const decoder = new ChunkedDecoder()
    expect(decode('zz\r\n', [], decoder).found).toBe(CHUNK_BAD)
    expect(decoder.next(Buffer.from(END), 0, 5)).toBe(CHUNK_BAD)
  })
})

test('any data in any chunks comes back from any pieces, and nothing of the next message is touched', () => {
  const decoder = new ChunkedDecoder()
  const chunks = fc.array(fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 40 }), { maxLength: 6 })
  const trailers = fc.option(fc.stringMatching(/^(X-[a-z]{1,6}: [!-~]{0,9}\r\n){1,3}$/), { nil: null })
  fc.assert(
    fc.property(chunks, trailers, fc.array(fc.nat(), { maxLength: 6 }), (data, lines, cuts) => {
      const out = new Output()
      for (const chunk of data) {
        writeChunkSize(chunk.length, out)
        out.text(chunk)
        out.add(CHUNK_CLOSE)
      }
      writeLastChunk(lines === null ? null : Buffer.from(lines), out)
      const raw = out.take().toString('latin1')
      const next = `${raw}GET / HTTP/1.1\r\n`
      const ends = cuts.map((cut) => cut % next.length).sort((a, b) => a - b)
      expect(decode(next, ends, decoder)).toEqual({
        found: CHUNK_END,
        data: data.join(''),
        trailers: lines,
        used: raw.length,
      })
    }),
    { numRuns: 300 },
  )
})

test('one body leaves nothing behind for the next one', () => {
  const decoder = new ChunkedDecoder()
  const body = `1;${'x'.repeat(4000)}\r\n1\r\n0\r\nA: b\r\n\r\n`
  for (let i = 0; i < 3; i++)
    expect(decode(body, [], decoder)).toMatchObject({ found: CHUNK_END, trailers: 'A: b\r\n' })
  expect(decode(END, [], decoder)).toMatchObject({ found: CHUNK_END, trailers: null })
})

test('trailers that route, authenticate or belong to one hop stay behind', () => {
  const lines = [
    'Authorization: x',
    'Set-Cookie: a=b',
    'X-Forwarded-For: ::1',
    'Connection: close',
    'X-Sum: 1',
    'Via: x',
    'TE: x',
  ]
  const { found, trailers } = decode(`0\r\n${lines.join('\r\n')}\r\n\r\n`)
  expect([found, trailers]).toEqual([CHUNK_END, 'X-Sum: 1\r\n'])
  expect(decode('0\r\nCookie: x\r\n\r\n').trailers).toBe(null)
})
