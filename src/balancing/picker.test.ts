import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ALGORITHMS, type Algorithm } from '../core/algorithm.ts'
import type { Rng } from '../core/time.ts'
import { hashText, mix } from './hash.ts'
import { createPicker, type Field } from './picker.ts'

/** A linear congruential generator (Knuth, MMIX, upper half). */
function rngOf(seed: number): Rng {
  let state = BigInt(seed)
  return () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn
    return Number(state >> 33n) / 2 ** 31
  }
}

let generation = 0

function field(weights: readonly number[], inFlight: readonly number[] = []): Field {
  return {
    size: weights.length,
    generation: ++generation,
    totalInFlight: inFlight.reduce((sum, count) => sum + count, 0),
    weight: (i) => weights[i]!,
    steadyWeight: (i) => weights[i]!,
    inFlight: (i) => inFlight[i] ?? 0,
    latency: () => 0,
    identity: (i) => hashText(`server-${i}`),
  }
}

function picks(algorithm: Algorithm, of: Field, count: number, rng: Rng = () => 0): number[] {
  const picker = createPicker(algorithm, null, rng)
  return Array.from({ length: count }, (_, key) => picker.pick(of, null, mix(key + 1)))
}

function tally(indices: readonly number[], size: number): number[] {
  return Array.from({ length: size }, (_, i) => indices.filter((index) => index === i).length)
}

const weightsOf = (max: number) => fc.array(fc.integer({ min: 0, max }), { minLength: 1, maxLength: 50 })

describe.each(ALGORITHMS)('%s', (algorithm) => {
  test('never picks a weight of 0 or a tried member, and picks somebody if there is anybody', () => {
    fc.assert(
      fc.property(weightsOf(3), fc.array(fc.nat(49)), fc.nat(), (weights, triedList, seed) => {
        const tried = new Set(triedList)
        const picker = createPicker(algorithm, null, rngOf(seed))
        const of = field(weights)
        const open = weights.flatMap((weight, i) => (weight > 0 && !tried.has(i) ? [i] : []))
        for (let round = 0; round < 20; round++) {
          const picked = picker.pick(of, tried, round)
          if (open.length === 0) expect(picked).toBe(-1)
          else expect(open).toContain(picked)
        }
      }),
    )
  })

  test('keeps its promises while members come, go and change', () => {
    const change = fc.record({ weights: weightsOf(1000), busy: fc.array(fc.nat(5)) })
    fc.assert(
      fc.property(fc.array(change, { maxLength: 15 }), fc.nat(), (changes, seed) => {
        const picker = createPicker(algorithm, null, rngOf(seed))
        for (const { weights, busy } of changes) {
          const picked = picker.pick(field(weights, busy), null, 0)
          if (weights.every((weight) => weight === 0)) expect(picked).toBe(-1)
          else expect(weights[picked]).toBeGreaterThan(0)
        }
      }),
    )
  })

  test('spreads evenly over equal members, unless the first takes all', () => {
    const counts = tally(picks(algorithm, field([1, 1, 1, 1]), 4000, rngOf(7)), 4)
    if (algorithm === 'first') expect(counts).toEqual([4000, 0, 0, 0])
    else for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(120)
  })
})

