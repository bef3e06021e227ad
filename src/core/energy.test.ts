import { expect, test } from 'vitest'
import { wattsAt, wattsOf } from './energy.ts'

test('a type tells its CPUs by its size; what the file says counts before', () => {
  expect(wattsOf('ecs.g7.large', null)).toEqual({ idle: 1.48, peak: 7 })
  expect(wattsOf('ecs.g7.2xlarge', null)).toEqual({ idle: 5.92, peak: 28 })
  expect(wattsOf('ecs.g7.2xlarge', { idle: 50, peak: 90 })).toEqual({ idle: 50, peak: 90 })
  expect(wattsOf('ecs.ebmg7.huge', null)).toBe(null)
  expect(wattsOf(undefined, null)).toBe(null)
})

test('power grows with the CPU in a straight line, and half of it is used where nobody measures', () => {
  const watts = { idle: 50, peak: 90 }
  expect([0, 0.25, 1, 1.3, null].map((cpu) => wattsAt(watts, cpu))).toEqual([50, 60, 90, 90, 70])
})
