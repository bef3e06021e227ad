import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { BalancerSpec } from '../../src/core/balancer.ts'
import { AlbShop, albConfigOf } from '../kit/alb-shop.ts'
import { Authority } from '../kit/certificates.ts'
import { sandboxKeys } from '../kit/ecs.ts'
import { checked, configOf, listener, type Market, Shop } from '../kit/shop.ts'
import { aBalancerSpec, aPoolSpec } from './balancer.ts'

const never = new AbortController().signal
const authority = new Authority()
afterAll(() => authority.remove())
const [first, second] = [authority.issue(['a.test']), authority.issue(['b.test'])]
beforeEach(sandboxKeys)

/** Without a pair nothing is encrypted. */
function specOf(pair?: typeof first): BalancerSpec {
  const api = checked(aPoolSpec('api'))
  if (pair === undefined) return { ...aBalancerSpec([api]), listeners: [listener('api', 80)] }
  const certificates = [{ cert: pair.certFile, key: pair.keyFile }]
  const tls = { certificates, minVersion: 'TLSv1.2' as const, groups: [], handshakeMs: 10_000 }
  return { ...aBalancerSpec([api]), listeners: [listener('api', 443, { protocol: 'https', tls })] }
}

/** Of these operations, or of none from now on. */
function forbid({ cloud }: Market, ...operations: readonly string[]): void {
  const faults = operations.map((operation) => ({
    id: operation,
    fault: { kind: 'forbidden' } as const,
    operation,
    share: 1,
    untilAt: Number.POSITIVE_INFINITY,
  }))
  cloud.world = { ...cloud.world, faults }
}

describe('ALB', () => {
  const ORDER = { address: 'internet', vswitches: ['vsw-sandbox-h', 'vsw-sandbox-i'] }
  let shop: AlbShop
  beforeEach(() => {
    shop = new AlbShop()
  })
  afterEach(() => shop.close())

  const ids = () => [...shop.cloud.world.cas.certificates.keys()]
  const groups = () => [...shop.cloud.world.alb.of.servergroup.values()]
  const alb = (action: string, query: object) => shop.cloud.ask('alb', action, query as never)
  const upload = (Name: string) =>
    shop.cloud.ask('cas', 'UploadUserCertificate', { Name, Cert: first.cert, Key: first.key }).CertId

  test('the last one goes when no listener needs any, and those of others stay', async () => {
    const theirs = upload('theirs')
    const balancer = shop.balancer()
    await balancer.configure(specOf(first), never)
    expect(ids()).toHaveLength(2)
    await balancer.configure(specOf(), never)
    expect(ids()).toEqual([theirs])
  })

  test('nothing keeps a file without TLS from whoever may not see certificates', async () => {
    forbid(shop, 'cas ListUserCertificateOrder')
    await shop.balancer().configure(specOf(), never)
    await expect(shop.balancer().configure(specOf(first), never)).rejects.toThrow('yundun-cert:')
  })

  test('one that has expired meanwhile is known again, and goes when there is another', async () => {
    const balancer = shop.balancer()
    await balancer.configure(specOf(first), never)
    const [one] = shop.cloud.world.cas.certificates.values()
    const certificates = new Map([[one!.id, { ...one!, until: shop.cloud.now() - 1 }]])
    shop.cloud.world = { ...shop.cloud.world, cas: { certificates } }
    await shop.balancer().configure(specOf(first), never)
    expect(ids()).toEqual([one!.id])
    await balancer.configure(specOf(second), never)
    expect(ids()).toHaveLength(1)
    expect(ids()).not.toContain(one!.id)
  })

  test('one that a listener of somebody else shows stays until that is gone', async () => {
    const balancer = shop.balancer()
    await balancer.configure(specOf(first), never)
    const [one] = ids()
    const forward = { ServerGroupTuples: [{ ServerGroupId: groups()[0]!.id }] }
    const { ListenerId } = alb('CreateListener', {
      LoadBalancerId: shop.id,
      ListenerPort: 8443,
      ListenerProtocol: 'HTTPS',
      Certificates: [{ CertificateId: `${one}-cn-hangzhou` }],
      DefaultActions: [{ Type: 'ForwardGroup', ForwardGroupConfig: forward }],
    })
    await shop.cloud.advance(5_000)
    await balancer.configure(specOf(), never)
    expect(ids()).toEqual([one])
    alb('DeleteListener', { ListenerId })
    await shop.cloud.advance(5_000)
    await balancer.configure(specOf(), never)
    expect(ids()).toEqual([])
  })

  test('those of a balancer that was in another region stay: what listeners show there is not seen', async () => {
    await shop.balancer().configure(specOf(first), never)
    const [one] = ids()
    const [ListenerId] = shop.cloud.world.alb.of.listener.keys()
    alb('DeleteListener', { ListenerId })
    await shop.cloud.advance(5_000)
    await shop.balancer(albConfigOf(shop.id, { region: 'cn-shanghai' })).configure(specOf(second), never)
    expect(ids()).toEqual([one, expect.anything()])
  })

  test('goes with the balancer that was created', async () => {
    const config = albConfigOf(ORDER)
    await shop.balancer(config).configure(specOf(first), never)
    expect(await shop.remove(config)).toMatch(/^alb-/)
    expect(ids()).toEqual([])
  })

  test('what is left when a step fails after the balancer is gone, goes when it is repeated', async () => {
    const config = albConfigOf(ORDER)
    await shop.balancer(config).configure(specOf(first), never)
    forbid(shop, 'alb DeleteServerGroup')
    await expect(shop.remove(config)).rejects.toThrow(/^server group sgp-\S+ cannot be deleted/)
    expect([...shop.cloud.world.alb.of.loadbalancer.keys()]).toEqual([shop.id])
    expect([groups().length, ids().length]).toEqual([1, 0])
    forbid(shop)
    expect(await shop.remove(config)).toBeNull()
    expect(groups()).toEqual([])
  })
})

