import { beforeEach, expect, test } from 'vitest'
import { AlbCloud, forwardTo, server } from '../../../test/kit/alb-cloud.ts'
import { carriedOfAlb } from './carried.ts'

const CHECK = {
  HealthCheckEnabled: true,
  HealthCheckPath: '/health',
  HealthCheckCodes: ['http_2xx', 'http_3xx'],
}

let cloud: AlbCloud
let group: string
let balancer: string
let ListenerId: string
beforeEach(async () => {
  cloud = new AlbCloud()
  group = await cloud.group({ HealthCheckConfig: CHECK })
  balancer = await cloud.balancer()
  ListenerId = await cloud.listener(balancer, group, { RequestTimeout: 7 })
})

const carried = () => carriedOfAlb(cloud.world, '/certificates')
const rules = () => carried().listeners[0]!.rules

async function aRule(conditions: readonly object[], actions: readonly object[]): Promise<void> {
  const RuleActions = actions.map((action, nth) => ({ Order: nth + 1, ...action }))
  const rule = { Priority: 10, RuleName: 'one', RuleConditions: conditions, RuleActions }
  await cloud.done('CreateRules', { ListenerId, Rules: [rule] })
}

test('a running listener is served at each address of its balancer, with the servers of its group', async () => {
  const [a, b] = await cloud.instances(2)
  const Servers = [server(a!, { Weight: 50 }), server(b!)]
  await cloud.done('AddServersToServerGroup', { ServerGroupId: group, Servers })
  cloud.alb('RemoveServersFromServerGroup', { ServerGroupId: group, Servers: [server(b!)] })
  const { listeners, pools } = carried()
  expect(listeners).toMatchObject([
    {
      bind: { host: '127.10.0.252', port: 80 },
      protocol: 'http',
      pool: `${balancer}/${group}`,
      limits: { idleMs: 15_000, responseMs: 7_000 },
      http2: null,
    },
    { bind: { host: '127.10.1.252', port: 80 }, pool: `${balancer}/${group}` },
  ])
  expect(pools).toMatchObject([
    {
      name: `${balancer}/${group}`,
      algorithm: 'round-robin',
      slowStartMs: 0,
      // Whose connects fail stays: only checks take it out.
      outlier: { connectFailures: Number.MAX_SAFE_INTEGER, errors: null, successRate: false },
      health: {
        type: 'http',
        path: '/health',
        expect: [
          { from: 200, to: 299 },
          { from: 300, to: 399 },
        ],
        http: { method: 'HEAD', host: null },
      },
      servers: [
        { address: '127.10.0.1:80', weight: 50 },
        { address: '127.10.0.2:80', weight: 0 },
      ],
    },
  ])
  await cloud.done('StopListener', { ListenerId })
  expect(carried()).toEqual({ listeners: [], pools: [] })
})

test.each([
  [{ HealthCheckConfig: { HealthCheckEnabled: false } }, { health: { type: 'command', command: ['true'] } }],
  [
    { HealthCheckConfig: { ...CHECK, HealthCheckProtocol: 'TCP', HealthCheckConnectPort: 81 } },
    { health: { type: 'tcp', port: 81 } },
  ],
  [{ SlowStartConfig: { SlowStartEnabled: true, SlowStartDuration: 30 } }, { slowStartMs: 30_000 }],
  [{ Scheduler: 'Uch' }, { algorithm: 'uri-hash' }],
  [
    { StickySessionConfig: { StickySessionEnabled: true, StickySessionType: 'Insert', CookieTimeout: 60 } },
    { affinity: { cookie: 'SERVERID', lifetimeMs: 60_000 } },
  ],
])('a group with %o is a pool with %o', async (settings, pool) => {
  await cloud.done('UpdateServerGroupAttribute', { ServerGroupId: group, ...settings })
  expect(carried().pools[0]).toMatchObject(pool)
})

const pair = (Key: string, Value: string) => ({ Key, Value })

