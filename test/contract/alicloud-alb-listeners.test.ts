import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Balancer, BalancerSpec, PoolSpec } from '../../src/core/balancer.ts'
import type { RuleSpec } from '../../src/core/rule.ts'
import { albPermissions } from '../../src/drivers/alicloud/alb/permissions.ts'
import { AlbShop, albConfigOf } from '../kit/alb-shop.ts'
import { Authority } from '../kit/certificates.ts'
import { sandboxKeys } from '../kit/ecs.ts'
import { checked, listener } from '../kit/shop.ts'
import { aBalancerSpec, aPoolSpec } from './balancer.ts'

const never = new AbortController().signal
let shop: AlbShop
let balancer: Balancer
beforeEach(() => {
  sandboxKeys()
  shop = new AlbShop()
  balancer = shop.balancer()
})
afterEach(async () => {
  await shop.close()
})

const pool = (name: string): PoolSpec => checked(aPoolSpec(name))
const specOf = (rules: readonly RuleSpec[], pools = ['api']): BalancerSpec => ({
  ...aBalancerSpec(pools.map(pool)),
  listeners: [listener('api', 80, { rules })],
})
const listeners = () => [...shop.cloud.world.alb.of.listener.values()]
const rules = () =>
  [...shop.cloud.world.alb.of.rule.values()].sort((one, other) => one.priority - other.priority)
const groupOf = (name: string) =>
  [...shop.cloud.world.alb.of.servergroup.values()].find(({ tags }) => tags['tidegate:pool'] === name)!.id
const certificates = () => [...shop.cloud.world.cas.certificates.values()]
const ask = (action: string, query: object) => shop.cloud.ask('alb', action, query as never)

test('makes a listener with its rules, in their order, and tells by which name it is reached', async () => {
  const all: readonly RuleSpec[] = [
    {
      match: {
        host: 'a.test',
        path: '/static/*',
        methods: ['GET'],
        headers: [{ name: 'x-color', is: 'exact', value: 'blue' }],
        cookies: [{ name: 'beta', is: 'present' }],
        query: [{ name: 'v', is: 'prefix', value: '2.' }],
        sources: ['10.0.0.0/8'],
      },
      action: { kind: 'pool', pool: 'assets' },
    },
    {
      match: {},
      action: {
        kind: 'split',
        shares: [
          { pool: 'api', weight: 950 },
          { pool: 'assets', weight: 50 },
        ],
        sticky: null,
      },
    },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: variables of ours.
    { match: { path: '/a' }, action: { kind: 'redirect', status: 308, to: 'https://${host}/b${query}' } },
    {
      match: { path: '/c' },
      action: { kind: 'respond', status: 410, body: 'gone', type: 'text/plain; charset=utf-8' },
    },
  ]
  await balancer.configure(specOf(all, ['api', 'assets']), never)
  expect(await balancer.status(never)).toMatchObject({
    bound: { api: { host: `${shop.id}.cn-hangzhou.alb.aliyuncs.com`, port: 80 } },
  })
  expect(listeners()).toMatchObject([{ port: 80, protocol: 'HTTP', group: groupOf('api'), isRunning: true }])
  expect(rules().map(({ conditions }) => conditions)).toEqual([
    [
      { Type: 'Host', HostConfig: { Values: ['a.test'] } },
      { Type: 'Path', PathConfig: { Values: ['/static', '/static/*'] } },
      { Type: 'Method', MethodConfig: { Values: ['GET'] } },
      { Type: 'Header', HeaderConfig: { Key: 'x-color', Values: ['blue'] } },
      { Type: 'Cookie', CookieConfig: { Values: [{ Key: 'beta', Value: '*' }] } },
      { Type: 'QueryString', QueryStringConfig: { Values: [{ Key: 'v', Value: '2.*' }] } },
      { Type: 'SourceIp', SourceIpConfig: { Values: ['10.0.0.0/8'] } },
    ],
    [{ Type: 'Path', PathConfig: { Values: ['/*'] } }],
    [{ Type: 'Path', PathConfig: { Values: ['/a'] } }],
    [{ Type: 'Path', PathConfig: { Values: ['/c'] } }],
  ])
  expect(rules().map(({ actions }) => actions[0])).toMatchObject([
    { ForwardGroupConfig: { ServerGroupTuples: [{ ServerGroupId: groupOf('assets') }] } },
    {
      ForwardGroupConfig: {
        ServerGroupTuples: [
          { ServerGroupId: groupOf('api'), Weight: 100 },
          { ServerGroupId: groupOf('assets'), Weight: 5 },
        ],
      },
    },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: variables of the cloud's.
    { RedirectConfig: { Protocol: 'HTTPS', Host: '${host}', Port: '443', Path: '/b', HttpCode: '308' } },
    { FixedResponseConfig: { Content: 'gone', ContentType: 'text/plain', HttpCode: '410' } },
  ])
})

