import { expect, test } from 'vitest'
import { explanation } from '../../src/cli/explain.ts'
import { untranslated } from '../kit/chinese.ts'
import { World } from '../kit/world.ts'

const MINUTE = 60_000

test('what a fleet does over a wave of load is told and explained in Chinese', async () => {
  const world = new World({
    fleet: { min: 2, max: 20, drainMs: 30_000, guards: { inPatienceMs: 30_000 } },
    requestMs: 3_000,
  })
  const told: string[] = []
  const watch = () => void told.push(...explanation(world.status, undefined))
  world.load = 16
  world.start()
  await world.pass(MINUTE, watch)
  world.load = 8 * 16
  await world.pass(MINUTE, watch)
  world.load = 16
  await world.pass(2 * MINUTE, watch)
  const events = await world.events()
  expect(events.length).toBeGreaterThan(20)
  expect(untranslated([...events, ...told])).toEqual([])
})
