import { expect, test } from 'vitest'
import { watched } from '../../../test/kit/scene.ts'
import { aws, awsTracking } from './aws.ts'
import { ess } from './ess.ts'
import { keda } from './keda.ts'
import { kpa } from './kpa.ts'
import { mig } from './mig.ts'
import { mimirDay } from './mimir.ts'
import { thresholdOne, thresholdShare } from './threshold.ts'

const HOUR = 3600
const DAY = 24 * HOUR

test('the step rule adds after five minutes above 80 %, and then waits five', () => {
  const fleet = watched(thresholdOne.create(0), { have: 10 })
  expect(fleet.after(285, { cpu: 0.9 })).toBe(10)
  expect(fleet.after(15, { cpu: 0.9 })).toBe(11)
  expect(fleet.after(285, { cpu: 0.9 })).toBe(11)
  expect(fleet.after(15, { cpu: 0.9 })).toBe(12)
  expect(watched(thresholdShare.create(0), { have: 11 }).after(300, { cpu: 0.9 })).toBe(14)
  expect(watched(thresholdOne.create(0), { have: 11 }).after(300, { cpu: 0.1 })).toBe(10)
  expect(watched(thresholdOne.create(0), { have: 11 }).after(900, { cpu: 0.5 })).toBe(11)
})

test('KEDA has as many replicas as the rate over the threshold', () => {
  expect(watched(keda.create(0.5), { have: 3 }).after(15, { rps: 210 })).toBe(6)
  expect(watched(keda.create(0.5), { have: 10 }).after(60, { rps: 420 })).toBe(10)
})

test('Mimir has what the next half-hour needed a day ago', () => {
  const fleet = watched(mimirDay.create(0.5), { have: 2 })
  fleet.after(12 * HOUR, { rps: 80 })
  fleet.after(60, { rps: 400 })
  fleet.after(23 * HOUR + 1725, { rps: 80 })
  expect(fleet.after(15, { rps: 80 })).toBe(2)
  expect(fleet.after(30, { rps: 80 })).toBe(10)
  expect(fleet.after(1800, { rps: 80 })).toBe(10)
  expect(fleet.after(600, { rps: 80 })).toBe(2)
})

test('KPA needs the stable window over the target', () => {
  const fleet = watched(kpa.create(0.5), { have: 5 })
  // It begins in panic and keeps what there is for a minute.
  expect(fleet.after(75, { rps: 120 })).toBe(5)
  expect(fleet.after(15, { rps: 120 })).toBe(3)
})

test('KPA panics at twice of what is ready, never shrinks then, and ends it a minute after the surge', () => {
  const fleet = watched(kpa.create(0.5), { have: 1 })
  fleet.after(300, { rps: 40 })
  expect(fleet.after(15, { rps: 400 })).toBe(10)
  expect(fleet.after(60, { rps: 40 })).toBe(10)
  expect(fleet.after(15, { rps: 40 })).toBe(5)
})

test('KPA never goes below half of what is ready at once', () => {
  const fleet = watched(kpa.create(0.5), { have: 1 })
  fleet.after(300, { rps: 800 })
  const wants = [15, 15, 15, 15, 15].map((seconds) => fleet.after(seconds, { rps: 0 }))
  // The window empties by a quarter a step; the last of its steps would leave nobody.
  expect(wants).toEqual([15, 10, 5, 2, 1])
})

test('a managed instance group is sized for the peak of the last ten minutes', () => {
  const fleet = watched(mig.create(0.5), { have: 10 })
  expect(fleet.after(15, { cpu: 0.8 })).toBe(16)
  expect(watched(mig.create(0.5), { have: 10 }).after(600, { cpu: 0.5 })).toBe(10)
  const falling = watched(mig.create(0.5), { have: 10 })
  falling.after(60, { cpu: 0.5 })
  expect(falling.after(585, { cpu: 0.25 })).toBe(10)
  expect(falling.after(60, { cpu: 0.25 })).toBeLessThan(10)
})

test('AWS adds in proportion after three minutes above the target, removes after fifteen below 90 % of it', () => {
  const out = watched(awsTracking.create(0.5), { have: 10 })
  expect(out.after(165, { cpu: 0.75 })).toBe(10)
  expect(out.after(15, { cpu: 0.75 })).toBe(15)
  const back = watched(awsTracking.create(0.5), { have: 10 })
  expect(back.after(885, { cpu: 0.25 })).toBe(10)
  expect(back.after(15, { cpu: 0.25 })).toBe(5)
  expect(watched(awsTracking.create(0.5), { have: 10 }).after(1800, { cpu: 0.46 })).toBe(10)
})

test('AWS removes nothing while servers warm up', () => {
  expect(watched(awsTracking.create(0.5), { have: 10 }).after(1800, { cpu: 0.1 }, 1)).toBe(10)
})

test('predictive scaling launches for an hour five minutes before it, from a day of history on', () => {
  const fleet = watched(aws.create(0.5), { have: 2 })
  const quiet = { cpu: 0.5, rps: 80 }
  fleet.after(12 * HOUR, quiet)
  fleet.after(HOUR, { cpu: 0.5, rps: 400 })
  fleet.after(DAY - 13 * HOUR, quiet)
  expect(fleet.after(12 * HOUR - 315, quiet)).toBe(2)
  expect(fleet.after(15, quiet)).toBe(10)
})

test('ESS adds after three evaluations, and then waits for its cooldown', () => {
  const fleet = watched(ess.create(0.5), { have: 10 })
  expect(fleet.after(165, { cpu: 0.75 })).toBe(10)
  expect(fleet.after(15, { cpu: 0.75 })).toBe(15)
  // Servers of an activity in progress start: it takes no other, and the cooldown counts from its end.
  expect(fleet.after(60, { cpu: 0.9 }, 5)).toBe(15)
  expect(fleet.after(285, { cpu: 0.9 })).toBe(15)
  expect(fleet.after(15, { cpu: 0.9 })).toBe(27)
})

test('at its minimum ESS removes nothing, so that no cooldown delays the next launch', () => {
  const fleet = watched(ess.create(0.5), { have: 2, min: 2 })
  expect(fleet.after(1800, { cpu: 0.1 })).toBe(2)
  expect(fleet.after(180, { cpu: 0.9 })).toBe(4)
})

test('ESS removes after fifteen evaluations', () => {
  const fleet = watched(ess.create(0.5), { have: 10 })
  expect(fleet.after(885, { cpu: 0.25 })).toBe(10)
  expect(fleet.after(15, { cpu: 0.25 })).toBe(5)
})
