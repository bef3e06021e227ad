import { afterAll, beforeAll, expect, test } from 'vitest'
import { Authority, type Pair } from '../../test/kit/certificates.ts'
import type { Settings } from '../core/settings.ts'
import { file } from './fixture.cases.ts'
import { checkSettings } from './load.ts'

let authority: Authority
let web: Pair
let other: Pair

beforeAll(() => {
  authority = new Authority()
  web = authority.issue(['web.test'])
  other = authority.issue(['other.test'])
})
afterAll(() => authority.remove())

const pair = ({ certFile, keyFile }: Pair): string => `{ cert: ${certFile}, key: ${keyFile} }`
const https = (tls: string): string =>
  file({ web: `web: { bind: ":443", protocol: https, pool: api, tls: ${tls} }` })
const pool = (tls: string): string =>
  file({ api: `api: { servers: [ { address: "10.0.0.1:80" } ], upstream: { tls: ${tls} } }` })

function messages(text: string): string[] {
  const loaded = checkSettings(text, '/tidegate.yaml', { env: {}, now: Date.now() })
  return loaded.ok ? [] : loaded.problems.map(({ path, message }) => `${path}: ${message}`)
}

function settingsOf(text: string): Settings {
  const loaded = checkSettings(text, '/tidegate.yaml', { env: {}, now: Date.now() })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  return loaded.settings
}

test('a listener has the certificates of its file, and safe defaults', () => {
  const { listeners } = settingsOf(https(`{ certificates: [ ${pair(web)}, ${pair(other)} ] }`)).balancer
  expect(listeners[0]?.tls).toEqual({
    certificates: [web, other].map(({ certFile, keyFile }) => ({ cert: certFile, key: keyFile })),
    minVersion: 'TLSv1.2',
    groups: ['X25519MLKEM768', 'X25519', 'P-256', 'P-384'],
    handshakeMs: 10_000,
  })
  const all = `{ certificates: [ ${pair(web)} ], min-version: TLSv1.3, groups: [p-256, X25519], handshake: 3s, client-certificate: { ca: ${authority.ca.certFile}, mode: request } }`
  expect(settingsOf(https(all)).balancer.listeners[0]?.tls).toMatchObject({
    minVersion: 'TLSv1.3',
    groups: ['P-256', 'X25519'],
    handshakeMs: 3000,
    clientCertificate: { ca: authority.ca.certFile, mode: 'request' },
  })
})

test('files that are missing, wrong or do not fit are told with their place', () => {
  expect(messages(https('{}'))).toEqual([expect.stringMatching(/^listeners\.web\.tls: missing certificates/)])
  const swapped = `{ cert: ${web.certFile}, key: ${other.keyFile} }`
  expect(messages(https(`{ certificates: [ ${swapped} ] }`))).toEqual([
    `listeners.web.tls.certificates.0.key: is not the key of ${web.certFile}`,
  ])
  expect(messages(https('{ certificates: [ { cert: /none.pem, key: /none.key } ] }'))).toEqual([
    expect.stringMatching(/0\.cert: \/none\.pem cannot be read/),
    expect.stringMatching(/0\.key: \/none\.key cannot be read/),
  ])
  expect(messages(https(`{ certificates: [ { cert: ${web.keyFile}, key: /dev/null } ] }`))).toEqual([
    expect.stringMatching(/is no certificate in PEM$/),
    expect.stringMatching(/is no private key in PEM without a passphrase$/),
  ])
  expect(messages(https(`{ certificates: [ ${pair(web)} ], groups: [X25519MLKEM767] }`))).toEqual([
    expect.stringMatching(/groups\.0: unknown group; expected one of X25519MLKEM768/),
  ])
})

