import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { Authority } from '../../test/kit/certificates.ts'
import { settingsOf } from './fixture.cases.ts'
import { leavesOf } from './leaves.ts'
import { LISTENER } from './listener-schema.ts'
import { FILES, OTHERS } from './options.cases.ts'
import { POOL, SERVER } from './pool-schema.ts'
import { RULE } from './rule-schema.ts'
import { ROOT } from './schema.ts'
import { CERTIFICATE } from './tls-schema.ts'

/** Where the sections of the reference of the gateway are in a file; `*` is any name or index. */
const PLACES = {
  '': ROOT,
  'listeners.*': LISTENER,
  'listeners.*.tls.certificates.*': CERTIFICATE,
  'listeners.*.rules.*': RULE,
  'pools.*': POOL,
  'pools.*.servers.*': SERVER,
}
/** The file has other options too. */
const OF_GATEWAY = /^(https$|gateway\.|listeners\.|pools\.)/
/** It says that something is not the gateway's. */
const OF_OTHERS = /\.balancer$/
const options = Object.entries(PLACES).flatMap(([place, schema]) =>
  leavesOf(schema)
    .map(({ path }) => [...(place === '' ? [] : [place]), ...path].join('.'))
    .filter((path) => OF_GATEWAY.test(path) && !OF_OTHERS.test(path)),
)

let authority: Authority
const pem: Record<string, string> = {}
beforeAll(() => {
  authority = new Authority()
  const web = authority.issue(['web.test'])
  Object.assign(pem, { 'ca.pem': authority.ca.cert, 'web.pem': web.cert, 'web.key': web.key })
  Object.assign(pem, { 'copy.pem': web.cert, 'copy.key': web.key })
})
afterAll(() => authority.remove())

const balancing = (content: unknown) => {
  const readSecret = (path: string) => pem[path.split('/').at(-1)!]!
  const { balancer, gateway } = settingsOf(stringify(content), { readSecret })
  return { balancer, gateway }
}

type Content = Record<string, unknown>

/** The first mapping of the file that has the option, and the option's name in it. */
function findIn(content: unknown, [key, ...rest]: readonly string[]): [Content, string] | null {
  if (typeof content !== 'object' || content === null || key === undefined) return null
  const own = content as Content
  if (key !== '*') {
    if (!Object.hasOwn(own, key)) return null
    return rest.length === 0 ? [own, key] : findIn(own[key], rest)
  }
  for (const inner of Object.values(own)) {
    const found = findIn(inner, rest)
    if (found) return found
  }
  return null
}

const contents: readonly unknown[] = FILES.map((text) => parse(text))
const settings = new Map<unknown, unknown>()
const settingsWith = (content: unknown) => {
  if (!settings.has(content)) settings.set(content, balancing(content))
  return settings.get(content)
}

test.each(options)('%s is in what the gateway is given', (option) => {
  const path = option.split('.')
  const content = contents.find((one) => findIn(one, path))
  expect(content, `${option} is in none of the files of options.cases.ts`).toBeDefined()
  const without = structuredClone(content)
  const [section, key] = findIn(without, path)!
  delete section[key]
  Object.assign(section, OTHERS[option])
  expect(balancing(without)).not.toEqual(settingsWith(content))
})

test('numbers and times of a listener and a pool are each in their own place', () => {
  const { listeners, pools } = balancing(contents.at(-1)).balancer
  expect(listeners[0]).toMatchObject({
    limits: {
      ...{ headerBytes: 8192, headerCount: 50, bodyBytes: 1_048_576, firstByteMs: 11_000, headerMs: 12_000 },
      ...{ idleMs: 31_000, bodyMs: 13_000, responseMs: 14_000, connections: 15, connectionsPerSource: 20 },
    },
    keepAlive: { idleMs: 40_000, intervalMs: 41_000, count: 6 },
    http2: { streams: 60, resets: 300 },
  })
  expect(pools[0]).toMatchObject({
    slowStartMs: 20_000,
    retries: 1,
    attempts: { tryMs: 1000, totalMs: 9000, hedgeMs: 200 },
    breaker: { requests: 11, serverRequests: 12, connections: 13, pending: 14, adaptive: 15 },
    upstream: { connectMs: 3000, idleMs: 5000, maxConnections: 1500, maxPending: 16 },
  })
  expect(pools[0]!.upstream.keepAlive).toEqual({ idleMs: 42_000, intervalMs: 43_000, count: 7 })
})

test('a check asks and judges as its file says', () => {
  const tls = { verify: false, ca: '/srv/app/ca.pem', serverName: 'b.test' }
  expect(balancing(contents.at(-1)).balancer.pools[0]!.health).toEqual({
    ...{ type: 'https', port: 81, path: '/up', expect: { from: 204, to: 204 }, latencyMs: 900 },
    ...{ intervalMs: 16_000, timeoutMs: 2000, unhealthy: 4, healthy: 5 },
    http: {
      ...{ method: 'POST', version: '1.0', host: 'h.test', headers: [['x-a', 'b']], redirects: 2 },
      authorization: { user: 'u', password: 'p' },
    },
    answer: {
      ...{ text: 't', regex: 'r', leastBytes: 1, mostBytes: 9216 },
      json: { path: ['a', 'b'], value: 1 },
    },
    certificate: { days: 9, action: 'warn' },
    tls: { ...tls, cert: '/srv/app/web.pem', key: '/srv/app/web.key' },
  })
})
