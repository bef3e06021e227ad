import { expect, test } from 'vitest'
import { shadowLines } from '../../src/cli/commands/shadow.ts'
import type { ShadowSettings } from '../../src/controller/shadow.ts'
import { EMPTY_MEMORY } from '../../src/controller/state.ts'
import { TUNING_AIMS } from '../../src/core/tuning-spec.ts'
import { policiesOf } from '../../src/scaling/policies/compile.ts'
import { UNTUNED } from '../../src/scaling/tuning/course.ts'
import { untranslated } from '../kit/chinese.ts'
import { aTarget } from '../kit/scaling.ts'
import { World } from '../kit/world.ts'

const MINUTE = 60_000

function reload(world: World, shadow: ShadowSettings | null): void {
  world.shadow = shadow
  world.loops!.fleet.replace(world.settings())
}

function half(world: World): ShadowSettings {
  const fleet = { ...world.spec, policies: [aTarget('in-flight-per-server', 4)] }
  return { id: 's1', fleet, policies: policiesOf(fleet) }
}

/** What is wanted for five minutes, second by second. */
async function run(shadow: boolean) {
  const world = new World({ fleet: { min: 2, max: 20 } })
  world.load = 16
  world.start()
  await world.pass(10_000)
  if (shadow) reload(world, half(world))
  world.load = 40
  const wants: number[] = []
  await world.pass(5 * MINUTE, () => void wants.push(world.status.desired))
  return { world, wants }
}

test('a shadow is journalled, compared and survives a restart, and the active fleet does as without it', async () => {
  const { wants: alone } = await run(false)
  const { world, wants } = await run(true)
  expect(wants).toEqual(alone)
  const { shadow } = world.status
  expect(shadow).toMatchObject({ failed: null, fewer: 0, decision: { have: 5, want: 10 } })
  expect(shadow!.more).toBe(shadow!.ticks)
  expect(shadow!.serverMs).toBeGreaterThan(shadow!.activeServerMs * 1.5)
  const [newest] = await world.store.decisions({ fleet: 'api', limit: 1 })
  expect(newest).toMatchObject({ decision: { want: 5 }, shadow: { want: 10 } })
  expect(untranslated(shadowLines(world.status))).toEqual([])

  world.kill()
  world.start()
  await world.pass(10_000)
  expect(world.status.shadow!.ticks).toBeGreaterThan(shadow!.ticks)
  reload(world, null)
  await world.pass(3_000)
  expect(world.status.shadow).toBe(null)
  expect((await world.store.recall('api')).memory).not.toHaveProperty('shadow')
})

test('the same file in shadow decides the same, whatever has been tuned of it', async () => {
  const tuning = {
    schedule: { cron: '0 3 * * *', end: { afterMs: 30 * MINUTE }, timezone: 'UTC' },
    apply: 'allowed',
    probationMs: 120 * MINUTE,
    aims: TUNING_AIMS,
  } as const
  const world = new World({ fleet: { min: 2, max: 20, tuning } })
  const tuned = [{ key: 'policies.target-in-flight-per-server.value', file: 8, value: 10 }]
  const memory = { ...EMPTY_MEMORY, tuning: { ...UNTUNED, tuned } }
  world.store.recall = async () => ({ memory, intents: [], lastSequence: 0 })
  world.load = 40
  world.shadow = { id: 's1', fleet: world.spec, policies: policiesOf(world.spec) }
  world.start()
  await world.pass(10 * MINUTE)
  expect(world.status.shadow).toMatchObject({ more: 0, fewer: 0, decision: { want: 4 } })
  expect(world.status.decision!.want).toBe(4)
  expect(world.loops!.fleet.inForce.policies).toMatchObject([{ value: 10 }])
})
