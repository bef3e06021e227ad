import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { BalancerSpec, ListenerSpec } from '../../src/core/balancer.ts'
import type { RuleSpec } from '../../src/core/rule.ts'
import { albPermissions } from '../../src/drivers/alicloud/alb/permissions.ts'
import { AlbShop, albConfigOf } from '../kit/alb-shop.ts'
import { Authority, type Pair } from '../kit/certificates.ts'
import { sandboxKeys } from '../kit/ecs.ts'
import { refusal } from '../kit/refusal.ts'
import { checked, configOf, listener, Shop } from '../kit/shop.ts'
import { aBalancerSpec, aPoolSpec } from './balancer.ts'

const never = new AbortController().signal
const authority = new Authority()
afterAll(() => authority.remove())
const [main, blog, theirs] = ['a.test', 'blog.test', 'theirs.test'].map((name) => authority.issue([name]))
beforeEach(sandboxKeys)

const to = (path: string): RuleSpec => ({ match: { path }, action: { kind: 'pool', pool: 'api' } })

function specOf(rules: readonly RuleSpec[], over: Partial<ListenerSpec> = {}): BalancerSpec {
  const pool = checked(aPoolSpec('api'))
  return { ...aBalancerSpec([pool]), listeners: [listener('api', 80, { rules, ...over })] }
}

function secure(...pairs: readonly (Pair | undefined)[]): BalancerSpec {
  const certificates = pairs.map((pair) => ({ cert: pair!.certFile, key: pair!.keyFile }))
  const tls = { certificates, minVersion: 'TLSv1.2' as const, groups: [], handshakeMs: 10_000 }
  return specOf([], { bind: { host: '', port: 443 }, protocol: 'https', tls })
}

