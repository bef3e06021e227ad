import { afterEach, beforeEach, expect, test } from 'vitest'
import type { BalancerSpec } from '../../src/core/balancer.ts'
import { AlbShop, albConfigOf } from '../kit/alb-shop.ts'
import { sandboxKeys } from '../kit/ecs.ts'
import { refusal } from '../kit/refusal.ts'
import { checked, listener } from '../kit/shop.ts'
import { aBalancerSpec, aPoolSpec } from './balancer.ts'

/** What a wrong file or account meets: the cloud's code, the request's id, what it means and what to do. */
const never = new AbortController().signal
let shop: AlbShop
beforeEach(() => {
  sandboxKeys()
  shop = new AlbShop()
})
afterEach(async () => {
  await shop.close()
})

const specOf = (part?: object): BalancerSpec => ({
  ...aBalancerSpec([{ ...checked(aPoolSpec('api')), ...(part && { part: part as never }) }]),
  listeners: [listener('api', 80)],
})
const configured = (spec: BalancerSpec, id = shop.id) =>
  refusal(() => shop.balancer(albConfigOf(id)).configure(spec, never))

test('an ALB that there is not', async () => {
  expect(await configured(specOf(), 'alb-none')).toMatch(
    /^alb-none cannot be read: ResourceNotFound\.LoadBalancer: .* \(request \S+\); load-balancer of the file has to be put right$/,
  )
})

test('a server group of another network', async () => {
  const query = {
    ServerGroupName: 'theirs',
    VpcId: 'vpc-sandbox-2',
    HealthCheckConfig: { HealthCheckEnabled: true },
  }
  const { ServerGroupId: serverGroup } = shop.cloud.ask('alb', 'CreateServerGroup', query)
  await shop.cloud.advance(5_000)
  expect(await configured(specOf({ serverGroup }))).toMatch(
    /^alb-\S+ cannot be configured \(CreateListener\): Mismatch\.VpcId: .*; it stands in another network \(VPC\) than the balancer$/,
  )
})

test('a vSwitch of another network than the first, and arrears, where it is to be bought', async () => {
  const order = { address: 'internet', vswitches: ['vsw-sandbox-i', 'vsw-sandbox-2'] }
  const bought = (vswitches = order.vswitches) =>
    refusal(() => shop.balancer(albConfigOf({ ...order, vswitches })).configure(specOf(), never))
  expect(await bought()).toMatch(
    /: Mismatch\.VpcId: .* vsw-sandbox-2\. \(request \S+\); it stands in another network \(VPC\) than the balancer$/,
  )
  const fault = { kind: 'forbidden' as const, code: 'InvalidAccountStatus.NotEnoughBalance' }
  const rule = { id: 'f', fault, share: 1, untilAt: Number.POSITIVE_INFINITY }
  shop.cloud.world = { ...shop.cloud.world, faults: [rule] }
  expect(await bought(['vsw-sandbox-h', 'vsw-sandbox-i'])).toMatch(
    /: InvalidAccountStatus\.NotEnoughBalance: Your account .* \(request \S+\); the account has to be topped up$/,
  )
})

test('a permission that is missing', async () => {
  const fault = {
    id: 'f',
    fault: { kind: 'forbidden' as const },
    operation: 'alb CreateServerGroup',
    share: 1,
    untilAt: Number.POSITIVE_INFINITY,
  }
  shop.cloud.world = { ...shop.cloud.world, faults: [fault] }
  expect(await configured(specOf())).toMatch(
    /^a server group for pool api cannot be made: .*; these credentials need alb:\w+: see `tidegate alicloud policy`$/,
  )
})

test('a server that there is not, and one that has no address', async () => {
  const balancer = shop.balancer()
  await balancer.configure(specOf(), never)
  const gone = { id: 'i-gone', address: '127.10.9.99:80', weight: 1 }
  expect(await refusal(() => balancer.put('api', [gone], never))).toMatch(
    /: ResourceNotFound\.Ecs: .*; a server has to exist and to run before it can join$/,
  )
  await balancer.configure(specOf({ serverGroup: null, type: 'Ip', protocol: 'HTTP' }), never)
  const named = { id: 'a', address: 'server.test:80', weight: 1 }
  expect(await refusal(() => balancer.put('api', [named], never))).toBe(
    'server.test:80 is no address; a server of this group is an IPv4 address',
  )
})

test('more servers than the edition takes', async () => {
  shop = new AlbShop('Basic')
  const balancer = shop.balancer()
  await balancer.configure(specOf(), never)
  const many = Array.from({ length: 201 }, (_, nth) => {
    const ip = `127.10.${1 + Math.floor(nth / 200)}.${1 + (nth % 200)}`
    return { id: shop.anInstance(ip), address: `${ip}:80`, weight: 1 }
  })
  expect(await refusal(() => balancer.put('api', many, never))).toMatch(
    /: ResourceQuotaExceeded\.\S+: .*; the balancer has as many as it may have; its quota has to be raised/,
  )
})
