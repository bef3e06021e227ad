import { expect, test } from 'vitest'
import { Fault } from '../core/fault.ts'
import { inServer } from '../scaling/erlang.ts'
import { SimHistory } from '../simulator/sim-history.ts'
import { VirtualClock } from '../simulator/virtual-clock.ts'
import { Learner, readCapacity } from './learner.ts'

const MINUTE = 60_000
const NOW = Date.UTC(2026, 0, 8)

/** Three days of five servers with 8 slots and 80 requests a second, used to between a fifth and 95 %. */
async function lived(): Promise<SimHistory> {
  const history = new SimHistory(new VirtualClock(NOW))
  const steps = Array.from({ length: 3 * 24 * 60 }, (_, minute) => {
    const used = 0.575 - 0.375 * Math.cos((minute / 1440) * 2 * Math.PI)
    return { at: NOW - (3 * 24 * 60 - minute) * MINUTE, used }
  })
  const series = {
    throughput: ({ used }: { used: number }) => 5 * 80 * used,
    'in-flight': ({ used }: { used: number }) => 5 * inServer({ slots: 8 }, used),
    serving: () => 5,
  }
  for (const [metric, carried] of Object.entries(series))
    await history.import(
      { fleet: 'api', metric },
      steps.map((step) => ({ at: step.at, value: carried(step) })),
    )
  return history
}

test('what a server carries is learned from the history', async () => {
  const capacity = await readCapacity('api', await lived(), NOW)
  expect(capacity).toMatchObject({ by: 'queue', confident: true })
  expect(capacity!.mostRps.value).toBeGreaterThan(76)
  expect(capacity!.mostRps.value).toBeLessThan(84)
  expect(capacity!.slots).toBeGreaterThanOrEqual(7)
  expect(await readCapacity('other', await lived(), NOW)).toBeNull()
})

test('a learner keeps what it knows while the history fails, and gives up over a defect', async () => {
  const learner = new Learner()
  learner.look('api', await lived(), NOW)
  await new Promise(setImmediate)
  await new Promise(setImmediate)
  const known = learner.capacity
  expect(known).not.toBeNull()
  const broken = (error: Error) => ({ read: () => Promise.reject(error) })
  learner.look(
    'api',
    broken(new Fault('store.failed', 'gone', { source: 'internal', retry: 'yes' })),
    NOW + 3_600_000,
  )
  await new Promise(setImmediate)
  expect(learner.capacity).toBe(known)
  learner.look('api', broken(new Error('a defect')), NOW + 7_200_000)
  await new Promise(setImmediate)
  expect(() => learner.look('api', broken(new Error('x')), NOW + 7_200_001)).toThrow('a defect')
})
