import { beforeEach, expect, test } from 'vitest'
import type { LaunchRequest } from '../../src/core/fleet.ts'
import type { Transport } from '../../src/drivers/alicloud/client/transport.ts'
import { withEcs, withInstance } from '../../src/sandbox/ecs/instances.ts'
import { Cloud, START } from '../kit/cloud.ts'
import { hideAll, openFleet, requestOf, sandboxKeys, troubled, ZONES } from '../kit/ecs.ts'
import { type FleetHarness, fleetContract } from './fleet.ts'
import { parkingContract } from './parking.ts'

const never = new AbortController().signal
const HOUR = 3_600_000

beforeEach(sandboxKeys)

async function harness(): Promise<FleetHarness> {
  const cloud = new Cloud()
  const over = { warm: 2 }
  return {
    fleet: openFleet(cloud, { over }),
    request: (count) => requestOf(cloud, count),
    pass: () => cloud.advance(1000),
    reopen: async () => openFleet(cloud, { over }),
    async crash(id) {
      const instance = cloud.world.ecs.instances.get(id)!
      cloud.world = withInstance(cloud.world, { ...instance, status: 'Stopped' })
    },
    close: async () => {},
  }
}

fleetContract('alicloud-ecs in the sandbox', harness)
parkingContract('alicloud-ecs in the sandbox', harness)

const zonesOf = (cloud: Cloud) => [...cloud.world.ecs.instances.values()].map(({ vSwitch }) => vSwitch).sort()

test('spreads servers evenly over zones, and tags each in the call that makes it', async () => {
  const cloud = new Cloud()
  const fleet = openFleet(cloud)
  const request = requestOf(cloud, 4)
  await fleet.launch(request, never)
  await fleet.launch(requestOf(cloud, 2), never)
  expect(zonesOf(cloud)).toEqual([...ZONES, ...ZONES].sort())
  const [first] = cloud.world.ecs.instances.values()
  expect(first!.tags).toEqual({
    'tidegate:installation': 'demo',
    'tidegate:fleet': 'api',
    'tidegate:token': request.token,
    'tidegate:revision': 'r1',
  })
  expect(first!.autoReleaseAt).toBeGreaterThanOrEqual(START + 44 * 60_000)
})

test('goes to another zone where one has nothing, and remembers that for a while', async () => {
  const cloud = troubled({ kind: 'no-stock', zone: 'cn-hangzhou-h' })
  const fleet = openFleet(cloud)
  expect((await fleet.launch(requestOf(cloud, 3), never)).ids).toHaveLength(3)
  expect(zonesOf(cloud)).not.toContain(ZONES[0])
  const asked = cloud.calls.filter((action) => action === 'RunInstances').length
  await cloud.advance(5000)
  await fleet.launch(requestOf(cloud, 2), never)
  // Two that stay in step: one call for both, and none where there was nothing.
  expect(cloud.calls.filter((action) => action === 'RunInstances')).toHaveLength(asked + 1)
  await cloud.advance(5 * 60_000)
  cloud.world = { ...cloud.world, faults: [] }
  await fleet.launch(requestOf(cloud, 1), never)
  expect(zonesOf(cloud)).toContain(ZONES[0])
})

test('goes to the next type where no zone has the first, and says what is short when none has any', async () => {
  const cloud = new Cloud()
  const none = ZONES.map((zone) => [`cn-hangzhou-${zone.at(-1)} ecs.g7.large`, 0] as const)
  cloud.world = withEcs(cloud.world, { stock: new Map(none) })
  const fleet = openFleet(cloud)
  await fleet.launch(requestOf(cloud, 2), never)
  expect([...cloud.world.ecs.instances.values()].map(({ type }) => type)).toEqual([
    'ecs.g7.xlarge',
    'ecs.g7.xlarge',
  ])
  const empty = troubled({ kind: 'no-stock' })
  await expect(openFleet(empty).launch(requestOf(empty, 2), never)).rejects.toMatchObject({
    code: 'fleet.launch-failed',
    retry: 'no',
    message: expect.stringContaining('vsw-sandbox-h ecs.g7.large: OperationDenied.NoStock'),
  })
})

test('asks again where nothing was lately when there is nothing else', async () => {
  const cloud = troubled({ kind: 'no-stock' })
  const fleet = openFleet(cloud)
  await expect(fleet.launch(requestOf(cloud, 2), never)).rejects.toMatchObject({ retry: 'no' })
  cloud.world = { ...cloud.world, faults: [] }
  expect((await fleet.launch(requestOf(cloud, 2), never)).ids).toHaveLength(2)
})