const to = (path: string): RuleSpec => ({ match: { path }, action: { kind: 'pool', pool: 'api' } })
const paths = () =>
  rules().map(
    ({ conditions }) => (conditions[0] as { PathConfig: { Values: string[] } }).PathConfig.Values[0],
  )

test('changes of rules and listeners what differs, and takes away what is gone', async () => {
  const many = Array.from({ length: 12 }, (_, nth) => to(`/${nth}`))
  await balancer.configure(specOf(many), never)
  expect(paths()).toEqual(many.map((_, nth) => `/${nth}`))
  const before = rules().map(({ id }) => id)
  shop.cloud.calls.length = 0
  await balancer.configure(specOf([to('/0'), to('/new')]), never)
  expect(paths()).toEqual(['/0', '/new'])
  expect(rules().map(({ id }) => id)).toEqual(before.slice(0, 2))
  expect(shop.cloud.calls.filter((one) => !/^(Describe|List|Get)/.test(one))).toEqual([
    'DeleteRules',
    'UpdateRulesAttribute',
  ])
  const limits = { ...listener('api', 80).limits, idleMs: 30_000 }
  await balancer.configure({ ...specOf([]), listeners: [listener('api', 80, { limits })] }, never)
  expect(listeners()).toMatchObject([{ settings: { IdleTimeout: 30 } }])
  await balancer.configure({ ...specOf([]), listeners: [listener('api', 8080)] }, never)
  expect(listeners()).toMatchObject([{ port: 8080 }])
  await balancer.configure(aBalancerSpec([]), never)
  expect(listeners()).toEqual([])
  expect([...shop.cloud.world.alb.of.servergroup.values()]).toEqual([])
})

test("leaves somebody else's rules and listeners alone, and says what stands in the way", async () => {
  await balancer.configure(specOf([to('/a')]), never)
  const [mine] = listeners()
  const theirs = {
    Priority: 500,
    RuleName: 'theirs',
    RuleConditions: [{ Type: 'Path', PathConfig: { Values: ['/theirs'] } }],
    RuleActions: [{ ...forward(groupOf('api')), Order: 1 }],
  }
  ask('CreateRules', { ListenerId: mine!.id, Rules: [theirs] })
  await shop.cloud.advance(5_000)
  await balancer.configure(specOf([]), never)
  expect(rules()).toMatchObject([{ name: 'theirs' }])
  ask('CreateListener', {
    LoadBalancerId: shop.id,
    ListenerPort: 81,
    ListenerProtocol: 'HTTP',
    ListenerDescription: 'the-shop',
    DefaultActions: [forward(groupOf('api'))],
  })
  await shop.cloud.advance(5_000)
  const both = { ...specOf([]), listeners: [listener('api', 80), { ...listener('api', 81), name: 'b' }] }
  await expect(balancer.configure(both, never)).rejects.toThrow(
    'port 81 has a HTTP listener that Tidegate has not made (the-shop)',
  )
  await balancer.configure({ ...specOf([]), listeners: [] }, never)
  expect(listeners()).toMatchObject([{ port: 81 }])
})

