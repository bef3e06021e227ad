import { beforeEach, expect, test } from 'vitest'
import type { Fleet } from '../../src/core/fleet.ts'
import { withEcs, withInstance } from '../../src/sandbox/ecs/instances.ts'
import { Cloud, START } from '../kit/cloud.ts'
import { openFleet, requestOf, sandboxKeys } from '../kit/ecs.ts'

const never = new AbortController().signal
const HOUR = 3_600_000
const WARM = { warm: 2, 'instance-types': ['ecs.g7.large'] }

beforeEach(sandboxKeys)

/** So many servers run and have joined, of a fleet that may keep two. */
async function running(cloud: Cloud, count: number): Promise<[Fleet, readonly string[]]> {
  const fleet = openFleet(cloud, { over: WARM })
  const { ids } = await fleet.launch(requestOf(cloud, count, WARM), never)
  await cloud.advance(40_000)
  await fleet.confirm(ids, never)
  return [fleet, ids]
}

const instances = (cloud: Cloud) => [...cloud.world.ecs.instances.values()]
const calls = (cloud: Cloud, name: string) => cloud.calls.filter((action) => action === name).length

test('a server that is parked is stopped without charge, is no server any more, and starts with the next launch', async () => {
  const cloud = new Cloud()
  const [fleet, ids] = await running(cloud, 3)
  await fleet.park!(ids.slice(0, 2), never)
  await cloud.advance(20_000)
  const listed = await fleet.list(never)
  expect(listed.servers.map(({ id }) => id)).toEqual([ids[2]])
  expect(listed.kept).toMatchObject(ids.slice(0, 2).map((id) => ({ id, revision: 'r1' })))
  expect(instances(cloud).filter(({ chargedFrom }) => chargedFrom === null)).toHaveLength(2)

  const request = requestOf(cloud, 3, WARM)
  const bought = calls(cloud, 'RunInstances')
  const receipt = await fleet.launch(request, never)
  expect(receipt.ids).toHaveLength(3)
  expect(receipt.ids).toEqual(expect.arrayContaining(ids.slice(0, 2)))
  expect(calls(cloud, 'RunInstances')).toBe(bought + 1)
  await cloud.advance(30_000)
  const { servers, kept } = await fleet.list(never)
  expect(servers.filter(({ token }) => token === request.token)).toHaveLength(3)
  expect(new Set(servers.map(({ phase }) => phase))).toEqual(new Set(['running']))
  expect(kept).toEqual([])
})

test('one of another version is not started, and is deleted for good when it is retired', async () => {
  const cloud = new Cloud()
  const [fleet, ids] = await running(cloud, 1)
  await fleet.park!(ids, never)
  await cloud.advance(20_000)
  const { ids: fresh } = await fleet.launch({ ...requestOf(cloud, 1, WARM), revision: 'r2' }, never)
  expect(fresh).not.toEqual(ids)
  await fleet.retire(ids, never)
  expect((await fleet.list(never)).kept).toEqual([])
  expect(instances(cloud).map(({ id }) => id)).toEqual(fresh)
})

test('where its place is taken it stays parked, and another is bought', async () => {
  const cloud = new Cloud()
  const [fleet, ids] = await running(cloud, 1)
  await fleet.park!(ids, never)
  await cloud.advance(20_000)
  const { zone } = instances(cloud)[0]!
  cloud.world = withEcs(cloud.world, { stock: new Map([[`${zone} ecs.g7.large`, 0]]) })
  const receipt = await fleet.launch(requestOf(cloud, 1, WARM), never)
  expect(receipt.ids).toHaveLength(1)
  expect(receipt.ids).not.toEqual(ids)
  await cloud.advance(5_000)
  expect((await fleet.list(never)).kept?.map(({ id }) => id)).toEqual(ids)
})

test('spot servers, and what the cloud does not stop so, are released instead', async () => {
  const cloud = new Cloud()
  const over = { spot: { base: 1 } }
  const fleet = openFleet(cloud, { over: { ...WARM, ...over } })
  const { ids } = await fleet.launch(requestOf(cloud, 2, { ...WARM, ...over }), never)
  await cloud.advance(40_000)
  const onDemand = instances(cloud).find(({ spot }) => spot === 'NoSpot')!
  cloud.world = withInstance(cloud.world, { ...onDemand, status: 'Starting' })
  await fleet.park!(ids, never)
  await cloud.advance(1_000)
  expect(instances(cloud).map(({ id }) => id)).toEqual([onDemand.id])
  cloud.world = withInstance(cloud.world, onDemand)
  await fleet.park!(ids, never)
  await cloud.advance(20_000)
  expect(await fleet.list(never)).toMatchObject({ servers: [], kept: [{ id: onDemand.id }] })
})

test('a launch that is repeated starts no others, whatever its first answer was', async () => {
  const cloud = new Cloud()
  const [fleet, ids] = await running(cloud, 2)
  await fleet.park!(ids, never)
  await cloud.advance(20_000)
  const fault = { id: 'f', fault: { kind: 'lost-answer' }, share: 1, untilAt: START + HOUR } as const
  cloud.world = { ...cloud.world, faults: [{ ...fault, operation: 'ecs StartInstances' }] }
  const request = requestOf(cloud, 1, WARM)
  const lost = { code: 'fleet.launch-failed', retry: 'unknown' }
  await expect(fleet.launch(request, never)).rejects.toMatchObject(lost)
  cloud.world = { ...cloud.world, faults: [] }
  const receipt = await openFleet(cloud, { over: WARM }).launch(request, never)
  expect(receipt.ids).toHaveLength(1)
  await cloud.advance(30_000)
  expect(instances(cloud).filter(({ status }) => status === 'Running')).toHaveLength(1)
  expect(instances(cloud)).toHaveLength(2)
})

test('a launch that ended between the mark and the start goes on where it was', async () => {
  const cloud = new Cloud()
  const [fleet, ids] = await running(cloud, 1)
  await fleet.park!(ids, never)
  await cloud.advance(20_000)
  const request = requestOf(cloud, 1, WARM)
  const asleep = instances(cloud)[0]!
  const tags = { ...asleep.tags, 'tidegate:token': request.token }
  cloud.world = withInstance(cloud.world, { ...asleep, tags })
  expect((await openFleet(cloud, { over: WARM }).launch(request, never)).ids).toEqual(ids)
  await cloud.advance(30_000)
  expect(instances(cloud).map(({ status }) => status)).toEqual(['Running'])
})

test('servers of a fleet that nobody has open any more are told of, and left alone', async () => {
  const cloud = new Cloud()
  const { ids } = await openFleet(cloud).launch(requestOf(cloud, 1, WARM), never)
  const stray = cloud.world.ecs.instances.get(ids[0]!)!
  cloud.world = withInstance(cloud.world, { ...stray, tags: { ...stray.tags, 'tidegate:fleet': 'former' } })
  await cloud.advance(5_000)
  expect(await openFleet(cloud).list(never)).toMatchObject({ servers: [], strays: ids })
  expect((await openFleet(cloud, { fleet: 'api' }).list(never)).strays).toEqual(ids)
  expect(cloud.world.ecs.instances.size).toBe(1)
})