describe('CLB', () => {
  const ORDER = { specification: 'slb.s2.small', address: 'internet' }
  let shop: Shop
  beforeEach(() => {
    shop = new Shop()
  })
  afterEach(() => shop.close())

  const ids = () => [...shop.cloud.world.slb.certificates.keys()]

  test('nothing keeps a file without TLS from whoever may not see certificates', async () => {
    forbid(shop, 'slb DescribeServerCertificates')
    await shop.balancer().configure(specOf(), never)
    await expect(shop.balancer().configure(specOf(first), never)).rejects.toThrow('slb:Describe')
  })

  test('one that a listener of somebody else shows stays, and keeps nothing from landing', async () => {
    const balancer = shop.balancer()
    await balancer.configure(specOf(first), never)
    const [one] = ids()
    await shop.cloud.advance(1_000)
    const { Code } = shop.cloud.ask('slb', 'CreateLoadBalancerHTTPSListener', {
      LoadBalancerId: shop.id,
      ListenerPort: 8443,
      BackendServerPort: 80,
      HealthCheck: 'off',
      StickySession: 'off',
      ServerCertificateId: one!,
    })
    expect(Code).toBeUndefined()
    await balancer.configure(specOf(second), never)
    expect(ids()).toHaveLength(2)
    await balancer.configure(specOf(), never)
    expect(ids()).toEqual([one])
    expect((await balancer.status(never)).specHash).not.toBeNull()
  })

  test('what is left when a step fails after the balancer is gone, goes when it is repeated', async () => {
    const config = configOf(ORDER)
    await shop.balancer(config).configure(specOf(first), never)
    forbid(shop, 'slb DeleteServerCertificate')
    await expect(shop.remove(config)).rejects.toThrow(/^certificate \S+ cannot be deleted/)
    expect([...shop.cloud.world.slb.balancers.keys()]).toEqual([shop.id])
    expect(ids()).toHaveLength(1)
    forbid(shop)
    expect(await shop.remove(config)).toBeNull()
    expect(ids()).toEqual([])
  })

  test('one that is still shown when the balancer goes stays, and is told', async () => {
    const config = configOf(ORDER)
    await shop.balancer(config).configure(specOf(first), never)
    const [one] = ids()
    await shop.cloud.advance(1_000)
    shop.cloud.ask('slb', 'CreateLoadBalancerHTTPSListener', {
      LoadBalancerId: shop.id,
      ListenerPort: 8443,
      BackendServerPort: 80,
      HealthCheck: 'off',
      StickySession: 'off',
      ServerCertificateId: one!,
    })
    expect(await shop.remove(config)).toMatch(/^lb-/)
    expect(ids()).toEqual([one])
    expect(shop.warnings).toEqual([`certificate ${one} stays: a listener still shows it`])
  })
})
