import { beforeEach, expect, test } from 'vitest'
import { Clb } from '../../../test/kit/clb.ts'
import { carriedOfClb } from './carried.ts'

const LISTENER = { ListenerPort: 80, BackendServerPort: 8080, HealthCheck: 'on', StickySession: 'off' }

let clb: Clb
beforeEach(async () => {
  clb = new Clb()
  await clb.start()
  const [a, b] = clb.servers
  const items = [
    { ServerId: a, Weight: 50 },
    { ServerId: b, Weight: 0 },
  ]
  await clb.done('AddBackendServers', { BackendServers: JSON.stringify(items) })
})

const carried = () => carriedOfClb(clb.cloud.world, '/certificates')

test('a running listener is served at the address of its balancer, with the servers of its group', async () => {
  await clb.running('HTTP', { ...LISTENER, RequestTimeout: 7, HealthCheckURI: '/health' })
  const { listeners, pools } = carried()
  expect(listeners).toMatchObject([
    {
      bind: { host: '127.10.200.1', port: 80 },
      protocol: 'http',
      pool: `${clb.id}/http/80/`,
      limits: { idleMs: 15_000, responseMs: 7_000 },
    },
  ])
  expect(pools).toMatchObject([
    {
      name: `${clb.id}/http/80/`,
      // Whose connects fail stays: only checks take it out.
      outlier: { connectFailures: Number.MAX_SAFE_INTEGER, errors: null, successRate: false },
      algorithm: 'round-robin',
      health: {
        type: 'http',
        path: '/health',
        expect: [{ from: 200, to: 299 }],
        intervalMs: 2_000,
        timeoutMs: 5_000,
        healthy: 3,
        http: { method: 'HEAD', host: null },
      },
      servers: [
        { address: '127.10.0.1:8080', weight: 50 },
        { address: '127.10.0.2:8080', weight: 0 },
      ],
    },
  ])
})

test('what stands still, or whose balancer does, is not served', async () => {
  await clb.done('CreateLoadBalancerHTTPListener', LISTENER)
  expect(carried().listeners).toEqual([])
  await clb.running('TCP', { ...LISTENER, ListenerPort: 81 })
  expect(carried().listeners).toHaveLength(1)
  await clb.done('SetLoadBalancerStatus', { LoadBalancerStatus: 'inactive' })
  expect(carried()).toEqual({ listeners: [], pools: [] })
})

test('the nearest rule is the first', async () => {
  await clb.running('HTTP', LISTENER)
  const VServerGroupId = await clb.group(1)
  const rules = [
    { RuleName: 'any', Url: '/a' },
    { RuleName: 'star', Domain: '*.a.test' },
    { RuleName: 'whole', Domain: 'a.test' },
    { RuleName: 'longer', Domain: 'a.test', Url: '/a.b' },
    { RuleName: 'end', Domain: 'www.a.*' },
  ].map((rule) => ({ ...rule, VServerGroupId }))
  await clb.done('CreateRules', { ListenerPort: 80, RuleList: JSON.stringify(rules) })
  const [listener] = carried().listeners
  expect(listener!.rules.map(({ match }) => match)).toEqual([
    { host: 'a.test', pathRegex: '^/a\\.b' },
    { host: 'a.test' },
    { host: '*.a.test' },
    { headers: [{ name: 'host', is: 'regex', value: '^www\\.a\\.' }] },
    { pathRegex: '^/a' },
  ])
  expect(carried().pools.map(({ name }) => name)).toEqual([
    `${clb.id}/http/80/`,
    `${clb.id}/http/80/${VServerGroupId}`,
  ])
})

test.each([
  ['TCP', {}, { type: 'tcp' }],
  ['TCP', { HealthCheckType: 'http', HealthCheckHttpCode: 'http_2xx,http_4xx' }, { type: 'http' }],
  ['TCP', { HealthCheckSwitch: 'off' }, { type: 'command', command: ['true'] }],
  ['TCP', { HealthCheckConnectPort: 9000 }, { type: 'tcp', port: 9000 }],
  ['UDP', { healthCheckReq: 'ping', healthCheckExp: 'pong' }, { send: 'ping', answer: { text: 'pong' } }],
  [
    'HTTP',
    { HealthCheckMethod: 'get', HealthCheckDomain: 'a.test' },
    { http: { method: 'GET', host: 'a.test' } },
  ],
])('a listener of %s with %o checks by %o', async (kind, query, check) => {
  await clb.running(kind, { ...LISTENER, ...query })
  expect(carried().pools[0]!.health).toMatchObject(check)
})

test.each([
  ['TCP', { Scheduler: 'sch' }, { algorithm: 'source-hash' }],
  ['TCP', { PersistenceTimeout: 10 }, { algorithm: 'source-hash' }],
  ['HTTP', { Scheduler: 'rr' }, { servers: [{ weight: 1 }, { weight: 0 }] }],
  [
    'HTTP',
    { StickySession: 'on', StickySessionType: 'insert', CookieTimeout: 60 },
    { affinity: { cookie: 'SERVERID', lifetimeMs: 60_000 } },
  ],
])('a listener of %s with %o has a pool like %o', async (kind, query, pool) => {
  await clb.running(kind, { ...LISTENER, ...query })
  expect(carried().pools[0]).toMatchObject(pool)
})
