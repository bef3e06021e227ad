import { describe, expect, test } from 'vitest'
import { messageOf } from '../../src/core/fault.ts'
import type { LaunchMishap, SimFleetNature } from '../../src/simulator/sim-fleet.ts'
import { CrashGate } from '../kit/crash.ts'
import { NOON } from '../kit/scaling.ts'
import { World } from '../kit/world.ts'

interface Story {
  readonly name: string
  readonly nature: Partial<SimFleetNature>
  readonly mishaps: readonly LaunchMishap[]
}

const STORIES: readonly Story[] = [
  { name: 'a quick fleet', nature: {}, mishaps: [] },
  { name: 'a slow fleet, whose launches outlive their ticks', nature: { launchMs: 1500 }, mishaps: [] },
  { name: 'a fleet whose list lags', nature: { listLagMs: 1500 }, mishaps: [] },
  {
    name: 'a fleet that loses the answer to a launch that worked',
    nature: {},
    mishaps: [{ kind: 'unknown', launched: true }],
  },
  {
    name: 'a fleet that loses the answer to a launch that did not',
    nature: {},
    mishaps: [{ kind: 'unknown', launched: false }],
  },
]
const PEAK = 3
const RESTART_MS = 300
const LENGTH_MS = 24_000

/** One server, then three, then one: with the controller killed at one boundary, and started anew a moment later. */
async function tell(story: Story, crashAt: number): Promise<{ world: World; boundaries: number }> {
  const gates: CrashGate[] = []
  const world: World = new World({
    fleet: { min: 1, max: 5, drainMs: 4_000, guards: { inPatienceMs: 2_000 } },
    nature: { bootMs: 100, warmUpMs: 300, stopMs: 200, ...story.nature },
    requestMs: 500,
    wrap: (ports) => {
      const gate = new CrashGate(gates.length === 0 ? crashAt : Number.POSITIVE_INFINITY, revive)
      gates.push(gate)
      return gate.wrap(ports)
    },
  })
  function revive(): void {
    world.kill()
    void world.clock.sleep(RESTART_MS, new AbortController().signal).then(() => world.start())
  }
  world.fleet.mishaps.push(...story.mishaps)
  world.start()
  await world.pass(LENGTH_MS, async () => {
    const at = world.clock.now() - NOON
    world.load = at >= 5_000 && at < 10_000 ? 8 * PEAK : 4
    await inspect(world)
  })
  world.kill()
  return { world, boundaries: gates[0]!.boundaries }
}

/** What must hold at every moment. */
async function inspect(world: World): Promise<void> {
  const { servers } = await world.fleet.list()
  const { intents } = await world.store.recall('api')
  const tokens = new Set(intents.map((intent) => intent.token))
  expect(servers.filter((server) => !tokens.has(server.token))).toEqual([])
  expect(servers.length).toBeLessThanOrEqual(PEAK)
}

/** What must be true in the end, wherever the controller was killed. */
async function judge(world: World): Promise<void> {
  const { servers } = await world.fleet.list()
  const members = await world.balancer.members('api')
  const { intents } = await world.store.recall('api')
  expect(servers.map(({ phase }) => phase)).toEqual(['running'])
  expect(members.map(({ id, weight, state }) => ({ id, weight, state }))).toEqual(
    servers.map(({ id }) => ({ id, weight: 100, state: 'healthy' })),
  )
  expect(world.fleet.everLaunched).toHaveLength(PEAK)
  expect(intents.filter((intent) => intent.closed === null)).toEqual([])
  expect(world.balancer.dropped.filter(({ inFlight }) => inFlight > 0)).toEqual([])
  expect(world.fleet.confirmed).toEqual(new Set(world.fleet.everLaunched))
}

describe.each(STORIES)('$name', (story) => {
  test('comes to the same world wherever the controller is killed', { timeout: 60_000 }, async () => {
    const calm = await tell(story, Number.POSITIVE_INFINITY)
    await judge(calm.world)
    expect(calm.boundaries).toBeGreaterThan(80)
    for (let at = 1; at <= calm.boundaries; at++) {
      const killed = tell(story, at).then(({ world }) => judge(world))
      await killed.catch((error: unknown) => {
        throw new Error(`killed at boundary ${at}: ${messageOf(error)}`, { cause: error })
      })
    }
  })
})
