import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bodyTowards, ClientHop, writeRequestHead, writeResponseHead } from './forward.ts'
import type { HeaderLines } from './header-lines.ts'
import { Output } from './output.ts'
import { REQUEST_CASES } from './request-head.cases.ts'
import { parseRequestHead, RequestHead } from './request-head.ts'
import { RESPONSE_CASES } from './response-head.cases.ts'
import { parseResponseHead, ResponseHead } from './response-head.ts'

const LIMITS = { headerBytes: 8192, headerCount: 100 }
const HOP = new ClientHop({ clientAddress: '::ffff:192.0.2.7', scheme: 'http', authority: 'gateway:8080' })

/** Heads lie at an offset, with other bytes behind. */
function around(raw: string): Buffer {
  return Buffer.from(`xx\r\n${raw}GET /other HTTP/1.1\r\n`, 'latin1')
}

function request(raw: string): { head: RequestHead; bytes: Buffer } {
  const head = new RequestHead(LIMITS)
  const bytes = around(raw)
  expect(parseRequestHead(bytes, 4, 4 + raw.length, head)).toBe(4 + raw.length)
  return { head, bytes }
}

function response(raw: string, to?: string): { head: ResponseHead; bytes: Buffer } {
  const head = new ResponseHead(LIMITS)
  head.toHead = to === 'head'
  head.toUpgrade = to === 'upgrade'
  const bytes = around(raw)
  expect(parseResponseHead(bytes, 4, 4 + raw.length, head)).toBe(4 + raw.length)
  return { head, bytes }
}

function toServer(raw: string, hop = HOP): string {
  const { head, bytes } = request(raw)
  const out = new Output()
  writeRequestHead(head, bytes, hop, out)
  return out.take().toString('latin1')
}

function toClient(raw: string, { versionMinor = 1, keepAlive = true, to = '' } = {}): string {
  const { head, bytes } = response(raw, to)
  const out = new Output()
  writeResponseHead(head, bytes, { versionMinor, keepAlive }, out)
  return out.take().toString('latin1')
}

function list(lines: HeaderLines, bytes: Buffer): [string, string][] {
  return Array.from({ length: lines.count }, (_, line) => [
    bytes.toString('latin1', lines.start(line), lines.nameEnd(line)).toLowerCase(),
    bytes.toString('latin1', lines.valueStart(line), lines.valueEnd(line)),
  ])
}

/** Lines of a head by lower-case name; a repeated name's values joined. */
function map(raw: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const line of raw.split('\r\n').slice(1, -2)) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    const value = line.slice(colon + 1).trim()
    found[name] = name in found ? `${found[name]}, ${value}` : value
  }
  return found
}

