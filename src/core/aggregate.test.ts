import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Aggregate, aggregate, merge } from './aggregate.ts'

const value = fc.double({ min: -1e6, max: 1e6, noNaN: true })
const values = fc.array(value, { minLength: 1, maxLength: 60 })
const lists = fc.array(values, { minLength: 1, maxLength: 20 })
const close = (a: number, b: number) => Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a), Math.abs(b))

test('p95 is the nearest rank: the 95th of a hundred, the largest of nineteen', () => {
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)
  expect(aggregate(upTo(100))).toEqual({ min: 1, mean: 50.5, max: 100, p95: 95, count: 100 })
  expect(aggregate(upTo(19)).p95).toBe(19)
  expect(aggregate(upTo(20)).p95).toBe(19)
  expect(aggregate([7])).toEqual({ min: 7, mean: 7, max: 7, p95: 7, count: 1 })
})

describe('a period', () => {
  test('has its parts in order: min, mean and p95 below max', () => {
    fc.assert(
      fc.property(values, (list) => {
        const { min, mean, max, p95, count } = aggregate(list)
        expect(count).toBe(list.length)
        expect(list).toContain(p95)
        expect(min).toBe(Math.min(...list))
        expect(max).toBe(Math.max(...list))
        expect(mean >= min && mean <= max).toBe(true)
      }),
    )
  })

  test('has at least 95 % of its samples up to p95, and fewer below it', () => {
    fc.assert(
      fc.property(values, (list) => {
        const { p95 } = aggregate(list)
        expect(list.filter((one) => one <= p95).length / list.length).toBeGreaterThanOrEqual(0.95)
        expect(list.filter((one) => one < p95).length / list.length).toBeLessThan(0.95)
      }),
    )
  })
})

describe('merging', () => {
  test('single samples gives what aggregating them gives', () => {
    fc.assert(
      fc.property(values, (list) => {
        const merged = merge(list.map((one) => aggregate([one])))
        const whole = aggregate(list)
        expect({ ...merged, mean: 0 }).toEqual({ ...whole, mean: 0 })
        expect(close(merged.mean, whole.mean)).toBe(true)
      }),
    )
  })

  test('keeps min, mean, max and count exact, however the samples were cut up', () => {
    fc.assert(
      fc.property(lists, (parts) => {
        const merged = merge(parts.map(aggregate))
        const whole = aggregate(parts.flat())
        expect([merged.min, merged.max, merged.count]).toEqual([whole.min, whole.max, whole.count])
        expect(close(merged.mean, whole.mean)).toBe(true)
      }),
    )
  })

  test('estimates p95 between the lowest and the highest of its parts, where the true one lies too', () => {
    fc.assert(
      fc.property(lists, (lists) => {
        const parts = lists.map(aggregate)
        const p95s = parts.map(({ p95 }) => p95)
        for (const { p95 } of [merge(parts), aggregate(lists.flat())]) {
          expect(p95).toBeGreaterThanOrEqual(Math.min(...p95s))
          expect(p95).toBeLessThanOrEqual(Math.max(...p95s))
        }
      }),
    )
  })

  test('does not depend on the order of its parts', () => {
    fc.assert(
      fc.property(lists, (lists) => {
        const parts = lists.map(aggregate)
        const [one, other] = [merge(parts), merge(parts.toReversed())]
        for (const key of Object.keys(one) as (keyof Aggregate)[])
          expect(close(one[key], other[key])).toBe(true)
      }),
    )
  })

  test('one part gives that part', () => {
    fc.assert(
      fc.property(values, (list) => {
        expect(merge([aggregate(list)])).toEqual(aggregate(list))
      }),
    )
  })

  test('periods of an even load gives nearly the true p95', () => {
    const hour = Array.from({ length: 3600 }, (_, second) => 100 + 50 * Math.sin(second / 300) + (second % 7))
    const tens = Array.from({ length: 360 }, (_, index) => aggregate(hour.slice(index * 10, index * 10 + 10)))
    expect(Math.abs(merge(tens).p95 - aggregate(hour).p95)).toBeLessThan(1)
  })
})