function forward(ServerGroupId: string) {
  return { Type: 'ForwardGroup', ForwardGroupConfig: { ServerGroupTuples: [{ ServerGroupId }] } }
}

test.each([
  ['a listener that is deleted', () => ask('DeleteListener', { ListenerId: listeners()[0]!.id })],
  ['one that is stopped', () => ask('StopListener', { ListenerId: listeners()[0]!.id })],
  ['a rule that is deleted', () => ask('DeleteRules', { RuleIds: [rules()[0]!.id] })],
  [
    'a group that is set otherwise',
    () => ask('UpdateServerGroupAttribute', { ServerGroupId: groupOf('api'), Scheduler: 'Wlc' }),
  ],
])('finds out %s, and makes it as it should be', async (_, change) => {
  const spec = specOf([to('/a')])
  await balancer.configure(spec, never)
  expect(change().Code).toBeUndefined()
  await shop.cloud.advance(61_000)
  expect((await shop.looked(balancer)).specHash).toBeNull()
  await balancer.configure(spec, never)
  await shop.cloud.advance(61_000)
  expect((await shop.looked(balancer)).specHash).not.toBeNull()
  expect(listeners()).toMatchObject([{ isRunning: true }])
  expect(paths()).toEqual(['/a'])
  expect(shop.cloud.world.alb.of.servergroup.get(groupOf('api'))!.settings.Scheduler).toBe('Wrr')
})

test('shows certificates by name, others when the files change, and deletes the old ones last', async () => {
  const authority = new Authority()
  const pairs = ['shop.test', 'far.test'].map((name) => authority.issue([name]))
  const tls = {
    certificates: pairs.map(({ certFile, keyFile }) => ({ cert: certFile, key: keyFile })),
    minVersion: 'TLSv1.2' as const,
    groups: [],
    handshakeMs: 10_000,
  }
  const spec = (many: number) => ({
    ...specOf([]),
    listeners: [
      listener('api', 443, {
        protocol: 'https',
        tls: { ...tls, certificates: tls.certificates.slice(0, many) },
      }),
    ],
  })
  const shown = () =>
    listeners()[0]!.certificates.map(({ id, isDefault }) => `${id}${isDefault ? ' default' : ''}`)
  const named = () => certificates().map(({ id }, nth) => `${id}-cn-hangzhou${nth === 0 ? ' default' : ''}`)
  await balancer.configure(spec(2), never)
  expect(certificates()).toHaveLength(2)
  expect(shown()).toEqual(named())
  const before = certificates().map(({ id }) => id)
  for (const pair of pairs) authority.replace(pair, authority.issue(['new.test']))
  await shop.cloud.advance(61_000)
  expect((await shop.looked(balancer)).specHash).toBeNull()
  await balancer.configure(spec(2), never)
  expect(certificates()).toHaveLength(2)
  expect(certificates().some(({ id }) => before.includes(id))).toBe(false)
  expect(shown()).toEqual(named())
  tls.certificates.reverse()
  await balancer.configure(spec(2), never)
  expect(shown()).toEqual(
    [...named()].reverse().map((one, nth) => `${one.split(' ')[0]}${nth === 0 ? ' default' : ''}`),
  )
  await balancer.configure(spec(1), never)
  expect(certificates()).toHaveLength(1)
  expect(shown()).toEqual(named())
  authority.remove()
})

test('calls nothing that its permissions leave out', async () => {
  await balancer.configure(specOf([to('/a')]), never)
  await balancer.put(
    'api',
    [{ id: shop.anInstance('127.10.9.1'), address: '127.10.9.1:80', weight: 1 }],
    never,
  )
  const allowed = albPermissions(albConfigOf(shop.id), specOf([to('/a')])).map(
    ({ action }) => action.split(':')[1],
  )
  const { calls } = shop.cloud
  // Certificates of a former file are looked for where that is allowed.
  const besides = ['RunInstances', 'CreateLoadBalancer', 'ListUserCertificateOrder']
  expect(calls.filter((action) => ![...besides, ...allowed].includes(action))).toEqual([])
})
