import { expect, test } from 'vitest'
import { untranslated } from '../../../test/kit/chinese.ts'
import { aFleet, aTarget, aView, NOON } from '../../../test/kit/scaling.ts'
import type { OthersMemory } from '../../core/others.ts'
import type { Millis } from '../../core/time.ts'
import { nextOthers, othersOf } from './others.ts'

const SECOND: Millis = 1_000

/** A fleet that keeps `serving` servers while others reckon, a look each second. */
function beside(serving: number) {
  const fleet = aFleet({ max: 100, policies: [aTarget('in-flight-per-server', 8)] })
  let memory: OthersMemory = {}
  let now = NOON
  return {
    after(seconds: number, metrics: Readonly<Record<string, number>>) {
      for (const end = now + seconds * SECOND; now < end; now += SECOND)
        memory = nextOthers(aView({ fleet, now, serving, metrics }), memory)
      const others = othersOf({ fleet, now: now - SECOND }, memory)
      return Object.fromEntries(others.map(({ rule, want }) => [rule, want]))
    },
    away: (seconds: number) => void (now += seconds * SECOND),
    says: () => othersOf({ fleet, now: now - SECOND }, memory).map(({ says }) => says),
  }
}

test('a rule tells its number only when it has looked for five minutes', () => {
  const others = beside(5)
  expect(others.after(300, { cpu: 0.6 })).toEqual({ hpa: null, 'hpa-target': null, threshold: null })
  expect(others.after(1, { cpu: 0.6 })).toEqual({ hpa: 5, 'hpa-target': null, threshold: 5 })
  expect(others.says()[1]).toBe(
    'HPA on in-flight-per-server at 8 is not known yet: in-flight-per-server: not measured',
  )
})

test('HPA has what the load needs of its own servers, and ours do not change that', () => {
  const others = beside(5)
  expect(others.after(301, { cpu: 0.84, 'in-flight-per-server': 8 })).toMatchObject({
    hpa: 7,
    'hpa-target': 5,
  })
  // 5 servers at 84 % are 7 at 60 %: it has those now and asks for no more.
  expect(others.says()[0]).toBe('HPA on cpu at 60% would have 7: cpu 60% on 7 asks for 7')
  expect(others.after(299, { cpu: 0.3, 'in-flight-per-server': 8 }).hpa).toBe(7)
  expect(others.after(30, { cpu: 0.3, 'in-flight-per-server': 8 }).hpa).toBe(3)
})

test('the threshold adds one when its own five minutes were above 80 %, and then waits five', () => {
  const others = beside(5)
  expect(others.after(420, { cpu: 0.98 }).threshold).toBe(6)
  // 6 in the place of 5 are at 82 %: it adds another, and 7 are below.
  expect(others.after(180, { cpu: 0.98 }).threshold).toBe(6)
  expect(others.after(1, { cpu: 0.98 }).threshold).toBe(7)
  expect(others.after(900, { cpu: 0.98 }).threshold).toBe(7)
})

test('who was away begins anew, with what there is, and says so', () => {
  const others = beside(5)
  others.after(400, { cpu: 0.9 })
  others.away(59)
  expect(others.after(1, { cpu: 0.9 }).hpa).toBe(8)
  others.away(120)
  expect(others.after(1, { cpu: 0.9 }).hpa).toBe(null)
  expect(others.says()[0]).toBe('HPA on cpu at 60% is not known yet: it has looked for 0ms of 5m')
})

test('without data it changes nothing, and says so', () => {
  const others = beside(5)
  others.after(301, { cpu: 0.84 })
  expect(others.after(600, {})).toMatchObject({ hpa: 7, threshold: 6 })
  expect(others.says()[0]).toBe('HPA on cpu at 60% would have 7: cpu: not measured')
  expect(untranslated(others.says())).toEqual([])
})

test('what it keeps is bounded', () => {
  const fleet = aFleet({ max: 100, policies: [aTarget('in-flight-per-server', 8)] })
  let memory: OthersMemory = {}
  for (let second = 0; second < 3_600; second++) {
    const metrics = { cpu: second % 2, 'in-flight-per-server': second % 16 }
    memory = nextOthers(aView({ fleet, now: NOON + second * SECOND, serving: 5, metrics }), memory)
  }
  expect(memory.hpa?.hpa?.asked.length).toBeLessThanOrEqual(20)
  expect(JSON.stringify(memory).length).toBeLessThan(4_000)
})
