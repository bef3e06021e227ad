import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ClientHop, writeRequestHead } from '../http1/forward.ts'
import { Output } from '../http1/output.ts'
import { RequestHead } from '../http1/request-head.ts'
import { RequestFields } from './request-head.ts'
import { requestHeaders } from './request-headers.ts'

const LIMITS = { headerBytes: 8192, headerCount: 50 }
const GET = [':method', 'GET', ':scheme', 'https', ':authority', 'shop.example', ':path', '/a?b=1']
const HOP = new ClientHop({ clientAddress: '192.0.2.7', scheme: 'https', authority: 'gateway' })

function read(raw: readonly string[], isWhole = true) {
  const fields = new RequestFields()
  const head = new RequestHead(LIMITS)
  const bytes = fields.read(raw, isWhole, head, new Output())
  return { fields, head, status: typeof bytes === 'number' ? bytes : 0, bytes, text: `${bytes}` }
}

describe('a stream becomes an HTTP/1.1 head', () => {
  test('with the authority as its host, and without a body when the stream has none', () => {
    const { text, head } = read([...GET, 'accept', '*/*'])
    expect(text).toBe('GET /a?b=1 HTTP/1.1\r\nhost: shop.example\r\naccept: */*\r\n\r\n')
    expect(head).toMatchObject({ method: 'GET', host: 'shop.example', path: '/a', body: 'none' })
  })

  test('with the length that it says, or chunked', () => {
    expect(read([...GET, 'content-length', '5'], false).head).toMatchObject({ body: 'sized', bodyLength: 5 })
    expect(read(GET, false).head.body).toBe('chunked')
  })

  test('with one line of cookies', () => {
    expect(read([...GET, 'cookie', 'a=1', 'x', 'y', 'cookie', 'b=2']).text).toContain(
      'x: y\r\ncookie: a=1; b=2\r\n',
    )
  })

  test('with Host in place of a missing authority, or beside the same one', () => {
    const raw = [':method', 'GET', ':scheme', 'http', ':path', '/', 'host', 'a:8080']
    expect(read(raw).head.host).toBe('a')
    expect(read([...GET, 'host', 'SHOP.example']).text.match(/host:/g)).toHaveLength(1)
  })

  test('that asks for a WebSocket by a fresh key (RFC 8441)', () => {
    const raw = ['sec-websocket-version', '13', 'sec-websocket-key', 'mine']
    const connect = [':method', 'CONNECT', ':protocol', 'websocket', ...GET.slice(2), ...raw]
    const { text, head } = read(connect, false)
    expect(head).toMatchObject({ method: 'GET', upgrade: 'websocket', body: 'none' })
    expect(text).toMatch(/^sec-websocket-key: [A-Za-z0-9+/]{22}==\r$/m)
    expect(text).not.toContain('mine')
    expect(read(connect, false).text).not.toBe(text)
  })

  test('that knows a gRPC request and its deadline', () => {
    const { fields, head } = read([
      ...GET,
      ...['te', 'trailers', 'content-type', 'application/grpc+proto', 'grpc-timeout', '1500m'],
    ])
    expect(fields).toMatchObject({ isGrpc: true, timeoutMs: 1500 })
    expect(head.acceptsTrailers).toBe(true)
    expect(read([...GET, 'content-type', 'text/plain']).fields).toMatchObject({
      isGrpc: false,
      timeoutMs: 0,
    })
  })
})