describe('a request to the server', () => {
  test('is copied, and says who asked for what', () => {
    expect(toServer('GET /a?b HTTP/1.1\r\nHost: A.example:81\r\nAccept:  x \r\nB: c\r\n\r\n')).toBe(
      'GET /a?b HTTP/1.1\r\nHost: A.example:81\r\nAccept:  x \r\nB: c\r\nX-Forwarded-Proto: http\r\n' +
        'X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Host: A.example:81\r\n' +
        'Forwarded: for=192.0.2.7;proto=http;host="A.example:81"\r\nVia: 1.1 tidegate\r\n\r\n',
    )
  })

  test('continues lists of earlier hops, but not what they say about this one', () => {
    const sent = map(
      toServer(
        'GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1.1.1.1\r\nx-forwarded-for: 2.2.2.2\r\nX-Forwarded-Proto: https\r\n' +
          'X-Forwarded-Host: evil\r\nForwarded: for="_a,b"\r\nForwarded: for="open\r\nVia: 1.0 x\r\nX-Forwarded-For:\r\n\r\n',
      ),
    )
    expect(sent['x-forwarded-for']).toBe('1.1.1.1, 2.2.2.2, 192.0.2.7')
    expect(sent['x-forwarded-proto']).toBe('http')
    expect(sent['x-forwarded-host']).toBe('a')
    expect(sent.forwarded).toBe('for="_a,b", for=192.0.2.7;proto=http;host="a"')
    expect(sent.via).toBe('1.0 x, 1.1 tidegate')
  })

  test('names the host of each request of a connection', () => {
    for (const host of ['a', 'b', 'B', 'b:1', 'b']) {
      expect(map(toServer(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`))).toMatchObject({
        'x-forwarded-host': host,
        forwarded: `for=192.0.2.7;proto=http;host="${host}"`,
      })
    }
    expect(map(toServer('GET / HTTP/1.0\r\n\r\n'))['x-forwarded-host']).toBeUndefined()
  })

  test('names an IPv6 client in both spellings', () => {
    const sent = map(
      toServer(
        'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
        new ClientHop({ clientAddress: '2001:db8::1', scheme: 'https', authority: 'x' }),
      ),
    )
    expect(sent['x-forwarded-for']).toBe('2001:db8::1')
    expect(sent.forwarded).toBe('for="[2001:db8::1]";proto=https;host="a"')
  })

  test('loses what belongs to one hop, and what Connection names', () => {
    const sent = map(
      toServer(
        'GET / HTTP/1.1\r\nConnection: close, X-Hop, Accept\r\nX-Hop: 1\r\nKeep-Alive: 1\r\nHost: a\r\nProxy-Connection: x\r\n' +
          'TE: gzip\r\nTrailer: x\r\nUpgrade: x\r\nProxy-Authorization: x\r\nHTTP2-Settings: x\r\naccept: y\r\nx-hop: 2\r\nLast: 1\r\n\r\n',
      ),
    )
    const ours = ['x-forwarded-proto', 'x-forwarded-for', 'x-forwarded-host', 'forwarded', 'via']
    expect(Object.keys(sent)).toEqual(['host', 'last', ...ours])
  })

  test('is framed anew', () => {
    const framed = (lines: string) => map(toServer(`POST / HTTP/1.1\r\nHost: a\r\n${lines}\r\n`))
    expect(framed('content-LENGTH:\t42 \r\nExpect: 100-continue\r\n')).toMatchObject({
      'content-length': '42',
    })
    expect(framed('Expect: 100-continue\r\nContent-Length: 1\r\n').expect).toBeUndefined()
    const chunked = framed('transfer-encoding: CHUNKED\r\nTrailer: X-Sum\r\nTE: trailers\r\n')
    expect(chunked).toMatchObject({
      'transfer-encoding': 'chunked',
      trailer: 'X-Sum',
      te: 'trailers',
      connection: 'TE',
    })
    expect(framed('')['content-length']).toBeUndefined()
    expect(framed('Content-Length: 0\r\n')['content-length']).toBe('0')
  })

  test('keeps the wish for a tunnel', () => {
    const head =
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nTE: trailers\r\n\r\n'
    expect(map(toServer(head))).toMatchObject({ connection: 'Upgrade', upgrade: 'websocket' })
    expect(map(toServer(head.replace('websocket', 'h2c'))).upgrade).toBeUndefined()
  })

  test('has origin-form and a Host, whatever form and version it came in', () => {
    const first = (raw: string) => toServer(raw).split('\r\n').slice(0, 2)
    expect(first('GET http://A:80/x?y HTTP/1.1\r\nHost: a:80\r\n\r\n')).toEqual([
      'GET /x?y HTTP/1.1',
      'Host: a:80',
    ])
    expect(first('GET http://A:80?y HTTP/1.0\r\n\r\n')).toEqual(['GET /?y HTTP/1.1', 'Host: A:80'])
    expect(first('GET http://a HTTP/1.0\r\nHost: a\r\n\r\n')).toEqual(['GET / HTTP/1.1', 'Host: a'])
    expect(first('OPTIONS http://a HTTP/1.0\r\n\r\n')).toEqual(['OPTIONS * HTTP/1.1', 'Host: a'])
    expect(first('OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n')).toEqual(['OPTIONS * HTTP/1.1', 'Host: a'])
    expect(first('GET /x HTTP/1.0\r\n\r\n')).toEqual(['GET /x HTTP/1.1', 'Host: gateway:8080'])
    expect(toServer('GET /x HTTP/1.0\r\n\r\n')).toContain(
      'Forwarded: for=192.0.2.7;proto=http\r\nVia: 1.0 tidegate\r\n',
    )
  })
})

describe('a response to the client', () => {
  test('is copied, framed anew and loses what belongs to one hop', () => {
    const raw =
      'HTTP/1.1 404 Nicht da\r\nServer: x\r\nConnection: keep-alive, X-Hop\r\nKeep-Alive: timeout=5\r\nX-Hop: 1\r\n' +
      'content-length: 3\r\nProxy-Authenticate: x\r\nUpgrade: h2\r\nSet-Cookie: a\r\nSet-Cookie: b\r\nTrailer: x\r\n\r\n'
    expect(toClient(raw)).toBe(
      'HTTP/1.1 404 Nicht da\r\nServer: x\r\nSet-Cookie: a\r\nSet-Cookie: b\r\nContent-Length: 3\r\nVia: 1.1 tidegate\r\n\r\n',
    )
  })

  test('has chunks for HTTP/1.1 and an end by close for HTTP/1.0', () => {
    for (const raw of [
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: a\r\n\r\n',
      'HTTP/1.0 200 OK\r\nTrailer: a\r\n\r\n',
    ]) {
      expect(map(toClient(raw))).toMatchObject({ 'transfer-encoding': 'chunked', trailer: 'a' })
      const old = map(toClient(raw, { versionMinor: 0 }))
      expect(old).toMatchObject({ connection: 'close' })
      expect(Object.keys(old)).not.toContain('transfer-encoding')
      expect(Object.keys(old)).not.toContain('trailer')
      const { head } = response(raw)
      expect(bodyTowards({ versionMinor: 0, keepAlive: true }, head)).toBe('until-close')
      expect(bodyTowards({ versionMinor: 1, keepAlive: true }, head)).toBe('chunked')
    }
  })

  test('says whether the connection stays', () => {
    const raw = 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\n'
    expect(map(toClient(raw)).connection).toBeUndefined()
    expect(map(toClient(raw, { keepAlive: false })).connection).toBe('close')
    expect(map(toClient(raw, { versionMinor: 0 })).connection).toBe('keep-alive')
    expect(map(toClient(raw, { versionMinor: 0, keepAlive: false })).connection).toBe('close')
  })

  test('keeps the length where no body follows, and none where none may be', () => {
    const sized = 'Content-Length: 7\r\n\r\n'
    expect(map(toClient(`HTTP/1.1 200 OK\r\n${sized}`, { to: 'head' }))['content-length']).toBe('7')
    expect(map(toClient(`HTTP/1.1 304 X\r\n${sized}`))['content-length']).toBe('7')
    expect(toClient('HTTP/1.1 204 X\r\nContent-Length: 0\r\n\r\n')).toBe(
      'HTTP/1.1 204 X\r\nVia: 1.1 tidegate\r\n\r\n',
    )
    const interim = toClient('HTTP/1.1 103 X\r\nLink: y\r\n\r\n', { keepAlive: false })
    expect(interim).toBe('HTTP/1.1 103 X\r\nLink: y\r\nVia: 1.1 tidegate\r\n\r\n')
  })

  test('has a whole status line of HTTP/1.1', () => {
    const first = (raw: string) => toClient(raw).split('\r\n')[0]
    expect(first('HTTP/1.1 200\r\n\r\n')).toBe('HTTP/1.1 200 ')
    expect(first('HTTP/1.0 200 Gut so\r\n\r\n')).toBe('HTTP/1.1 200 Gut so')
  })

  test('agrees to a tunnel', () => {
    const raw = 'HTTP/1.1 101 X\r\nConnection: upgrade\r\nUpgrade: websocket\r\nSec-A: b\r\n\r\n'
    const sent = map(toClient(raw, { to: 'upgrade', keepAlive: false }))
    expect(sent).toEqual({ 'sec-a': 'b', connection: 'Upgrade', upgrade: 'websocket', via: '1.1 tidegate' })
  })
})

describe('round trip', () => {
  const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,14}$/).map((text) => `y-${text}`)
  const value = fc.stringMatching(/^([!-~\u00a1-\u00ff]([ -~\t]{0,20}[!-~])?)?$/)
  const extra = fc.array(fc.tuple(name, value), { maxLength: 12 })
  const blank = fc.constantFrom('', ' ', '  ', '\t')
  const special = fc.subarray([
    'Via: 1.0 x',
    'X-Forwarded-For: 1.2.3.4',
    'Keep-Alive: 5',
    'TE: trailers',
    'Forwarded: for=x',
  ])
  const frame = fc.constantFrom('', 'Content-Length: 0', 'Content-Length: 1234', 'Transfer-Encoding: chunked')

  /** All lines in a random order, with the white space that is allowed. */
  const lines = fc
    .tuple(extra, special, frame, blank, fc.infiniteStream(fc.nat()))
    .map(([headers, specials, framing, space, order]) => {
      const all = [
        ...headers.map(([key, text]) => `${key}:${space}${text}${space}`),
        ...specials,
        framing,
      ].filter(Boolean)
      const sorted = all.map((line) => ({ line, key: order.next().value })).sort((a, b) => a.key - b.key)
      return { extra: headers, text: sorted.map(({ line }) => `${line}\r\n`).join('') }
    })

  const known = (all: [string, string][]) => all.filter(([key]) => key.startsWith('y-'))
  const sorted = (all: [string, string][]) => all.map(([key, text]) => `${key.toLowerCase()}:${text}`).sort()

  test('of requests keeps every meaning and every end-to-end field', () => {
    const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'X-Y')
    const target = fc.stringMatching(/^\/[a-z0-9_~/]{0,20}(\?[!$-;=?-~]{0,20})?$/)
    const host = fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9.-]{0,20}(:[1-9][0-9]{0,3})?$/)
    const form = fc.constantFrom('origin', 'absolute')
    fc.assert(
      fc.property(method, target, host, form, lines, (verb, path, authority, shape, fields) => {
        const prefix = shape === 'absolute' ? `http://${authority}` : ''
        const raw = `${verb} ${prefix}${path} HTTP/1.1\r\nHost: ${authority}\r\n${fields.text}\r\n`
        const { head, bytes } = request(raw)
        const sent = request(toServer(raw))
        const meaning = ({
          method,
          isSafe,
          host,
          path,
          body,
          bodyLength,
          upgrade,
          acceptsTrailers,
        }: RequestHead) => ({
          ...{ method, isSafe, host, path, body, bodyLength, upgrade, acceptsTrailers },
        })
        expect(meaning(sent.head)).toEqual(meaning(head))
        expect(sent.head).toMatchObject({ form: 'origin', keepAlive: true, versionMinor: 1 })
        expect(known(list(sent.head.lines, sent.bytes))).toEqual(known(list(head.lines, bytes)))
        expect(sorted(known(list(head.lines, bytes)))).toEqual(sorted(fields.extra))
        expect(sent.bytes.toString('latin1')).toContain(` ${path} HTTP/1.1\r\n`)
      }),
      { numRuns: 300 },
    )
  })

  test('of responses keeps every meaning and every end-to-end field', () => {
    const status = fc.integer({ min: 200, max: 599 }).filter((code) => code !== 204)
    fc.assert(
      fc.property(
        status,
        fc.constantFrom('0', '1'),
        fc.constantFrom('head', 'get'),
        lines,
        (code, minor, to, fields) => {
          fc.pre(minor === '1' || !fields.text.includes('Transfer'))
          const raw = `HTTP/1.${minor} ${code} Why\r\n${fields.text}\r\n`
          const { head, bytes } = response(raw, to)
          const sent = response(toClient(raw, { to }), to)
          const { status, bodyLength, contentLength } = head
          expect(sent.head).toMatchObject({ status, bodyLength, contentLength, versionMinor: 1 })
          expect(sent.head.body).toBe(bodyTowards({ versionMinor: 1, keepAlive: true }, head))
          expect(known(list(sent.head.lines, sent.bytes))).toEqual(known(list(head.lines, bytes)))
          expect(sorted(known(list(head.lines, bytes)))).toEqual(sorted(fields.extra))
        },
      ),
      { numRuns: 300 },
    )
  })

  test('of everything that is accepted is accepted', () => {
    for (const { accepted } of REQUEST_CASES) request(toServer(accepted))
    for (const { accepted, to } of RESPONSE_CASES) response(toClient(accepted, { to: to ?? '' }), to)
  })
})

test('lines dropped and added by the gateway are edits of both heads', () => {
  const asked = request('GET / HTTP/1.1\r\nHost: a\r\nX-Old: 1\r\nX-Kept: 2\r\n\r\n')
  asked.head.lines.drop(1)
  asked.head.added = 'X-New: 3\r\n'
  const out = new Output()
  writeRequestHead(asked.head, asked.bytes, HOP, out)
  expect(out.take().toString()).toMatch(
    /^GET \/ HTTP\/1.1\r\nHost: a\r\nX-Kept: 2\r\n[\s\S]*\r\nX-New: 3\r\n/,
  )
  const answer = response('HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 0\r\n\r\n', 'get')
  answer.head.lines.drop(0)
  answer.head.added = 'X-New: 3\r\n'
  writeResponseHead(answer.head, answer.bytes, { versionMinor: 1, keepAlive: true }, out)
  expect(out.take().toString()).toBe(
    'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-New: 3\r\nVia: 1.1 tidegate\r\n\r\n',
  )
})
