import { expect, test } from 'vitest'
import { normal, poisson, rngOf } from './chance.ts'

test('a seed repeats its draws, another seed has others', () => {
  const draws = (seed: number) => Array.from({ length: 5 }, rngOf(seed))
  expect(draws(1)).toEqual(draws(1))
  expect(draws(1)).not.toEqual(draws(2))
})

test.each([0.7, 20, 64, 65, 30_000])('draws around a mean of %d as far from it as Poisson says', (mean) => {
  const rng = rngOf(7)
  const draws = Array.from({ length: 4000 }, () => poisson(rng, mean))
  const average = draws.reduce((sum, draw) => sum + draw, 0) / draws.length
  const variance = draws.reduce((sum, draw) => sum + (draw - average) ** 2, 0) / draws.length
  expect(Math.abs(average - mean)).toBeLessThan(4 * Math.sqrt(mean / draws.length))
  expect(Math.abs(variance / mean - 1)).toBeLessThan(0.15)
  expect(draws.every((draw) => Number.isInteger(draw) && draw >= 0)).toBe(true)
})

test('draws nothing where nothing is expected', () => {
  expect(poisson(rngOf(1), 0)).toBe(0)
})

test('normal draws have mean 0 and variance 1', () => {
  const rng = rngOf(3)
  const draws = Array.from({ length: 4000 }, () => normal(rng))
  expect(draws.reduce((sum, draw) => sum + draw, 0) / 4000).toBeCloseTo(0, 1)
  expect(draws.reduce((sum, draw) => sum + draw * draw, 0) / 4000).toBeCloseTo(1, 1)
})