describe('refused', () => {
  const refused: [string, readonly string[], number][] = [
    ['a request without a path', GET.slice(0, 6), 400],
    ['one without an authority or host', [...GET.slice(0, 4), ':path', '/'], 400],
    ['an unknown scheme', [':method', 'GET', ':scheme', 'ftp', ...GET.slice(4)], 400],
    ['two paths', [...GET, ':path', '/b'], 400],
    ['a pseudo-header behind others', [...GET.slice(0, 6), 'a', 'b', ':path', '/'], 400],
    ['an unknown pseudo-header', [...GET, ':colour', 'red'], 400],
    ['an absolute path', [...GET.slice(0, 6), ':path', 'http://other/'], 400],
    ['a host that is not the authority', [...GET, 'host', 'other'], 400],
    ['Connection', [...GET, 'connection', 'close'], 400],
    ['Transfer-Encoding', [...GET, 'transfer-encoding', 'chunked'], 400],
    ['Upgrade', [...GET, 'upgrade', 'websocket'], 400],
    ['TE of more than trailers', [...GET, 'te', 'gzip'], 400],
    ['a length twice', [...GET, 'content-length', '5', 'content-length', '5'], 400],
    ['a path that climbs', [...GET.slice(0, 6), ':path', '/a/../b'], 400],
    ['CONNECT', [':method', 'CONNECT', ':authority', 'a:443'], 405],
    ['another protocol over CONNECT', [':method', 'CONNECT', ':protocol', 'h3', ...GET.slice(2)], 501],
    ['a protocol without CONNECT', [...GET, ':protocol', 'websocket'], 400],
    ['too many fields', [...GET, ...Array.from({ length: 120 }, () => 'a')], 431],
    ['too long a field', [...GET, 'a', 'x'.repeat(9000)], 431],
  ]
  test.each(refused)('%s', (_, raw, status) => {
    expect(read(raw).status).toBe(status)
  })
})

/** Letters that end lines, fields and requests, in wide characters too: a Latin-1 write keeps their low byte. */
const NASTY = fc.string({
  unit: fc.constantFrom('a', '/', ':', ' ', '\r', '\n', '\r\n', '\0', '\u010d', '\u010a', 'HTTP/1.1', '\t'),
  maxLength: 12,
})

test('no field becomes a line of its own, whatever it holds', () => {
  const pseudo = fc.record({ method: NASTY, path: NASTY, authority: NASTY })
  const fields = fc.array(fc.tuple(NASTY, NASTY), { maxLength: 4 })
  fc.assert(
    fc.property(pseudo, fields, fc.constantFrom(0, 1, 2, 3), ({ method, path, authority }, rest, nasty) => {
      const raw = [
        ...[':method', nasty === 1 ? method : 'GET', ':scheme', 'https'],
        ...[':authority', nasty === 2 ? authority : 'a', ':path', nasty === 3 ? path : '/'],
        ...rest.flatMap(([name, value]) => [`x${name}`, value]),
      ]
      const { bytes, head } = read(raw)
      if (typeof bytes === 'number') return
      expect(head.lines.count).toBe(1 + rest.length)
      expect(bytes.toString('latin1').split('\r\n')).toHaveLength(rest.length + 4)
      expect(bytes.toString('latin1').replaceAll('\r\n', '')).not.toMatch(/[\r\n\0]/)
    }),
    { numRuns: 500 },
  )
})

const TOKEN = fc.string({ unit: fc.constantFrom(...'abcxyz0123-'), minLength: 1, maxLength: 12 })
const VALUE = fc.string({ unit: fc.constantFrom(...'abcXYZ ,;="/%09é'), maxLength: 20 }).map((v) => v.trim())

test('what goes on to a server of HTTP/2 is what came', () => {
  const fields = fc.array(fc.tuple(TOKEN, VALUE), { maxLength: 8 })
  fc.assert(
    fc.property(fields, (came) => {
      const sent = came.flatMap(([name, value]) => [`x-${name}`, value])
      const { bytes, head } = read([...GET, ...sent])
      const out = new Output()
      writeRequestHead(head, bytes as Buffer, HOP, out)
      const raw = requestHeaders(out.take(), 'https')
      expect(raw.slice(0, 8)).toEqual([
        ...[':method', 'GET', ':scheme', 'https'],
        ...[':authority', 'shop.example', ':path', '/a?b=1'],
      ])
      expect(raw.slice(8, 8 + sent.length)).toEqual(sent)
    }),
  )
})