test('takes what there is, and says why there is no more', async () => {
  const cloud = new Cloud()
  const some = ZONES.flatMap((zone) =>
    ['ecs.g7.large', 'ecs.g7.xlarge'].map((type) => [`cn-hangzhou-${zone.at(-1)} ${type}`, 1] as const),
  )
  cloud.world = withEcs(cloud.world, { stock: new Map(some) })
  const receipt = await openFleet(cloud).launch(requestOf(cloud, 10), never)
  expect(receipt.ids).toHaveLength(6)
  expect(receipt.why).toContain('nothing more to be had')
})

test('more than a call may ask for is asked for in several', async () => {
  const cloud = new Cloud()
  const receipt = await openFleet(cloud).launch(requestOf(cloud, 350), never)
  expect(new Set(receipt.ids).size).toBe(350)
})

test('stops where no other zone would help, with the code, the request and what to do', async () => {
  const cloud = new Cloud()
  cloud.world = withEcs(cloud.world, { quota: 0 })
  const fleet = openFleet(cloud)
  await expect(fleet.launch(requestOf(cloud, 9), never)).rejects.toMatchObject({
    retry: 'no',
    message: expect.stringMatching(
      /QuotaExceed\.ElasticQuota: .* \(request SANDBOX-\w+\); the quota has to be raised/,
    ),
  })
})

test('a launch whose answer is lost is found again, and not made twice, also by another controller', async () => {
  const cloud = troubled({ kind: 'lost-answer' }, { operation: 'ecs RunInstances' })
  const request = requestOf(cloud, 3)
  await expect(openFleet(cloud).launch(request, never)).rejects.toMatchObject({ retry: 'unknown' })
  cloud.world = { ...cloud.world, faults: [] }
  await cloud.advance(5000)
  const made = cloud.world.ecs.instances.size
  expect(made).toBeGreaterThan(0)
  const receipt = await openFleet(cloud).launch(request, never)
  expect(receipt.ids).toHaveLength(made)
  expect(cloud.world.ecs.instances.size).toBe(made)
})

test('the same controller asks again with the same tokens, also before the list shows anything', async () => {
  const cloud = troubled({ kind: 'lost-answer' }, { operation: 'ecs RunInstances' })
  const fleet = openFleet(cloud)
  const request = requestOf(cloud, 3)
  await expect(fleet.launch(request, never)).rejects.toMatchObject({ retry: 'unknown' })
  cloud.world = { ...cloud.world, faults: [] }
  const receipt = await fleet.launch(request, never)
  expect([...cloud.world.ecs.instances.keys()].sort()).toEqual([...receipt.ids].sort())
  expect(receipt.ids.length).toBeLessThanOrEqual(3)
})

/** A launch by a controller that is killed when the cloud has done so many calls, and by one that is started at once. */
async function killedAndRepeated(cloud: Cloud, request: LaunchRequest, calls: number, restarted: () => void) {
  const asked: string[] = []
  const stop = new AbortController()
  const transport: Transport = async (sent, signal) => {
    const answer = await cloud.transport(sent, signal)
    if (sent.headers['x-acs-action'] === 'RunInstances') asked.push(new URL(sent.url).search)
    if (asked.length === calls) stop.abort(new Error('killed'))
    signal.throwIfAborted()
    return answer
  }
  await expect(openFleet(cloud, { transport }).launch(request, stop.signal)).rejects.toThrow('killed')
  const before = asked.splice(0)
  restarted()
  const { ids } = await openFleet(cloud, { transport }).launch(request, never)
  return { before, after: asked, ids }
}

test('a controller that is started anew makes the same calls again, before the list shows anything', async () => {
  const cloud = new Cloud()
  const request = requestOf(cloud, 4)
  const { before, after, ids } = await killedAndRepeated(cloud, request, 2, () => hideAll(cloud))
  expect(after.slice(0, 2)).toEqual(before)
  expect(after[0]).toContain(`ClientToken=${request.token}&`)
  expect([...cloud.world.ecs.instances.keys()].sort()).toEqual([...ids].sort())
  expect(ids).toHaveLength(4)
})

test('it buys no more than were asked for where a zone has something again that it had not', async () => {
  const cloud = troubled({ kind: 'no-stock', zone: 'cn-hangzhou-h' })
  const { ids } = await killedAndRepeated(cloud, requestOf(cloud, 3), 2, () => {
    cloud.world = { ...cloud.world, faults: [] }
    hideAll(cloud)
  })
  expect(ids).toHaveLength(3)
  expect(zonesOf(cloud)).toEqual(ZONES)
})

test('a call with the same token and other words leaves the outcome unknown, and is found in the list', async () => {
  const cloud = troubled({ kind: 'lost-answer' }, { operation: 'ecs RunInstances' })
  const request = requestOf(cloud, 3)
  await expect(openFleet(cloud).launch(request, never)).rejects.toMatchObject({ retry: 'unknown' })
  cloud.world = { ...cloud.world, faults: [] }
  const made = [...cloud.world.ecs.instances.keys()]
  const other = { ...request, revision: 'r2' }
  hideAll(cloud)
  await expect(openFleet(cloud).launch(other, never)).rejects.toMatchObject({
    retry: 'unknown',
    message: expect.stringContaining('IdempotentParameterMismatch'),
  })
  await cloud.advance(HOUR / 2)
  expect([...cloud.world.ecs.instances.keys()]).toEqual(made)
})

