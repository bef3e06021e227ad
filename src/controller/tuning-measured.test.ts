import { expect, test } from 'vitest'
import { aFleet, NOON } from '../../test/kit/scaling.ts'
import type { Capacity } from '../core/learned.ts'
import { SimHistory } from '../simulator/sim-history.ts'
import { VirtualClock } from '../simulator/virtual-clock.ts'
import { measuredAround } from './tuning-measured.ts'

const STEP = 300_000
const DAY = 86_400_000
const PROBATION = { sinceAt: NOON - DAY, untilAt: NOON }
const KNEE = { kneeRps: 50, confident: true } as Capacity

/** What a fleet measured: day 0 is the one of the probation. */
async function aHistory(rps: Readonly<Record<number, number>>, skip: (at: number) => boolean = () => false) {
  const history = new SimHistory(new VirtualClock(NOON))
  for (const [day, value] of Object.entries(rps)) {
    const times = Array.from({ length: 288 }, (_, step) => NOON - (Number(day) + 1) * DAY + step * STEP)
    const take = (metric: string, all: readonly number[], value: number) =>
      history.import(
        { fleet: 'api', metric },
        all.map((at) => ({ at, value })),
      )
    await take('rps', times, value)
    await take('have', times, 2)
    const served = times.filter((at) => !skip(at))
    if (served.length > 0) await take('serving', served, 2)
  }
  return history
}

const DAYS = { 0: 130, 1: 20, 7: 100 }
const rpsOf = ({ requests }: { requests: number }) => Math.round(requests / (DAY / 1000))

test('a step is compared with the same hours a week before', async () => {
  const { before, after } = await measuredAround(
    aFleet({}),
    { probation: PROBATION, capacity: KNEE },
    await aHistory(DAYS),
  )
  expect([rpsOf(before), rpsOf(after)]).toEqual([100, 130])
  expect([before.crowded, after.crowded]).toEqual([0, 1])
  expect(after).toMatchObject({ known: 1, serverHours: expect.closeTo(48), p95Ms: null })
})

test('with the day before where the week before is not known, or had other settings', async () => {
  const asked = { probation: PROBATION, capacity: null }
  const { before } = await measuredAround(aFleet({}), asked, await aHistory({ 0: 130, 1: 20 }))
  expect(rpsOf(before)).toBe(20)
  const since = (steadySinceAt: number) => ({ ...asked, probation: { ...PROBATION, steadySinceAt } })
  const history = await aHistory(DAYS)
  const tuned = await measuredAround(aFleet({}), since(NOON - 3 * DAY), history)
  expect(rpsOf(tuned.before)).toBe(20)
  const steady = await measuredAround(aFleet({}), since(NOON - 8 * DAY), history)
  expect(rpsOf(steady.before)).toBe(100)
})

test('a server carries what the file says; steps of which nobody knows who served do not count', async () => {
  const asked = { probation: PROBATION, capacity: KNEE }
  const fleet = aFleet({ capacityRps: 80 })
  const { after } = await measuredAround(fleet, asked, await aHistory(DAYS))
  expect(after.crowded).toBe(0)
  const half = await measuredAround(fleet, asked, await aHistory(DAYS, (at) => at % (2 * STEP) === 0))
  expect(half.after.crowded).toBe(0)
  const none = await measuredAround(fleet, asked, await aHistory(DAYS, () => true))
  expect(none.after.crowded).toBeNull()
})