test.each([
  [
    [{ Type: 'Host', HostConfig: { Values: ['a.test', '*.b.test'] } }],
    [
      {
        headers: [
          { name: 'host', is: 'regex', value: '(?i)^a\\.test(?::[0-9]+)?$|^.*\\.b\\.test(?::[0-9]+)?$' },
        ],
      },
    ],
  ],
  [
    [
      { Type: 'Path', PathConfig: { Values: ['/a?/*', '~^/v[0-9]', '~*/x'] } },
      { Type: 'Method', MethodConfig: { Values: ['GET', 'HEAD'] } },
      { Type: 'SourceIp', SourceIpConfig: { Values: ['10.0.0.0/8'] } },
    ],
    [{ pathRegex: '^/a./.*$|^/v[0-9]|(?i:/x)', methods: ['GET', 'HEAD'], sources: ['10.0.0.0/8'] }],
  ],
  [
    [
      { Type: 'Header', HeaderConfig: { Key: 'X-A', Values: ['1', '2'] } },
      { Type: 'Header', HeaderConfig: { Key: 'X-B', Values: ['*'] } },
    ],
    [
      {
        headers: [
          { name: 'x-a', is: 'regex', value: '^1$|^2$' },
          { name: 'x-b', is: 'regex', value: '^.*$' },
        ],
      },
    ],
  ],
  [
    [
      { Type: 'QueryString', QueryStringConfig: { Values: [pair('a', '1'), pair('b', '2')] } },
      { Type: 'Cookie', CookieConfig: { Values: [pair('c', '3')] } },
    ],
    [
      {
        query: [{ name: 'a', is: 'regex', value: '^1$' }],
        cookies: [{ name: 'c', is: 'regex', value: '^3$' }],
      },
      {
        query: [{ name: 'b', is: 'regex', value: '^2$' }],
        cookies: [{ name: 'c', is: 'regex', value: '^3$' }],
      },
    ],
  ],
])('conditions %o are matched by %o', async (conditions, matches) => {
  await aRule(conditions, [forwardTo(group)])
  expect(rules().map(({ match }) => match)).toEqual(matches)
})

const ALL = [{ Type: 'Path', PathConfig: { Values: ['/*'] } }]
const redirect = (RedirectConfig: object) => [{ Type: 'Redirect', RedirectConfig }]
const header = (Key: string, more: object = {}) => ({
  Type: 'InsertHeader',
  InsertHeaderConfig: { Key, Value: 'v', ValueType: 'UserDefined', ...more },
})
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: variables of the cloud, and of our own gateway.
test.each([
  [redirect({ Protocol: 'HTTPS', Port: '443', HttpCode: '308' }), 308, 'https://${host}${path}${query}'],
  [redirect({ Host: 'b.test', Path: '/x', Query: 'y=1' }), 301, 'http://b.test/x?y=1'],
  [redirect({ Port: '8080', Query: '' }), 301, 'http://${host}:8080${path}'],
])('%o redirects with %i to %s', async (actions, status, to) => {
  await aRule(ALL, actions)
  expect(rules()[0]!.action).toEqual({ kind: 'redirect', status, to })
})
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: variables of the cloud, and of our own gateway.

test('a rule forwards by weight, edits headers, answers by itself, and says what is not carried', async () => {
  const other = await cloud.group()
  const RemoveHeader = { Type: 'RemoveHeader', RemoveHeaderConfig: { Key: 'X-C' } }
  await aRule(ALL, [
    header('X-A'),
    header('X-B', { CoverEnabled: false }),
    RemoveHeader,
    forwardTo(group, other),
  ])
  expect(rules()[0]).toMatchObject({
    action: {
      kind: 'split',
      shares: [
        { pool: `${balancer}/${group}`, weight: 50 },
        { pool: `${balancer}/${other}`, weight: 50 },
      ],
      sticky: null,
    },
    request: { set: [{ name: 'x-a', value: 'v' }], add: [{ name: 'x-b', value: 'v' }], remove: ['x-c'] },
  })
  const [RuleId] = cloud.world.alb.of.rule.keys()
  const update = async (...actions: object[]) => {
    const RuleActions = actions.map((action, nth) => ({ Order: nth + 1, ...action }))
    await cloud.done('UpdateRulesAttribute', { Rules: [{ RuleId, RuleActions }] })
    return rules()[0]!.action
  }
  const answer = { HttpCode: '503', Content: 'closed', ContentType: 'text/plain' }
  expect(await update({ Type: 'FixedResponse', FixedResponseConfig: answer })).toEqual({
    kind: 'respond',
    status: 503,
    body: 'closed',
    type: 'text/plain',
  })
  const limited = await update({ Type: 'TrafficLimit', TrafficLimitConfig: { QPS: 5 } }, forwardTo(group))
  expect(limited).toMatchObject({
    kind: 'respond',
    status: 501,
    body: expect.stringContaining('TrafficLimit'),
  })
})
