import { afterEach, beforeEach, expect, test } from 'vitest'
import type { BalancerSpec, MemberSpec } from '../../src/core/balancer.ts'
import { parseClb } from '../../src/drivers/alicloud/clb/config.ts'
import { openClb } from '../../src/drivers/alicloud/clb/open.ts'
import { withInstance } from '../../src/sandbox/ecs/instances.ts'
import { REGION } from '../kit/cloud.ts'
import { sandboxKeys } from '../kit/ecs.ts'
import { refusal } from '../kit/refusal.ts'
import { configOf, Shop } from '../kit/shop.ts'
import { aBalancerSpec, aPoolSpec } from './balancer.ts'

/** What a wrong file or account meets: the cloud's code, the request's id, what it means and what to do. */
const never = new AbortController().signal
let shop: Shop
beforeEach(() => {
  sandboxKeys()
  shop = new Shop()
})
afterEach(async () => {
  await shop.close()
})

const spec = (part?: object): BalancerSpec =>
  aBalancerSpec([{ ...aPoolSpec('api'), ...(part && { part: part as never }) }])

function opened(over: Record<string, string>) {
  const parsed = parseClb({ region: REGION, 'load-balancer': shop.id, ...over })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  const log = { info() {}, warn() {}, error() {} }
  let drawn = 0
  const host = {
    clock: shop.cloud.clock,
    rng: () => ++drawn / 1000,
    log,
    installation: 'demo',
    stateDir: '/nowhere',
  }
  const probe = async () => ({ ok: true, ms: 1, detail: '' })
  return openClb(parsed.config, { name: 'shop', probe }, host, shop.cloud.transport).balancer
}

const configured = (over: Record<string, string>, part?: object) =>
  refusal(() => shop.cloud.until(opened(over).configure(spec(part), never)))

test('a CLB that there is not', async () => {
  expect(await configured({ 'load-balancer': 'lb-none' })).toMatch(
    /^lb-none cannot be read: InvalidLoadBalancerId\.NotFound: .* \(request \S+\); load-balancer of the file has to be put right$/,
  )
})

test('a server group that there is not', async () => {
  expect(await configured({}, { serverGroup: 'rsp-none' })).toMatch(
    /^server group rsp-none cannot be read: InvalidParameter: .* \(request \S+\); what the file names has to be put right$/,
  )
})

test('a region that there is not', async () => {
  expect(await configured({ region: 'cn-nowhere' })).toMatch(/^lb-\S+ cannot be read: Invalid/)
})

test('a permission that is missing', async () => {
  const fault = {
    id: 'f',
    fault: { kind: 'forbidden' as const },
    share: 1,
    untilAt: Number.POSITIVE_INFINITY,
  }
  shop.cloud.world = { ...shop.cloud.world, faults: [fault] }
  expect(await configured({})).toMatch(
    /: Forbidden\.RAM: .*; these credentials need slb:\w+: see `tidegate alicloud policy`$/,
  )
})

test('arrears, where it is to be bought', async () => {
  const fault = { kind: 'forbidden' as const, code: 'Account.Arrearage' }
  const rule = { id: 'f', fault, share: 1, untilAt: Number.POSITIVE_INFINITY }
  shop.cloud.world = { ...shop.cloud.world, faults: [rule] }
  const order = { specification: 'slb.s2.small', address: 'internet' }
  const created = shop.balancer(configOf(order)).configure(spec(), never)
  expect(await refusal(() => created)).toMatch(
    /: Account\.Arrearage: Your account has been in arrears\. \(request \S+\); the account has to be topped up$/,
  )
  // One that is there goes on.
  await shop.balancer().configure(spec(), never)
})

async function refusedServer(member: MemberSpec, balancer = shop.balancer()): Promise<string> {
  await balancer.configure(spec(), never)
  return await refusal(() => balancer.put('api', [member], never))
}

test('a server that does not run', async () => {
  const id = shop.anInstance('127.10.9.1')
  const instance = shop.cloud.world.ecs.instances.get(id)!
  shop.cloud.world = withInstance(shop.cloud.world, { ...instance, status: 'Stopped' })
  expect(await refusedServer({ id, address: '127.10.9.1:80', weight: 1 })).toMatch(
    /: ObtainIpFail: .*; a server has to exist and to run before it can join$/,
  )
})

test('a server of another network', async () => {
  const id = shop.anInstance('127.10.9.1')
  const { LoadBalancerId } = shop.cloud.ask('slb', 'CreateLoadBalancer', { VSwitchId: 'vsw-sandbox-2' })
  const member = { id, address: '127.10.9.1:80', weight: 1 }
  expect(await refusedServer(member, shop.balancer(configOf(LoadBalancerId)))).toMatch(
    /: NetworkConflict: .*; it stands in another network \(VPC\) than the balancer$/,
  )
})

test('what is under way when it is closed ends as a fault, not as a defect', async () => {
  const balancer = shop.balancer()
  await balancer.configure(spec(), never)
  await shop.cloud.advance(60_000)
  const reading = balancer.members('api', never)
  await shop.close()
  await expect(reading).rejects.toMatchObject({ name: 'Fault', code: 'balancer.unreachable' })
})
