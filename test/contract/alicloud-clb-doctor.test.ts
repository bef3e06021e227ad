import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Finding } from '../../src/core/finding.ts'
import { examineClb } from '../../src/drivers/alicloud/clb/examine.ts'
import { clbInstance } from '../../src/drivers/alicloud/clb/instance.ts'
import { clbPermissions } from '../../src/drivers/alicloud/clb/permissions.ts'
import { untranslated } from '../kit/chinese.ts'
import { sandboxKeys } from '../kit/ecs.ts'
import { checked, configOf, listener, Shop } from '../kit/shop.ts'
import { aBalancerSpec, aPoolSpec } from './balancer.ts'

const never = new AbortController().signal

let shop: Shop
beforeEach(() => {
  sandboxKeys()
  shop = new Shop()
})
afterEach(async () => {
  await shop.close()
})

async function found(serverGroup: string | null = null, config = configOf(shop.id)) {
  const pool = { ...checked(aPoolSpec('api')), part: { serverGroup } }
  const spec = { ...aBalancerSpec([pool]), listeners: [listener('api', 80)] }
  const findings = await shop.examined((host, transport) =>
    examineClb(config, { spec, host, signal: never }, transport),
  )
  return findings.filter(({ about }) => about !== 'credentials' && about !== 'clock')
}

async function aGroup(of: string, backends: readonly object[] = []): Promise<string> {
  const { VServerGroupId } = shop.cloud.ask('slb', 'CreateVServerGroup', {
    LoadBalancerId: of,
    VServerGroupName: 'theirs',
    BackendServers: JSON.stringify(backends),
  })
  await shop.cloud.advance(5000)
  return VServerGroupId
}

const lineOf = ({ level, about, says }: Finding) => `${level} ${about}: ${says}`
const address = () => shop.cloud.world.slb.balancers.get(shop.id)!.address

test('an instance that runs, and has nothing at the ports of the file, is right', async () => {
  const findings = await found()
  expect(findings.map(lineOf)).toEqual([
    `ok balancers: ${shop.id} runs, at ${address()}`,
    `ok listeners: port 80 of ${shop.id} is free for listener api`,
  ])
  expect(shop.cloud.calls.filter((action) => !/^(Describe|Get|CreateLoadBalancer$)/.test(action))).toEqual([])
  expect(untranslated(findings.map(({ says }) => says))).toEqual([])
})

test('one that is stopped, or is not there, is a problem, and nothing more is asked', async () => {
  shop.cloud.ask('slb', 'SetLoadBalancerStatus', { LoadBalancerId: shop.id, LoadBalancerStatus: 'inactive' })
  await shop.cloud.advance(5000)
  const stopped = await found()
  expect(stopped.map(lineOf)).toEqual([`problem balancers: ${shop.id} carries nothing: it is inactive`])
  expect(untranslated(stopped.flatMap(({ says, fix }) => [says, fix!]))).toEqual([])
  expect((await found(null, configOf('lb-none'))).map(lineOf)).toEqual([
    expect.stringMatching(/^problem balancers: cannot be looked at: InvalidLoadBalancerId\.NotFound/),
  ])
})

const ORDER = { specification: 'slb.s2.small', address: 'internet', zones: ['cn-hangzhou-h'] }
const order = (over: object) => configOf({ ...ORDER, ...over })
const texts = (findings: readonly Finding[]) => findings.flatMap(({ says, fix = '' }) => [says, fix])

test('one that Tidegate is to create is told with what it costs, and once it is there as what it is', async () => {
  const findings = await found(null, order({}))
  expect(findings.map(lineOf)).toEqual([
    'ok balancers: gateway is to be made: + create slb.s2.small at an internet address',
    'ok costs: gateway costs about 0.34 CNY an hour and what it sends (2019 list of Hangzhou)',
  ])
  const { clock, installation } = { clock: shop.cloud.clock, installation: 'demo' }
  const instance = clbInstance({ call: shop.cloud.client(), clock }, order({}), {
    installation,
    name: 'gateway',
  })
  await shop.cloud.until(instance.have(never))
  const there = await found(null, order({}))
  expect(lineOf(there[0]!)).toMatch(/^ok balancers: lb-\S+ was created for gateway and is as ordered$/)
  const other = await found(null, order({ specification: 'slb.s1.small' }))
  expect(lineOf(other[0]!)).toMatch(
    /^ok balancers: lb-\S+, which was created for gateway, is to be changed: /,
  )
  expect(untranslated(texts([...findings, ...there, ...other]))).toEqual([])
})

test.each([
  [{ specification: 'slb.s9.huge' }, /warning balancers: slb\.s9\.huge is no specification that is known/],
  [{ zones: ['cn-hangzhou-z'] }, /problem balancers: cn-hangzhou-z is not in cn-hangzhou$/],
  [
    { address: 'intranet', vswitch: 'vsw-none', zones: [] },
    /problem balancers: vsw-none is not in cn-hangzhou$/,
  ],
])('of an order with %o it tells what is wrong', async (over, said) => {
  const findings = await found(null, order(over))
  expect(findings.map(lineOf).join('\n')).toMatch(said)
  expect(untranslated(texts(findings))).toEqual([])
  const { calls } = shop.cloud
  const allowed = clbPermissions(order(over), { listeners: [], pools: [] })
  const names = [
    'GetCallerIdentity',
    'CreateLoadBalancer',
    ...allowed.map(({ action }) => action.split(':')[1]),
  ]
  expect(calls.filter((action) => !names.includes(action))).toEqual([])
})

test("members of others are counted, and a group of another instance's is refused", async () => {
  const id = shop.anInstance('127.10.9.1')
  const own = await aGroup(shop.id, [{ ServerId: id, Port: 8080, Weight: 100 }])
  const fine = await found(own)
  expect(fine.map(lineOf)).toContain(
    `ok server-groups: ${own} of pool api: 0 members are Tidegate's, and 1 of others stay as they are`,
  )
  const { LoadBalancerId } = shop.cloud.ask('slb', 'CreateLoadBalancer', {})
  const other = await aGroup(LoadBalancerId)
  const wrong = await found(other)
  expect(wrong.map(lineOf)).toContain(
    `problem server-groups: ${other} of pool api is one of ${LoadBalancerId}`,
  )
  expect(untranslated([...fine, ...wrong].flatMap(({ says, fix = '' }) => [says, fix]))).toEqual([])
})

test('a port with a listener of somebody else is a problem', async () => {
  const group = await aGroup(shop.id)
  shop.cloud.ask('slb', 'CreateLoadBalancerTCPListener', {
    LoadBalancerId: shop.id,
    ListenerPort: 80,
    Bandwidth: -1,
    VServerGroupId: group,
  })
  await shop.cloud.advance(5000)
  const findings = await found()
  expect(findings.map(lineOf)).toContain(
    `problem listeners: port 80 of ${shop.id} has a listener that is not Tidegate's`,
  )
  expect(untranslated(findings.flatMap(({ says, fix = '' }) => [says, fix]))).toEqual([])
})
