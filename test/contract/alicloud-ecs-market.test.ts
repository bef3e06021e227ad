import { beforeEach, expect, test } from 'vitest'
import type { Transport } from '../../src/drivers/alicloud/client/transport.ts'
import { withEcs, withInstance } from '../../src/sandbox/ecs/instances.ts'
import { SAMPLE_KEY } from '../../src/sandbox/sample.ts'
import { Cloud, START } from '../kit/cloud.ts'
import { openFleet, requestOf, sandboxKeys, troubled } from '../kit/ecs.ts'

const never = new AbortController().signal
const HOUR = 3_600_000

beforeEach(sandboxKeys)

const DEAR_FIRST = { 'instance-types': ['ecs.g7.xlarge', 'ecs.g7.large'] }
const typesIn = (cloud: Cloud) => [...cloud.world.ecs.instances.values()].map(({ type }) => type)
const spotIn = (cloud: Cloud) =>
  [...cloud.world.ecs.instances.values()].filter(({ spot }) => spot !== 'NoSpot')

test('takes the cheapest type where prices decide, else the first', async () => {
  for (const [prefer, type] of [
    ['order', 'ecs.g7.xlarge'],
    ['price', 'ecs.g7.large'],
  ] as const) {
    const cloud = new Cloud()
    const over = { ...DEAR_FIRST, prefer }
    await openFleet(cloud, { over }).launch(requestOf(cloud, 1, over), never)
    expect(typesIn(cloud)).toEqual([type])
  }
})

test('prices that cannot be had, or come late, keep no launch waiting', async () => {
  for (const fault of [
    { kind: 'html', status: 502 },
    { kind: 'latency', ms: 15_000 },
  ] as const) {
    const cloud = troubled(fault, { operation: 'ecs DescribePrice' })
    const over = { ...DEAR_FIRST, prefer: 'price' }
    const at = cloud.clock.now()
    await openFleet(cloud, { over }).launch(requestOf(cloud, 1, over), never)
    expect(typesIn(cloud)).toEqual(['ecs.g7.xlarge'])
    expect(cloud.clock.now() - at).toBeLessThan(10_000)
  }
})

test('buys the base and a share of the others on demand, also over several launches', async () => {
  const cloud = new Cloud()
  const over = { spot: { base: 1, share: '50%' } }
  const fleet = openFleet(cloud, { over })
  await fleet.launch(requestOf(cloud, 5, over), never)
  expect(spotIn(cloud)).toHaveLength(2)
  await cloud.advance(5_000)
  await fleet.launch(requestOf(cloud, 4, over), never)
  expect(cloud.world.ecs.instances.size).toBe(9)
  expect(spotIn(cloud)).toHaveLength(4)
})

test('with a limit of its price, or as the market goes', async () => {
  const cloud = new Cloud()
  const limited = { spot: { 'price-limit': 0.2 } }
  await openFleet(cloud, { over: limited }).launch(requestOf(cloud, 1, limited), never)
  expect(spotIn(cloud).map(({ spot }) => spot)).toEqual(['SpotWithPriceLimit'])
})

test('a spot market that has nothing within the limit leaves on demand, and is remembered apart from it', async () => {
  const cloud = new Cloud()
  const over = { 'instance-types': ['ecs.g7.large'], spot: { 'price-limit': 0.01 } }
  const fleet = openFleet(cloud, { over })
  await fleet.launch(requestOf(cloud, 3, over), never)
  expect([cloud.world.ecs.instances.size, spotIn(cloud).length]).toEqual([3, 0])
  const asked = cloud.calls.filter((action) => action === 'RunInstances').length
  await cloud.advance(5_000)
  await fleet.launch(requestOf(cloud, 3, over), never)
  expect(cloud.calls.filter((action) => action === 'RunInstances').length - asked).toBe(3)
})

