import { expect, test } from 'vitest'
import { live } from '../../test/kit/lived.ts'
import { Fault } from '../core/fault.ts'
import { SimHistory } from '../simulator/sim-history.ts'
import { VirtualClock } from '../simulator/virtual-clock.ts'
import { Learner, readCapacity } from './learner.ts'
import { Turns } from './turns.ts'

const NOW = Date.UTC(2026, 0, 8)

async function lived(): Promise<SimHistory> {
  const history = new SimHistory(new VirtualClock(NOW))
  await live(history, 'api', NOW)
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

type Ports = Parameters<Learner['look']>[1]

/** What it tells goes to `told`. */
function portsOf(read: Ports['history']['read'], told: string[] = []): Ports {
  const log = { info: () => {}, warn: () => {}, error: (text: string) => void told.push(text) }
  return { history: { append: () => {}, read }, turns: new Turns(), log }
}

test('a learner keeps what it knows while the history fails, and tells a defect once', async () => {
  const learner = new Learner(null)
  const told: string[] = []
  const history = await lived()
  const look = async (read: Ports['history']['read'], now: number) => {
    learner.look('api', portsOf(read, told), now)
    await new Promise(setImmediate)
    await new Promise(setImmediate)
  }
  await look((ask) => history.read(ask), NOW)
  const known = learner.capacity
  expect(known).not.toBeNull()
  const gone = new Fault('store.failed', 'gone', { source: 'internal', retry: 'yes' })
  await look(() => Promise.reject(gone), NOW + 3_600_000)
  expect(told).toEqual([])
  for (const hour of [2, 3]) await look(() => Promise.reject(new Error('a defect')), NOW + hour * 3_600_000)
  expect(learner.capacity).toBe(known)
  expect(told).toEqual(['api: what a server carries cannot be learned: a defect'])
})

test('what was once sure stays until something else is', async () => {
  const learner = new Learner(null)
  const history = await lived()
  const lookAt = async (now: number, read: Ports['history']['read']) => {
    learner.look('api', portsOf(read), now)
    await new Promise(setImmediate)
    await new Promise(setImmediate)
    return [learner.capacity?.confident ?? null, learner.surelyRps]
  }
  expect(learner.surelyRps).toBeNull()
  const low = (await readCapacity('api', history, NOW))!.mostRps.low
  expect(await lookAt(NOW, (ask) => history.read(ask))).toEqual([true, low])
  expect(await lookAt(NOW + 3_600_000, (ask) => history.read({ ...ask, fleet: 'other' }))).toEqual([
    null,
    low,
  ])
})

test('fleets that start together learn one a second', async () => {
  const read: string[] = []
  const history = await lived()
  const ports = portsOf((ask) => {
    if (ask.metric === 'throughput') read.push(ask.fleet)
    return history.read(ask)
  })
  const learners = ['api', 'web'].map((fleet) => ({ fleet, learner: new Learner(null) }))
  const begunAt = (now: number) => {
    for (const { fleet, learner } of learners) learner.look(fleet, ports, now)
    return [...new Set(read)]
  }
  expect([begunAt(NOW), begunAt(NOW + 500), begunAt(NOW + 1_000)]).toEqual([['api'], ['api'], ['api', 'web']])
})