describe('round-robin', () => {
  test('puts the turns of light members between those of a heavy one', () => {
    expect(picks('round-robin', field([6, 1, 1]), 8)).toEqual([0, 0, 0, 1, 0, 0, 2, 0])
  })

  test('goes on where it was when weights change, for members that stay, also at other places', () => {
    const picker = createPicker('round-robin', null, () => 0)
    const before = field([10, 10, 10])
    expect([picker.pick(before, null, 0), picker.pick(before, null, 0)]).toEqual([0, 1])
    const moved = { ...field([5, 5, 5]), identity: (i: number) => before.identity(2 - i) }
    expect([0, 1, 2].map(() => picker.pick(moved, null, 0))).toEqual([0, 2, 1])
  })

  test('a member that could take nothing for a while does not take at once what it missed', () => {
    const weights = [10, 10, 10]
    const of = { ...field(weights), steadyWeight: () => 10 }
    const picker = createPicker('round-robin', null, () => 0)
    weights[0] = 0
    for (let nth = 0; nth < 100; nth++) expect(picker.pick(of, null, 0)).not.toBe(0)
    weights[0] = 10
    const counts = tally(
      Array.from({ length: 30 }, () => picker.pick(of, null, 0)),
      3,
    )
    expect(Math.abs(counts[0]! - 10)).toBeLessThanOrEqual(1)
  })

  test('starts elsewhere by chance', () => {
    expect(picks('round-robin', field([1, 1, 1]), 3, () => 0.5)).toEqual([1, 2, 0])
  })

  test('finds a member that gets a weight in the middle of a generation, when nobody else has one', () => {
    const weights = [0, 0]
    const of = { ...field(weights), steadyWeight: () => 0 }
    const picker = createPicker('round-robin', null, () => 0)
    expect(picker.pick(of, null, 0)).toBe(-1)
    weights[1] = 1
    expect(picker.pick(of, null, 0)).toBe(1)
  })

  test('gives each member exactly its weight in every cycle, wherever it starts', () => {
    fc.assert(
      fc.property(weightsOf(20), fc.nat(), (weights, seed) => {
        const total = weights.reduce((sum, weight) => sum + weight, 0)
        const indices = picks('round-robin', field(weights), 2 * total, rngOf(seed))
        for (const cycle of [indices.slice(0, total), indices.slice(total)]) {
          expect(tally(cycle, weights.length)).toEqual(weights)
        }
      }),
    )
  })

  test('does not burst when weights become smaller', () => {
    const picker = createPicker('round-robin', null, () => 0)
    const before = field([1000, 1000, 1000])
    for (let i = 0; i < 4; i++) picker.pick(before, null, 0)
    const after = field([1, 1, 1])
    const indices = Array.from({ length: 9 }, () => picker.pick(after, null, 0))
    expect(tally(indices, 3)).toEqual([3, 3, 3])
  })

  test('does not burst when a member joins or leaves', () => {
    const few = field([10, 10, 10])
    const many = field([10, 10, 10, 10])
    const picker = createPicker('round-robin', null, () => 0)
    const longestRun = (of: Field) => {
      const indices = Array.from({ length: 40 }, () => picker.pick(of, null, 0))
      const counts = tally(indices, of.size)
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
      return indices.some((index, at) => at > 0 && index === indices[at - 1])
    }
    for (const of of [few, many, few, many]) expect(longestRun(of)).toBe(false)
  })

  test('a retry elsewhere is a turn of the member that takes it', () => {
    const picker = createPicker('round-robin', null, () => 0)
    const of = field([1, 1, 1])
    const indices: number[] = []
    for (let request = 0; request < 30; request++) {
      const first = picker.pick(of, null, 0)
      indices.push(first)
      if (first === 0) indices.push(picker.pick(of, new Set([0]), 0))
    }
    const counts = tally(indices, 3)
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
  })
})

describe('least-connections', () => {
  test('requests that come one after another follow the weights', () => {
    expect(tally(picks('least-connections', field([60, 40]), 20), 2)).toEqual([12, 8])
  })

  test('picks the lowest of requests in flight plus one, over weight', () => {
    expect(picks('least-connections', field([1, 1, 1], [2, 1, 3]), 1)).toEqual([1])
    expect(picks('least-connections', field([1, 10], [0, 8]), 1)).toEqual([1])
    expect(picks('least-connections', field([1, 10], [0, 10]), 1)).toEqual([0])
  })

  test('goes round among idle members', () => {
    expect(picks('least-connections', field([1, 1, 1]), 6)).toEqual([0, 1, 2, 0, 1, 2])
  })

  test('of more than 32 picks good ones, and never only the same', () => {
    const busy = Array.from({ length: 100 }, (_, i) => i)
    const indices = picks(
      'least-connections',
      field(
        busy.map(() => 1),
        busy,
      ),
      1000,
      rngOf(3),
    )
    expect(indices.reduce((sum, i) => sum + i, 0) / indices.length).toBeLessThan(20)
    expect(new Set(indices).size).toBeGreaterThan(10)
  })

  test('of more than 32 finds the only one that is open', () => {
    const weights = Array.from({ length: 1000 }, (_, i) => (i === 777 ? 1 : 0))
    expect(picks('least-connections', field(weights), 3, rngOf(1))).toEqual([777, 777, 777])
  })
})

describe('random-two', () => {
  test('keeps the fullest of 100 members near the mean, where one random choice would not', () => {
    const load = new Array<number>(100).fill(0)
    const picker = createPicker('random-two', null, rngOf(11))
    const of = field(new Array<number>(100).fill(1), load)
    for (let i = 0; i < 10_000; i++) load[picker.pick(of, null, 0)]! += 1
    expect(Math.max(...load)).toBeLessThanOrEqual(104)
  })

  test('two members: always the less loaded one', () => {
    expect(new Set(picks('random-two', field([1, 1], [5, 4]), 50, rngOf(2)))).toEqual(new Set([1]))
    expect(new Set(picks('random-two', field([2, 1], [5, 4]), 50, rngOf(2)))).toEqual(new Set([0]))
  })
})
