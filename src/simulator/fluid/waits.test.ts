import { expect, test } from 'vitest'
import { waitTail } from '../../scaling/erlang.ts'
import { Waits } from './waits.ts'

const SHAPE = { slots: 8, capacity: 80 }

test('steady requests wait as Erlang says', () => {
  const waits = new Waits(SHAPE, 5000)
  waits.addSteady(1000, 0.8)
  waits.addSteady(3000, 0.4)
  const expected = 1000 * waitTail(SHAPE, 0.8, 0.25) + 3000 * waitTail(SHAPE, 0.4, 0.25)
  expect(waits.longerThan(250)).toBeCloseTo(expected, 6)
})

test('requests behind a backlog wait for it, and a little', () => {
  const waits = new Waits(SHAPE, 5000)
  waits.addBehind(1000, 0, 1000)
  // Three quarters found more than 250 ms before them; of those that found less, some waited as long by chance.
  expect(waits.longerThan(250)).toBeGreaterThan(750)
  expect(waits.longerThan(250)).toBeLessThan(900)
  expect(waits.longerThan(2000)).toBeLessThan(5)
})

test('tells quantiles over both', () => {
  const waits = new Waits(SHAPE, 5000)
  waits.addSteady(940, 0.2)
  waits.addBehind(60, 1000, 1000)
  expect(waits.quantile(0.5)).toBe(0)
  expect(waits.quantile(0.95)).toBeGreaterThan(1000)
  expect(waits.quantile(0.95)).toBeLessThan(1100)
  waits.clear()
  expect(waits.quantile(0.99)).toBe(0)
})

test('the fuller the servers, the more waits, up to saturation and beyond', () => {
  const longer = [0.5, 0.8, 0.9, 0.95, 1, 1.5].map((rho) => {
    const waits = new Waits(SHAPE, 5000)
    waits.addSteady(100, rho)
    return waits.longerThan(250)
  })
  expect(longer).toEqual(longer.toSorted((a, b) => a - b))
  expect(longer.at(-1)).toBe(longer.at(-2))
})