test('a server tells its zone and what it costs, and prices are asked once for a while', async () => {
  const cloud = new Cloud()
  const over = { spot: { base: 1 } }
  const fleet = openFleet(cloud, { over })
  await fleet.launch(requestOf(cloud, 2, over), never)
  for (let round = 0; round < 3; round++) {
    await cloud.advance(11_000)
    await fleet.list(never)
  }
  const { servers } = await fleet.list(never)
  expect(servers.map(({ price }) => price).sort()).toEqual([0.11, 0.68])
  expect(new Set(servers.map(({ zone }) => zone)).size).toBe(2)
  expect(cloud.calls.filter((action) => action === 'DescribePrice')).toHaveLength(2)
})

test('a spot server that the cloud will take back tells so, that it may be replaced before', async () => {
  const cloud = new Cloud()
  const over = { spot: {} }
  const fleet = openFleet(cloud, { over })
  const { ids } = await fleet.launch(requestOf(cloud, 3, over), never)
  await cloud.advance(40_000)
  const instance = cloud.world.ecs.instances.get(ids[1]!)!
  cloud.world = withInstance(cloud.world, { ...instance, recycledAt: START + HOUR })
  await cloud.advance(11_000)
  const { servers } = await fleet.list(never)
  expect(servers.filter(({ notice }) => notice !== undefined)).toMatchObject([
    { id: ids[1], phase: 'running', revision: 'r1', notice: 'the cloud has given notice: recycling' },
  ])
})

test('so does one of which the cloud has planned an event; and when it is gone, its place is short', async () => {
  const cloud = troubled({ kind: 'dies' })
  const over = { 'instance-types': ['ecs.g7.large'] }
  const fleet = openFleet(cloud, { over })
  const { ids } = await fleet.launch(requestOf(cloud, 1, over), never)
  cloud.world = { ...cloud.world, faults: [] }
  await cloud.advance(5_000)
  await fleet.list(never)
  await cloud.advance(11_000)
  expect((await fleet.list(never)).servers).toMatchObject([
    { id: ids[0], notice: 'the cloud has given notice: SystemFailure.Delete' },
  ])
  const [dead] = cloud.world.ecs.instances.values()
  await cloud.advance(30_000)
  expect((await fleet.list(never)).servers).toEqual([])
  await fleet.launch(requestOf(cloud, 2, over), never)
  expect([...cloud.world.ecs.instances.values()].map(({ zone }) => zone)).not.toContain(dead!.zone)
})

test.each([
  [{}, {}, null],
  [{ 'private-pool': 'open' }, { 'PrivatePoolOptions.MatchCriteria': 'Open' }, null],
  [
    { 'private-pool': 'eap-1' },
    { 'PrivatePoolOptions.MatchCriteria': 'Target', 'PrivatePoolOptions.Id': 'eap-1' },
    'eap-1',
  ],
  [{ 'private-pool': 'eap-1', spot: {} }, {}, null],
])('with %j takes out of private pools: %j', async (over, expected, from) => {
  const cloud = new Cloud()
  const pool = { account: SAMPLE_KEY.account, type: 'ecs.g7.large', zone: 'cn-hangzhou-i', total: 1 } as const
  cloud.world = withEcs(cloud.world, { privatePools: [{ id: 'eap-1', matching: 'Open', ...pool }] })
  const asked: URLSearchParams[] = []
  const transport: Transport = (request, signal) => {
    if (request.headers['x-acs-action'] === 'RunInstances') asked.push(new URL(request.url).searchParams)
    return cloud.transport(request, signal)
  }
  await openFleet(cloud, { over, transport }).launch(requestOf(cloud, 1, over), never)
  const sent = [...asked[0]!].filter(([name]) => name.startsWith('PrivatePool'))
  expect(Object.fromEntries(sent)).toEqual(expected)
  expect([...cloud.world.ecs.instances.values()].map(({ privatePool }) => privatePool)).toEqual([from])
})
