import { expect, test } from 'vitest'
import { watched } from '../../../test/kit/scene.ts'
import { askedByMean, DEFAULT_BEHAVIOR } from '../../scaling/others/hpa.ts'
import { hpa, withBehavior } from './hpa.ts'

const replicas = (cpu: number, target: number, ready: number, have = ready) =>
  askedByMean(cpu / target, { have, ready })

test('twice the target doubles, half of it halves, as the documentation has it', () => {
  expect(replicas(0.8, 0.4, 5)).toBe(10)
  expect(replicas(0.2, 0.4, 10)).toBe(5)
})

test('within a tenth of the target nothing changes', () => {
  expect(replicas(0.65, 0.6, 20)).toBe(20)
  expect(replicas(0.54, 0.6, 20)).toBe(20)
  expect(replicas(0.67, 0.6, 20)).toBe(23)
})

test('pods that are not ready count as idle on the way up, and may not turn it', () => {
  // 4 of 8 are ready and use 90 %: over all 8 that is 45 %, below the target of 60 %.
  expect(replicas(0.9, 0.6, 4, 8)).toBe(8)
  expect(replicas(0.9, 0.6, 4, 5)).toBe(6)
  expect(replicas(0.3, 0.6, 4, 8)).toBe(2)
})

test('of 80 replicas for 10, 8 leave in the first minute and 8 in the next, below 40 always 4', () => {
  const behavior = {
    ...DEFAULT_BEHAVIOR,
    downStabilizationMs: 0,
    down: [
      { kind: 'pods', value: 4, periodMs: 60_000 },
      { kind: 'percent', value: 10, periodMs: 60_000 },
    ],
  } as const
  const fleet = watched(
    withBehavior(behavior, () => 10),
    { have: 80 },
  )
  expect(fleet.after(15, {})).toBe(72)
  expect(fleet.after(45, {})).toBe(72)
  expect(fleet.after(15, {})).toBe(64)
  expect([60, 60, 60, 60, 60, 60, 60].map((seconds) => fleet.after(seconds, {}))).toEqual([
    57, 51, 45, 40, 36, 32, 28,
  ])
})

test('by default it grows by 4 pods or to twice as many every 15 s', () => {
  const fleet = watched(
    withBehavior(DEFAULT_BEHAVIOR, () => 100),
    { have: 1 },
  )
  expect([15, 15, 15, 15, 15, 15].map((seconds) => fleet.after(seconds, {}))).toEqual([
    5, 10, 20, 40, 80, 100,
  ])
})

test('scale-in waits until nobody wanted more for five minutes', () => {
  const fleet = watched(hpa.create(0.5), { have: 10 })
  expect(fleet.after(60, { cpu: 0.5 })).toBe(10)
  expect(fleet.after(285, { cpu: 0.25 })).toBe(10)
  expect(fleet.after(45, { cpu: 0.25 })).toBeLessThan(10)
})
