import { once } from 'node:events'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import http2 from 'node:http2'
import https from 'node:https'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { HttpCheckSpec } from '../../src/core/health.ts'
import type { ProbeCheck, ProbeTarget } from '../../src/probing/attempt.ts'
import { probe } from '../../src/probing/probe.ts'
import { Authority, type Pair } from '../kit/certificates.ts'

type Kind = 'plain' | 'h2c' | 'https' | 'h2' | 'mutual' | 'until-close'
type Change = Omit<Partial<ProbeCheck>, 'http'> & { http?: Partial<HttpCheckSpec> }

const never = new AbortController().signal
const PLAIN: HttpCheckSpec = {
  method: 'GET',
  version: '1.1',
  host: null,
  headers: [],
  authorization: null,
  redirects: 0,
}
const open: Server[] = []
let authority: Authority
let own: Pair
let targets: Record<Kind, ProbeTarget>

beforeAll(async () => {
  authority = new Authority()
  own = authority.issue(['probe'])
  const { cert, key } = authority.issue(['localhost', 'shop.test', '127.0.0.1'], { days: 30 })
  const mutual = { cert, key, ca: authority.ca.cert, requestCert: true }
  targets = {
    plain: await listening(http.createServer(answer)),
    h2c: await listening(http2.createServer(answerHttp2)),
    https: await listening(https.createServer({ cert, key }, answer)),
    h2: await listening(http2.createSecureServer({ cert, key }, answerHttp2)),
    mutual: await listening(https.createServer(mutual, answer)),
    'until-close': await listening(
      createServer((socket) => socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\n\r\nall good'))),
    ),
  }
})

afterAll(() => {
  for (const server of open) server.close()
  authority.remove()
})

async function listening(server: object): Promise<ProbeTarget> {
  const listener = server as Server
  open.push(listener)
  listener.on('tlsClientError', () => {})
  await once(listener.listen(0, '127.0.0.1'), 'listening')
  return { host: '127.0.0.1', port: (listener.address() as AddressInfo).port }
}

const answerHttp2 = answer as unknown as (
  request: http2.Http2ServerRequest,
  response: http2.Http2ServerResponse,
) => void

/** What the answer is like, the path says; what the request was like, the body. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  const { method, headers, httpVersion, url = '' } = request
  const [what = '', value = ''] = url.slice(1).split('=')
  const host = headers.host ?? headers[':authority']
  const says = { ok: true, checks: [{ name: 'db', up: 1 }], method, httpVersion, host, headers }
  if (what === 'status') response.statusCode = Number(value)
  if (what === 'to') response.writeHead(302, { location: decodeURIComponent(value) })
  if (what === 'silent') return
  if (what === 'late') setTimeout(() => response.end(), 60)
  else if (what === 'chunked') {
    response.write('all ')
    setTimeout(() => response.end('good'), 5)
  } else if (what === 'size') response.end('x'.repeat(Number(value)))
  else response.end(JSON.stringify(says))
}

async function checked(kind: Kind, { http: asked, ...change }: Change) {
  const tls = { verify: true, ca: authority.ca.certFile, serverName: null, cert: null, key: null }
  const isEncrypted = kind === 'https' || kind === 'h2' || kind === 'mutual'
  const check: ProbeCheck = {
    type: isEncrypted ? 'https' : 'http',
    path: '/',
    expect: { from: 200, to: 399 },
    timeoutMs: 5_000,
    ...(isEncrypted && { tls }),
    ...change,
    ...(asked && { http: { ...PLAIN, ...asked } }),
  }
  const { ok, detail } = await probe(targets[kind], check, never)
  return `${ok ? 'passes' : 'fails'}: ${detail}`
}

const field = (path: string, value: string | number | boolean): Change => ({
  answer: { json: { path: path.split('.'), value } },
})

interface Case {
  readonly what: string
  readonly kind: Kind
  readonly change: Change | (() => Change)
  readonly says: string
}
const CASES: readonly Case[] = [
  {
    what: 'the method',
    kind: 'plain',
    change: { http: { method: 'POST' }, ...field('method', 'POST') },
    says: 'passes: status 200',
  },
  {
    what: 'HEAD, which has no body',
    kind: 'plain',
    change: { http: { method: 'HEAD' } },
    says: 'passes: status 200',
  },
  { what: 'the path', kind: 'plain', change: { path: '/status=503' }, says: 'fails: status 503' },
  {
    what: 'the host',
    kind: 'plain',
    change: { http: { host: 'shop.test' }, ...field('host', 'shop.test') },
    says: 'passes: status 200',
  },
  {
    what: 'headers',
    kind: 'plain',
    change: { http: { headers: [['X-Check', 'deep']] }, ...field('headers.x-check', 'deep') },
    says: 'passes: status 200',
  },
  {
    what: 'version 1.0',
    kind: 'plain',
    change: { http: { version: '1.0' }, ...field('httpVersion', '1.0') },
    says: 'passes: status 200',
  },
  { what: 'version 1.1', kind: 'plain', change: field('httpVersion', '1.1'), says: 'passes: status 200' },
  {
    what: 'version 2 in clear text',
    kind: 'h2c',
    change: { http: { version: '2' }, ...field('httpVersion', '2.0') },
    says: 'passes: status 200',
  },
  {
    what: 'version 2 over TLS',
    kind: 'h2',
    change: { http: { version: '2' }, ...field('httpVersion', '2.0') },
    says: 'passes: status 200',
  },
  {
    what: 'version 2 of a server without it',
    kind: 'https',
    change: { http: { version: '2' } },
    says: 'fails: the server does not speak HTTP/2 over TLS',
  },
  {
    what: 'one of several statuses',
    kind: 'plain',
    change: {
      path: '/status=418',
      expect: [
        { from: 200, to: 204 },
        { from: 418, to: 418 },
      ],
    },
    says: 'passes: status 418',
  },
  {
    what: 'none of several statuses',
    kind: 'plain',
    change: {
      path: '/status=205',
      expect: [
        { from: 200, to: 204 },
        { from: 418, to: 418 },
      ],
    },
    says: 'fails: status 205',
  },
  {
    what: 'text of a body in chunks',
    kind: 'plain',
    change: { path: '/chunked', answer: { text: 'all good' } },
    says: 'passes: status 200',
  },
  {
    what: 'text of a body that ends with the connection',
    kind: 'until-close',
    change: { answer: { text: 'all good' } },
    says: 'passes: status 200',
  },
  {
    what: 'text that is not there',
    kind: 'plain',
    change: { path: '/chunked', answer: { text: 'bad' } },
    says: 'fails: status 200, but the body does not contain "bad"',
  },
  {
    what: 'a regular expression',
    kind: 'plain',
    change: { path: '/chunked', answer: { regex: '^all g[o]+d$' } },
    says: 'passes: status 200',
  },
  {
    what: 'a regular expression that does not match',
    kind: 'plain',
    change: { path: '/chunked', answer: { regex: '^good' } },
    says: 'fails: status 200, but the body does not match ^good',
  },
  { what: 'a field of JSON', kind: 'https', change: field('checks.0.up', 1), says: 'passes: status 200' },
  {
    what: 'a field of another value',
    kind: 'plain',
    change: field('checks.0.up', true),
    says: 'fails: status 200, but checks.0.up is 1, expected true',
  },
  {
    what: 'a field that is not there',
    kind: 'plain',
    change: field('checks.1.up', 1),
    says: 'fails: status 200, but the body has no field checks.1.up',
  },
  {
    what: 'JSON that is none',
    kind: 'plain',
    change: { path: '/chunked', ...field('a', 1) },
    says: 'fails: status 200, but the body is not JSON',
  },
  {
    what: 'the size',
    kind: 'plain',
    change: { path: '/size=10', answer: { leastBytes: 10, mostBytes: 10 } },
    says: 'passes: status 200',
  },
  {
    what: 'too small a body',
    kind: 'plain',
    change: { path: '/size=9', answer: { leastBytes: 10 } },
    says: 'fails: status 200, but the body has 9 bytes, less than 10',
  },
  {
    what: 'too large a body',
    kind: 'plain',
    change: { path: '/size=11', answer: { mostBytes: 10 } },
    says: 'fails: status 200, but the body has more than 10 bytes',
  },
  {
    what: 'a redirect that is followed',
    kind: 'plain',
    change: { path: '/to=%2Fchunked', http: { redirects: 1 }, answer: { text: 'good' } },
    says: 'passes: status 200 after 1 redirect',
  },
  {
    what: 'a redirect that is judged itself',
    kind: 'plain',
    change: { path: '/to=%2Fchunked', expect: { from: 302, to: 302 } },
    says: 'passes: status 302',
  },
  {
    what: 'a redirect to another host',
    kind: 'plain',
    change: { path: '/to=http%3A%2F%2Fa.test%2F', http: { redirects: 1 } },
    says: 'fails: redirects to another host, http://a.test',
  },
  {
    what: 'redirects without end',
    kind: 'plain',
    change: { path: '/to=%2Fto%3D%252F', http: { redirects: 1 } },
    says: 'fails: more than 1 redirects',
  },
  {
    what: 'an answer that comes too late',
    kind: 'plain',
    change: { path: '/late', latencyMs: 1 },
    says: 'fails: status 200, but after',
  },
  {
    what: 'an answer that does not come',
    kind: 'plain',
    change: { path: '/silent', timeoutMs: 50 },
    says: 'fails: no answer within 50 ms',
  },
  {
    what: 'a certificate that ends soon',
    kind: 'https',
    change: { certificate: { days: 60, action: 'fail' } },
    says: 'fails: the certificate ends in 29 days',
  },
  {
    what: 'the same, as a warning',
    kind: 'https',
    change: { certificate: { days: 60, action: 'warn' } },
    says: 'passes: status 200; the certificate ends in 29 days',
  },
  {
    what: 'a certificate that is good for long',
    kind: 'https',
    change: { certificate: { days: 20, action: 'fail' } },
    says: 'passes: status 200',
  },
  {
    what: 'the name that is asked for',
    kind: 'https',
    change: () => ({ tls: trusting('shop.test') }),
    says: 'passes: status 200',
  },
  {
    what: 'a name that the certificate is not for',
    kind: 'https',
    change: () => ({ tls: trusting('other.test') }),
    says: "fails: Host: other.test. is not in the cert's altnames",
  },
  {
    what: 'an unknown authority',
    kind: 'https',
    change: () => ({ tls: { ...trusting(null), ca: null } }),
    says: 'fails: the certificate comes from an authority that is not known',
  },
  {
    what: 'an unknown authority that is no matter',
    kind: 'https',
    change: () => ({ tls: { ...trusting(null), ca: null, verify: false } }),
    says: 'passes: status 200',
  },
  {
    what: 'an authority whose file is gone',
    kind: 'https',
    change: () => ({ tls: { ...trusting(null), ca: '/no/such.pem' } }),
    says: 'fails: /no/such.pem cannot be read',
  },
  {
    what: 'a certificate of our own',
    kind: 'mutual',
    change: () => ({ tls: { ...trusting(null), cert: own.certFile, key: own.keyFile } }),
    says: 'passes: status 200',
  },
  { what: 'no certificate of our own', kind: 'mutual', change: {}, says: 'fails: ' },
  {
    what: 'a user and a password',
    kind: 'plain',
    change: {
      http: { authorization: { user: 'a', password: 'b' } },
      ...field('headers.authorization', 'Basic YTpi'),
    },
    says: 'passes: status 200',
  },
  {
    what: 'a token',
    kind: 'h2c',
    change: {
      http: { version: '2', authorization: { bearer: 't0k' } },
      ...field('headers.authorization', 'Bearer t0k'),
    },
    says: 'passes: status 200',
  },
  {
    what: 'a port of its own',
    kind: 'https',
    change: () => ({ type: 'http', port: targets.plain.port, path: '/chunked', answer: { text: 'good' } }),
    says: 'passes: status 200',
  },
  {
    what: 'a server that speaks no TLS',
    kind: 'plain',
    change: { type: 'https' },
    says: 'fails: the server does not speak TLS',
  },
]

function trusting(serverName: string | null) {
  return { verify: true, ca: authority.ca.certFile, serverName, cert: null, key: null }
}

test.each(CASES)('$what', async ({ kind, change, says }) => {
  const said = await checked(kind, typeof change === 'function' ? change() : change)
  expect(said.slice(0, says.length)).toBe(says)
})

test('many at once', async () => {
  const kinds: readonly Kind[] = ['https', 'h2', 'plain', 'h2c']
  const said = await Promise.all(
    Array.from({ length: 80 }, (_, nth) => {
      const kind = kinds[nth % 4]!
      return checked(kind, { http: { version: kind.startsWith('h2') ? '2' : '1.1' }, ...field('ok', true) })
    }),
  )
  expect(new Set(said)).toEqual(new Set(['passes: status 200']))
})
