import { afterEach, expect, test } from 'vitest'
import type { RuleSpec } from '../../src/core/rule.ts'
import type { TrustedHeader } from '../../src/core/trust.ts'
import { answering, cleanUp, dial, gateway, type RawClient, serve } from '../kit/traffic.ts'

afterEach(cleanUp)

const TO_MAIN = { kind: 'pool', pool: 'main' } as const

/** A server that keeps the heads that it gets. */
async function aServer() {
  const heads: string[] = []
  const server = await serve(
    answering((head) => {
      heads.push(head)
      return 'HTTP/1.1 204 No Content\r\n\r\n'
    }),
  )
  return { heads, port: server.port }
}

async function ask(client: RawClient, request: string): Promise<string> {
  return client
    .forget()
    .send(`${request}\r\n\r\n`)
    .hears(/\r\n\r\n/)
}

const TRUSTED = [
  'X-Forwarded-For: 1.1.1.1, 192.0.2.7',
  'X-Forwarded-Proto: https',
  'X-Forwarded-Host: shop.example',
]
const FROM_PROXY = `GET / HTTP/1.1\r\nHost: inner\r\n${TRUSTED.join('\r\n')}`
const BY_SOURCE: readonly RuleSpec[] = [
  {
    match: { sources: ['192.0.2.0/24'] },
    action: { kind: 'redirect', status: 302, to: `/for/\${client}/\${scheme}` },
  },
  { match: {}, action: TO_MAIN },
]

async function trusting(
  networks: readonly string[] | null,
  rules: readonly RuleSpec[],
  header: TrustedHeader = 'x-forwarded-for',
) {
  const server = await aServer()
  const trust = networks === null ? {} : { trust: { networks, header } }
  const traffic = await gateway({ servers: [server.port], rules, ...trust })
  return { server, traffic, client: await dial(traffic) }
}

const forwarded = (head: string) => head.match(/^(x-forwarded-\w+|forwarded): .*/gim)

test('a trusted proxy says who the client is, to rules and servers', async () => {
  const { client } = await trusting(['127.0.0.0/8'], BY_SOURCE)
  expect(await ask(client, FROM_PROXY)).toContain('\r\nlocation: /for/192.0.2.7/https\r\n')
  const { client: other, server } = await trusting(['127.0.0.0/8'], BY_SOURCE.slice(1))
  await ask(other, FROM_PROXY)
  expect(forwarded(server.heads[0]!)).toEqual([
    'X-Forwarded-Proto: https',
    'X-Forwarded-For: 1.1.1.1, 192.0.2.7, 127.0.0.1',
    'X-Forwarded-Host: shop.example',
    'Forwarded: for=192.0.2.7;proto=https, for=127.0.0.1;proto=http;host="inner"',
  ])
})

test('the list that a trusted proxy does not write begins anew, with the client that is believed', async () => {
  const invented = `${FROM_PROXY}\r\nForwarded: for=6.6.6.6`
  const { client, server } = await trusting(['127.0.0.0/8'], [])
  await ask(client, invented)
  expect(server.heads[0]).not.toContain('6.6.6.6')
  const other = await trusting(['127.0.0.0/8'], [], 'forwarded')
  await ask(other.client, invented)
  expect(forwarded(other.server.heads[0]!)).toEqual(
    expect.arrayContaining([
      'X-Forwarded-For: 6.6.6.6, 127.0.0.1',
      'Forwarded: for=6.6.6.6, for=127.0.0.1;proto=http;host="inner"',
    ]),
  )
})

test('what others say of a client is dropped where proxies are named, and continued where none is', async () => {
  const { client, server } = await trusting(['10.0.0.0/8'], BY_SOURCE)
  await ask(client, FROM_PROXY)
  const own = [
    'X-Forwarded-Proto: http',
    'X-Forwarded-Host: inner',
    'Forwarded: for=127.0.0.1;proto=http;host="inner"',
  ]
  expect(forwarded(server.heads[0]!)!.sort()).toEqual(['X-Forwarded-For: 127.0.0.1', ...own].sort())
  const { client: other, server: behindAll } = await trusting(null, BY_SOURCE)
  await ask(other, FROM_PROXY)
  const continued = 'X-Forwarded-For: 1.1.1.1, 192.0.2.7, 127.0.0.1'
  expect(forwarded(behindAll.heads[0]!)!.sort()).toEqual([continued, ...own].sort())
})

test('trust changes under a kept connection', async () => {
  const { client, traffic } = await trusting(['127.0.0.1'], BY_SOURCE)
  expect(await ask(client, FROM_PROXY)).toMatch(/^HTTP\/1\.1 302 /)
  const snapshot = traffic.snapshot(traffic.options.servers)
  const listeners = snapshot.listeners.map(({ trust: _, ...listener }) => listener)
  await traffic.server.apply({ ...snapshot, listeners })
  expect(await ask(client, FROM_PROXY)).toMatch(/^HTTP\/1\.1 204 /)
})

test('where only https may be, a trusted proxy that was asked by it is not sent there again', async () => {
  const { client, traffic } = await trusting(['127.0.0.1'], [{ match: { path: '/a/*' }, action: TO_MAIN }])
  const snapshot = traffic.snapshot(traffic.options.servers)
  const listeners = snapshot.listeners.map((listener) => ({ ...listener, httpsPort: 8443 }))
  await traffic.server.apply({ ...snapshot, listeners })
  const by = (scheme: string) => ask(client, `GET /a HTTP/1.1\r\nHost: h\r\nX-Forwarded-Proto: ${scheme}`)
  expect(await by('http')).toContain('\r\nLocation: https://h:8443/a\r\n')
  expect(await by('https')).toMatch(/^HTTP\/1\.1 204 [\s\S]*strict-transport-security: max-age/i)
  await traffic.server.apply({
    ...snapshot,
    listeners: listeners.map(({ trust: _, ...listener }) => listener),
  })
  expect(await by('https')).toMatch(/^HTTP\/1\.1 308 /)
})
