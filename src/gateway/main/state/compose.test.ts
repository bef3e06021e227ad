import { expect, test } from 'vitest'
import type { BalancerSpec, PoolSpec } from '../../../core/balancer.ts'
import { OUTLIER } from '../../../core/outlier.ts'
import { NO_KEYS } from '../keys/keychain.ts'
import { configured, EMPTY } from '../members/roster.ts'
import { newVitals } from '../members/vitals.ts'
import { compose } from './compose.ts'

const POOL = {
  algorithm: 'header-hash',
  hash: { header: 'x-user', bound: 1.5 },
  affinity: { cookie: 'sid', lifetimeMs: 1, secret: null },
  upstream: { connectMs: 1, idleMs: 2, maxConnections: 3, maxPending: 4, protocol: 'http2' },
  retries: 5,
  attempts: { tryMs: 6, totalMs: 7, hedgeMs: 8 },
  breaker: { requests: 9, serverRequests: 10, connections: 11, pending: 12, adaptive: 13 },
} as const

const LISTENER = {
  name: 'web',
  bind: { host: '', port: 0 },
  protocol: 'http',
  rules: [],
  pool: 'api',
  limits: {
    ...{ headerBytes: 1, headerCount: 2, bodyBytes: 3, firstByteMs: 4, headerMs: 5, idleMs: 6, bodyMs: 7 },
    ...{ responseMs: 8, connections: 9, connectionsPerSource: 10 },
  },
  keepAlive: { idleMs: 1000, intervalMs: 2000, count: 3 },
  trust: { networks: ['10.0.0.0/8'], header: 'forwarded' },
  proxyProtocol: 'required',
  http2: { streams: 4, resets: 5 },
  httpsPort: 443,
} as const

function snapshotOf(pool: Partial<PoolSpec>, over: Partial<BalancerSpec> = {}) {
  const servers = [
    { id: 'a', address: '10.0.0.1:80', weight: 100 },
    { id: 'b', address: '10.0.0.2:80', weight: 0 },
  ]
  const spec = {
    listeners: [LISTENER],
    pools: [{ name: 'api', servers, fleets: [], ...POOL, ...pool }],
    ...over,
  }
  const vitals = { health: { state: 'healthy', confirmed: true, against: 0 }, rows: [], now: 0 } as const
  const roster = configured(EMPTY, spec as unknown as BalancerSpec, () =>
    newVitals({ serverSlot: 1, memberSlot: 2 }, vitals as never),
  )
  const keys = { ...NO_KEYS, affinity: 'a key of its own' }
  const bound = { web: { host: '', port: 8080 } }
  return compose(1, { roster, bound, keys }, { pool: () => 0, listener: () => 0, trafficClass: () => 0 })
}

test('workers are given all that the specification says of a pool’s traffic', () => {
  const { pools } = snapshotOf({})
  expect(pools[0]).toMatchObject({ ...POOL, affinity: { ...POOL.affinity, key: 'a key of its own' } })
  expect(pools[0]!.members.map(({ id, draining }) => [id, draining])).toEqual([
    ['a', false],
    ['b', true],
  ])
  expect(pools[0]).not.toHaveProperty('countsErrors')
  expect(snapshotOf({ outlier: { ...OUTLIER, errors: 3 } }).pools[0]).toHaveProperty('countsErrors', true)
})

test('workers are given all that it says of a listener, and of the log and of traces', () => {
  const accessLog = { path: '/a', format: 'combined' } as const
  const { listeners, ...snapshot } = snapshotOf({}, { accessLog, makesTraces: true })
  expect(listeners[0]).toEqual({ ...LISTENER, listenerSlot: 0, bind: { host: '', port: 8080 } })
  expect(snapshot).toMatchObject({ accessLog, makesTraces: true })
})