test('tokens of calls are never longer than the cloud takes', async () => {
  const cloud = new Cloud()
  const token = `${'i'.repeat(50)}.${cloud.clock.now()}`
  const { ids } = await openFleet(cloud).launch({ ...requestOf(cloud, 3), token }, never)
  expect(ids).toHaveLength(3)
})

test('joined servers release themselves no more', async () => {
  const cloud = new Cloud()
  const fleet = openFleet(cloud)
  const { ids } = await fleet.launch(requestOf(cloud, 2), never)
  await cloud.advance(30_000)
  await fleet.confirm([ids[0]!], never)
  await fleet.confirm([ids[0]!], never)
  expect(cloud.calls.filter((action) => action === 'ModifyInstanceAutoReleaseTime')).toHaveLength(1)
  await cloud.advance(HOUR)
  expect([...cloud.world.ecs.instances.keys()]).toEqual([ids[0]])
})

test('touches nothing that is not its own', async () => {
  const cloud = new Cloud()
  const mine = openFleet(cloud)
  const { ids } = await mine.launch(requestOf(cloud, 1), never)
  const launch = {
    ImageId: 'sandbox-image',
    InstanceType: 'ecs.g7.large',
    VSwitchId: ZONES[0]!,
    SecurityGroupId: 'sg-sandbox',
  }
  const [foreign] = cloud.ask('ecs', 'RunInstances', {
    ...launch,
    Tag: [
      { Key: 'tidegate:installation', Value: 'other' },
      { Key: 'tidegate:fleet', Value: 'api' },
    ],
  }).InstanceIdSets.InstanceIdSet
  await cloud.advance(40_000)
  const sibling = openFleet(cloud, { fleet: 'web' })
  expect((await sibling.list(never)).servers).toEqual([])
  await sibling.retire(ids, never)
  await mine.retire([foreign, ...ids], never)
  expect([...cloud.world.ecs.instances.keys()]).toEqual([foreign])
})

test('a server that is being made is deleted later, the others now', async () => {
  const cloud = new Cloud()
  const fleet = openFleet(cloud)
  const [old] = (await fleet.launch(requestOf(cloud, 1), never)).ids
  await cloud.advance(40_000)
  const [young] = (await fleet.launch(requestOf(cloud, 1), never)).ids
  await cloud.advance(3_500)
  await expect(fleet.retire([old!, young!], never)).rejects.toMatchObject({ retry: 'yes' })
  expect([...cloud.world.ecs.instances.keys()]).toEqual([young])
  await cloud.advance(5_000)
  await fleet.retire([young!], never)
  expect(cloud.world.ecs.instances.size).toBe(0)
})

test('of servers of which the cloud keeps one the others are deleted, and it says which and why', async () => {
  const cloud = new Cloud()
  const fleet = openFleet(cloud)
  const { ids } = await fleet.launch(requestOf(cloud, 40), never)
  await cloud.advance(40_000)
  const kept = ids[17]!
  const instance = cloud.world.ecs.instances.get(kept)!
  cloud.world = withInstance(cloud.world, { ...instance, deletionProtection: true })
  await expect(fleet.retire(ids, never)).rejects.toMatchObject({
    retry: 'no',
    message: expect.stringMatching(
      new RegExp(`^${kept} cannot be deleted: InvalidOperation.DeletionProtection: .*switched it on$`),
    ),
  })
  expect([...cloud.world.ecs.instances.keys()]).toEqual([kept])
  expect(cloud.calls.filter((action) => action === 'DeleteInstances').length).toBeLessThan(15)
})

test('what concerns all servers is asked once', async () => {
  const cloud = new Cloud()
  const fleet = openFleet(cloud)
  const { ids } = await fleet.launch(requestOf(cloud, 8), never)
  await cloud.advance(40_000)
  cloud.world = {
    ...cloud.world,
    faults: [
      {
        id: 'f',
        fault: { kind: 'throttled' },
        share: 1,
        untilAt: START + HOUR,
        operation: 'ecs DeleteInstances',
      },
    ],
  }
  await expect(fleet.retire(ids, never)).rejects.toMatchObject({ retry: 'yes' })
  expect(cloud.calls.filter((action) => action === 'DeleteInstances')).toHaveLength(1)
  expect(cloud.world.ecs.instances.size).toBe(8)
})

test('a list that cannot be read is a fault, never an empty fleet', async () => {
  const cloud = troubled({ kind: 'html', status: 502 })
  await expect(openFleet(cloud).list(never)).rejects.toMatchObject({ code: 'fleet.list-failed' })
})