describe('CLB', () => {
  let shop: Shop
  beforeEach(() => {
    shop = new Shop()
  })
  afterEach(() => shop.close())

  const there = () => shop.cloud.world.slb.balancers.get(shop.id)!.listeners[0]!
  const urls = () => there().rules.map(({ url }) => url)
  const group = () => [...shop.cloud.world.slb.groups.keys()][0]
  /** As somebody else does it. */
  const by = async (action: string, query: Record<string, string | number>) => {
    await shop.cloud.advance(1000)
    const answer = shop.cloud.ask('slb', action, { LoadBalancerId: shop.id, ...query })
    expect(answer.Code).toBeUndefined()
    await shop.cloud.advance(1000)
    return answer
  }
  const addRule = (RuleName: string, Url: string) => {
    const RuleList = JSON.stringify([{ RuleName, Url, VServerGroupId: group() }])
    return by('CreateRules', { ListenerPort: 80, RuleList })
  }

  test('rules that others add to a listener of the file stay, and those of the file come and go', async () => {
    const balancer = shop.balancer()
    await balancer.configure(specOf([to('/a/*'), to('/b/*')]), never)
    await addRule('theirs', '/theirs')
    await shop.cloud.advance(61_000)
    expect((await balancer.status(never)).specHash).not.toBeNull()
    await balancer.configure(specOf([to('/b/*'), to('/c/*')]), never)
    expect(urls()).toEqual(['/b', '/theirs', '/c'])
  })

  test('a rule keeps serving when another comes before it', async () => {
    const balancer = shop.balancer()
    await balancer.configure(specOf([to('/b/*')]), never)
    const [{ id } = { id: '' }] = there().rules
    shop.cloud.calls.length = 0
    await balancer.configure(specOf([to('/a/*'), to('/b/*')]), never)
    expect(there().rules.map((rule) => rule.id)).toContain(id)
    expect(shop.cloud.calls).not.toContain('DeleteRules')
  })

  test('a rule that stands where one of the file should is refused, and taken over where the file says so', async () => {
    const balancer = shop.balancer()
    await balancer.configure(specOf([]), never)
    await addRule('theirs', '/a')
    const spec = specOf([to('/a/*')])
    expect(await refusal(() => balancer.configure(spec, never))).toMatch(
      /^rule theirs of the listener at port 80 stands where one of this file should/,
    )
    const adopting = shop.balancer(configOf(shop.id, { adopt: true }))
    await adopting.configure(spec, never)
    expect(there().rules).toMatchObject([{ url: '/a', name: expect.stringMatching(/^tidegate\/demo\//) }])
    await balancer.configure(specOf([]), never)
    expect(urls()).toEqual([])
  })

  test('a group that a rule of somebody else sends to stays, and keeps nothing from landing', async () => {
    const balancer = shop.balancer()
    await balancer.configure(specOf([]), never)
    const own = group()!
    await by('CreateLoadBalancerHTTPListener', {
      ListenerPort: 8080,
      VServerGroupId: own,
      HealthCheck: 'off',
      StickySession: 'off',
    })
    await balancer.configure(aBalancerSpec([]), never)
    expect([...shop.cloud.world.slb.groups.keys()]).toEqual([own])
    await by('DeleteLoadBalancerListener', { ListenerPort: 8080 })
    await balancer.configure(specOf([]), never)
    expect(group()).toBe(own)
    await balancer.configure(aBalancerSpec([]), never)
    expect(shop.cloud.world.slb.groups.size).toBe(0)
  })

  test('certificates for names that others add stay, and one for a name of the file is refused', async () => {
    const balancer = shop.balancer()
    await balancer.configure(secure(main, blog), never)
    const { ServerCertificateId } = await by('UploadServerCertificate', {
      ServerCertificate: theirs!.cert,
      PrivateKey: theirs!.key,
    })
    await by('CreateDomainExtension', { ListenerPort: 443, Domain: 'theirs.test', ServerCertificateId })
    await balancer.configure(secure(main), never)
    expect(there().domains).toMatchObject([{ domain: 'theirs.test', certificate: ServerCertificateId }])
    expect(await refusal(() => balancer.configure(secure(main, theirs), never))).toMatch(
      /^the certificate for theirs.test of the listener at port 443 stands where one of this file should/,
    )
  })

  test('a certificate goes on being shown when the balancer gets another name in the file', async () => {
    await shop.balancer().configure(secure(main, blog), never)
    await shop.balancer(configOf(shop.id), 'renamed').configure(secure(main, blog), never)
    expect(there().domains).toMatchObject([{ domain: 'blog.test' }])
  })
})

describe('ALB', () => {
  let shop: AlbShop
  beforeEach(() => {
    shop = new AlbShop()
  })
  afterEach(() => shop.close())

  const adopting = () => shop.balancer(albConfigOf(shop.id, { adopt: true }))
  const listeners = () => [...shop.cloud.world.alb.of.listener.values()]
  const rules = () => [...shop.cloud.world.alb.of.rule.values()]
  const groups = () => [...shop.cloud.world.alb.of.servergroup.values()]
  /** As somebody else does it. */
  const by = async (action: string, query: object) => {
    const answer = shop.cloud.ask('alb', action, query as never)
    expect(answer.Code).toBeUndefined()
    await shop.cloud.advance(5_000)
    return answer
  }
  const forward = (ServerGroupId: string) => ({
    Type: 'ForwardGroup',
    ForwardGroupConfig: { ServerGroupTuples: [{ ServerGroupId }] },
  })
  const theirGroup = () =>
    by('CreateServerGroup', {
      ServerGroupName: 'theirs',
      VpcId: 'vpc-sandbox',
      HealthCheckConfig: { HealthCheckEnabled: true },
    })
  const addRule = (ListenerId: string, Priority: number, group: string) => {
    const RuleConditions = [{ Type: 'Path', PathConfig: { Values: [`/theirs-${Priority}`] } }]
    const RuleActions = [{ ...forward(group), Order: 1 }]
    return by('CreateRules', {
      ListenerId,
      Rules: [{ Priority, RuleName: `theirs-${Priority}`, RuleConditions, RuleActions }],
    })
  }

  test('takes over a listener of its protocol where the file says so, with its rules', async () => {
    const { ServerGroupId } = await theirGroup()
    const place = { LoadBalancerId: shop.id, ListenerPort: 80, ListenerProtocol: 'HTTP' }
    const { ListenerId } = await by('CreateListener', { ...place, DefaultActions: [forward(ServerGroupId)] })
    for (const priority of [1, 7]) await addRule(ListenerId, priority, ServerGroupId)
    const spec = specOf([to('/a/*'), to('/b/*')])
    expect(await refusal(() => shop.balancer().configure(spec, never))).toContain(
      'port 80 has a HTTP listener that Tidegate has not made (without a description)',
    )
    await adopting().configure(spec, never)
    const own = groups().find(({ id }) => id !== ServerGroupId)!
    const tags = { 'tidegate:installation': 'demo' }
    expect(listeners()).toMatchObject([{ id: ListenerId, port: 80, group: own.id, tags }])
    expect(rules()).toMatchObject([
      { priority: 1, groups: [own.id], name: 'tidegate-api-1' },
      { priority: 2, groups: [own.id], tags },
    ])
    // What has been taken over once is its own.
    const balancer = shop.balancer()
    shop.cloud.calls.length = 0
    await balancer.configure(spec, never)
    expect(shop.cloud.calls.filter((one) => !/^(Describe|List|Get)/.test(one))).toEqual([])
    await balancer.configure({ ...spec, listeners: [] }, never)
    expect(listeners()).toEqual([])
  })

  test('takes over no listener of another protocol, nor one that the file has not', async () => {
    const { ServerGroupId } = await theirGroup()
    const DefaultActions = [forward(ServerGroupId)]
    for (const ListenerPort of [443, 8080])
      await by('CreateListener', {
        LoadBalancerId: shop.id,
        ListenerPort,
        ListenerProtocol: 'HTTP',
        DefaultActions,
      })
    expect(await refusal(() => adopting().configure(secure(main), never))).toContain(
      'port 443 has a HTTP listener that Tidegate has not made',
    )
    await adopting().configure(specOf([]), never)
    expect(listeners().map(({ port, tags }) => [port, Object.keys(tags)])).toEqual([
      [443, []],
      [8080, []],
      [80, ['tidegate:installation']],
    ])
  })

  test('a rule at a priority of the file is refused, and taken over where the file says so', async () => {
    const balancer = shop.balancer()
    await balancer.configure(specOf([]), never)
    await addRule(listeners()[0]!.id, 1, groups()[0]!.id)
    const spec = specOf([to('/a/*')])
    expect(await refusal(() => balancer.configure(spec, never))).toMatch(
      /^rule theirs-1 \(1\) of the listener at port 80 stands where one of this file should/,
    )
    await adopting().configure(spec, never)
    await balancer.configure(specOf([]), never)
    expect(rules()).toEqual([])
  })

  test('takes over a member where the file says so, which serves on at its full weight', async () => {
    const balancer = adopting()
    await balancer.configure(specOf([]), never)
    const ip = '127.10.9.7'
    const server = { ServerId: shop.anInstance(ip), ServerType: 'Ecs', Port: 8080, Weight: 100 }
    await by('AddServersToServerGroup', { ServerGroupId: groups()[0]!.id, Servers: [server] })
    await balancer.put('api', [{ id: server.ServerId, address: `${ip}:8080`, weight: 100 }], never)
    expect(groups()[0]!.servers).toMatchObject([
      { weight: 100, description: `tidegate/demo/fleet/${server.ServerId}` },
    ])
  })

  test('a group that a listener of somebody else sends to stays, and keeps nothing from landing', async () => {
    const balancer = shop.balancer()
    await balancer.configure(specOf([]), never)
    const { id } = groups()[0]!
    const place = { LoadBalancerId: shop.id, ListenerPort: 8080, ListenerProtocol: 'HTTP' }
    await by('CreateListener', { ...place, DefaultActions: [forward(id)] })
    await balancer.configure(aBalancerSpec([]), never)
    expect(groups().map((one) => one.id)).toEqual([id])
  })

  test('a certificate that others have added to a listener of the file stays', async () => {
    const balancer = shop.balancer()
    await balancer.configure(secure(main, blog), never)
    const { CertId } = shop.cloud.ask('cas', 'UploadUserCertificate', {
      Name: 'theirs',
      Cert: theirs!.cert,
      Key: theirs!.key,
    })
    const id = `${CertId}-cn-hangzhou`
    await by('AssociateAdditionalCertificatesWithListener', {
      ListenerId: listeners()[0]!.id,
      Certificates: [{ CertificateId: id }],
    })
    await balancer.configure(secure(main), never)
    expect(listeners()[0]!.certificates).toMatchObject([{ isDefault: true }, { id, isDefault: false }])
  })

  afterEach(() => {
    const config = albConfigOf(shop.id, { adopt: true })
    const allowed = albPermissions(config, secure(main)).map(({ action }) => action.split(':')[1])
    const byTest = ['RunInstances', 'CreateLoadBalancer']
    expect(shop.cloud.calls.filter((action) => ![...allowed, ...byTest].includes(action))).toEqual([])
  })
})