test('tls is for https and tls, and what passes through has no certificate', () => {
  const plain = file({ web: `web: { bind: ":80", pool: api, tls: { certificates: [ ${pair(web)} ] } }` })
  expect(messages(plain)).toEqual([expect.stringMatching(/has no effect on http/)])
  const passing = (more: string) =>
    file({ web: `web: { bind: ":443", protocol: tls, pool: api, tls: { passthrough: true${more} } }` })
  expect(settingsOf(passing('')).balancer.listeners[0]?.tls?.certificates).toEqual([])
  expect(messages(passing(`, certificates: [ ${pair(web)} ]`))).toEqual([
    expect.stringMatching(/what passes through is not decrypted/),
  ])
  const rules = 'rules: [ { match: { path: /a }, pool: api } ]'
  const matching = file({ web: `web: { bind: ":443", protocol: tls, tls: { passthrough: true }, ${rules} }` })
  expect(messages(matching)).toEqual([expect.stringMatching(/a tls listener knows only host/)])
  const acting = matching.replace(
    'match: { path: /a }, pool: api',
    'match: { host: a.org }, pool: api, rewrite: { prefix: /a, to: /b }',
  )
  expect(messages(acting)).toEqual([expect.stringMatching(/rules\.0: a tls listener reads no requests/)])
})

test('a rule for clients with a certificate is for a listener that asks for one', () => {
  const rules = 'rules: [ { match: { client-certificate: [ a.org, "me@a.org" ] }, pool: api } ]'
  const text = (more: string) =>
    file({
      web: `web: { bind: ":443", protocol: https, ${rules}, tls: { certificates: [ ${pair(web)} ]${more} } }`,
    })
  const asking = text(`, client-certificate: { ca: ${authority.ca.certFile}, mode: request }`)
  expect(settingsOf(asking).balancer.listeners[0]?.rules[0]?.match).toEqual({
    clientCertificate: ['a.org', 'me@a.org'],
  })
  expect(messages(text(''))).toEqual([
    expect.stringMatching(
      /^listeners\.web\.rules\.0\.match\.client-certificate: this listener asks no client/,
    ),
  ])
})

test('servers are spoken to in TLS when a key of tls is set, and not when it is switched off', () => {
  const tlsOf = (text: string) => settingsOf(text).balancer.pools[0]?.upstream.tls
  expect(tlsOf(pool('{}'))).toEqual({ verify: true, ca: null, serverName: null, cert: null, key: null })
  expect(tlsOf(pool('{ enabled: false }'))).toBeUndefined()
  expect(tlsOf(file({}))).toBeUndefined()
  const { certFile: cert, keyFile: key } = web
  const all = `{ verify: false, ca: ${authority.ca.certFile}, server-name: web.test, cert: ${cert}, key: ${key} }`
  expect(tlsOf(pool(all))).toEqual({
    verify: false,
    ca: authority.ca.certFile,
    serverName: 'web.test',
    cert,
    key,
  })
  expect(messages(pool(`{ cert: ${cert} }`))).toEqual([expect.stringMatching(/has one of cert and key/)])
})

test('`https: only` redirects, tells browsers, and encrypts towards servers', () => {
  const text = (api = '') => `https: only
listeners:
  plain: { bind: ":80", pool: api }
  web: { bind: ":8443", protocol: https, pool: api, tls: { certificates: [ ${pair(web)} ] } }
pools:
  api: { servers: [ { address: "10.0.0.1:80" } ]${api} }
`
  const { listeners, pools } = settingsOf(text()).balancer
  expect(listeners.map(({ httpsPort }) => httpsPort)).toEqual([8443, 8443])
  expect(pools[0]?.upstream.tls).toBeDefined()
  const passed = text()
    .replace('plain: { bind: ":80"', 'plain: { bind: ":80", protocol: tls, tls: { passthrough: true }')
    .replace('protocol: https, pool: api', 'protocol: https, rules: [ { respond: {} } ]')
  expect(settingsOf(passed).balancer.pools[0]?.upstream.tls).toBeUndefined()
  const off = ', upstream: { tls: { enabled: false } }'
  expect(settingsOf(text(off)).balancer.pools[0]?.upstream.tls).toBeUndefined()
  expect(messages(file({ top: 'https: only' }))).toEqual([
    expect.stringMatching(/^https: there is no https listener/),
  ])
})
