import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clairvoyantCost, needsOf } from './clairvoyant.ts'

test('a short gap is bridged, a long one is paid as a start', () => {
  expect(clairvoyantCost(Uint32Array.from([1, 0, 1]), 4)).toBe(4 + 2 + 1)
  expect(clairvoyantCost(Uint32Array.from([1, 0, 0, 0, 0, 0, 1]), 4)).toBe(4 + 2 + 4)
})

test('no plan is cheaper, tried over all plans', () => {
  const needs = fc.array(fc.nat(3), { minLength: 1, maxLength: 7 })
  fc.assert(
    fc.property(needs, fc.nat(4), (list, start) => {
      expect(clairvoyantCost(Uint32Array.from(list), start)).toBe(cheapest(list, start))
    }),
  )
})

/** By trying: the least over every number of servers in every step. */
function cheapest(needs: readonly number[], start: number, before = 0): number {
  const [need, ...rest] = needs
  if (need === undefined) return 0
  const counts = [0, 1, 2, 3].filter((count) => count >= need)
  return Math.min(
    ...counts.map((count) => count + start * Math.max(0, count - before) + cheapest(rest, start, count)),
  )
}

test('servers are needed up to 80 % of what they carry', () => {
  expect([...needsOf(Float64Array.from([0, 64, 65, 640]), { capacity: 80, min: 1 })]).toEqual([1, 1, 2, 10])
})
