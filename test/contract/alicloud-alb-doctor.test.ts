import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Finding } from '../../src/core/finding.ts'
import { examineAlb } from '../../src/drivers/alicloud/alb/examine.ts'
import { put } from '../../src/sandbox/alb/resources.ts'
import { AlbShop, albConfigOf } from '../kit/alb-shop.ts'
import { untranslated } from '../kit/chinese.ts'
import { sandboxKeys } from '../kit/ecs.ts'
import { checked, listener } from '../kit/shop.ts'
import { aBalancerSpec, aPoolSpec } from './balancer.ts'

const never = new AbortController().signal

let shop: AlbShop
beforeEach(() => {
  sandboxKeys()
  shop = new AlbShop()
})
afterEach(async () => {
  await shop.close()
})

async function found(serverGroup?: string, config = albConfigOf(shop.id)): Promise<readonly string[]> {
  const pool = { ...checked(aPoolSpec('api')), ...(serverGroup && { part: { serverGroup } }) }
  const spec = { ...aBalancerSpec([pool]), listeners: [listener('api', 80)] }
  const findings = await shop.examined((host, transport) =>
    examineAlb(config, { spec, host, signal: never }, transport),
  )
  const own = findings.filter(({ about }) => about !== 'credentials' && about !== 'clock')
  // But for the cloud's own words.
  const texts = own.flatMap(({ says, fix = '' }) => [says.replace(/ .* \(request \S+\)/, ' X'), fix])
  expect(untranslated(texts)).toEqual([])
  return own.map(lineOf)
}

const lineOf = ({ level, about, says }: Finding) => `${level} ${about}: ${says}`
const ask = (action: string, query: object) => shop.cloud.ask('alb', action, query as never)

async function aGroup(over: object = {}): Promise<string> {
  const HealthCheckConfig = { HealthCheckEnabled: true }
  const query = { ServerGroupName: 'theirs', VpcId: 'vpc-sandbox', HealthCheckConfig, ...over }
  const { ServerGroupId } = ask('CreateServerGroup', query)
  await shop.cloud.advance(5000)
  return ServerGroupId
}

test('an instance that runs, and has nothing at the ports of the file, is right', async () => {
  expect(await found()).toEqual([
    `ok balancers: ${shop.id} runs, at ${shop.id}.cn-hangzhou.alb.aliyuncs.com`,
    `ok listeners: port 80 of ${shop.id} is free for listener api`,
  ])
  expect(shop.cloud.calls.filter((action) => !/^(List|Get|CreateLoadBalancer$)/.test(action))).toEqual([])
})

test('one that cannot carry, or is not there, is a problem, and nothing more is asked', async () => {
  const { world } = shop.cloud
  const one = world.alb.of.loadbalancer.get(shop.id)!
  shop.cloud.world = put(world, 'loadbalancer', { ...one, isFailed: true })
  expect(await found()).toEqual([`problem balancers: ${shop.id} carries nothing: it is CreateFailed`])
  expect(await found(undefined, albConfigOf('alb-none'))).toEqual([
    expect.stringMatching(/^problem balancers: cannot be looked at: ResourceNotFound\.LoadBalancer/),
  ])
})

test('one that Tidegate is to create is told with what it costs, and a vSwitch that is not there', async () => {
  const ordered = (vswitches: readonly string[]) => albConfigOf({ address: 'internet', vswitches })
  expect(await found(undefined, ordered(['vsw-sandbox-h', 'vsw-sandbox-i']))).toEqual([
    'ok balancers: gateway is to be made: + create ALB Standard at an internet address, in vsw-sandbox-h, vsw-sandbox-i',
    'ok costs: gateway costs about 0.147 CNY an hour, its capacity units and what it sends (list price)',
  ])
  expect(await found(undefined, ordered(['vsw-sandbox-h', 'vsw-none']))).toContain(
    'problem balancers: vsw-none is not in cn-hangzhou',
  )
})

test('members of others are counted, and a group that cannot be used is a problem', async () => {
  const group = await aGroup()
  const by = { ServerId: shop.anInstance('127.10.9.1'), ServerType: 'Ecs', Port: 80 }
  ask('AddServersToServerGroup', { ServerGroupId: group, Servers: [by] })
  await shop.cloud.advance(5000)
  expect(await found(group)).toContain(
    `ok server-groups: ${group} of pool api: 0 members are Tidegate's, and 1 of others stay as they are`,
  )
  const { world } = shop.cloud
  shop.cloud.world = put(world, 'servergroup', { ...world.alb.of.servergroup.get(group)!, vpc: 'vpc-other' })
  expect(await found(group)).toContain(
    `problem server-groups: ${group} of pool api stands in another network (VPC) than ${shop.id}`,
  )
  expect(await found('sgp-none')).toContain(
    'problem server-groups: there is no server group sgp-none in this region',
  )
})

test('a port with a listener of somebody else is a problem', async () => {
  const ServerGroupId = await aGroup()
  const forward = { ServerGroupTuples: [{ ServerGroupId }] }
  ask('CreateListener', {
    LoadBalancerId: shop.id,
    ListenerPort: 80,
    ListenerProtocol: 'HTTP',
    DefaultActions: [{ Type: 'ForwardGroup', ForwardGroupConfig: forward }],
  })
  await shop.cloud.advance(5000)
  expect(await found()).toContain(
    `problem listeners: port 80 of ${shop.id} has a listener that is not Tidegate's`,
  )
})
