import { expect, test } from 'vitest'
import { shadowLines } from '../../src/cli/commands/shadow.ts'
import type { ShadowSettings } from '../../src/controller/shadow.ts'
import { compilePolicies } from '../../src/scaling/policies/compile.ts'
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
  const compiled = compilePolicies(fleet.policies, {})
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems))
  return { id: 's1', fleet, policies: compiled.policies }
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
