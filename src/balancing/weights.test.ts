import fc from 'fast-check'
import { expect, test } from 'vitest'
import { slowStart } from './slow-start.ts'
import { type Candidate, effectiveWeights } from './weights.ts'

function candidate(state: Candidate['state'], weight = 1, ramp = 1): Candidate {
  return { state, weight, ramp }
}

const someCandidates = fc.array(
  fc.record({
    state: fc.constantFrom<Candidate['state']>('checking', 'healthy', 'unhealthy', 'ejected'),
    weight: fc.integer({ min: 0, max: 1000 }),
    ramp: fc.double({ min: 0.1, max: 1, noNaN: true }),
  }),
)

test('a slow start grows from a tenth to all', () => {
  expect([0, 1000, 5000, 10_000, 99_999].map((since) => slowStart(since, 10_000))).toEqual([
    0.1, 0.1, 0.5, 1, 1,
  ])
  expect(slowStart(0, 0)).toBe(1)
})

test('keeps the ratio of the configured weights exactly', () => {
  const { weights, unit } = effectiveWeights([candidate('healthy', 60), candidate('healthy', 40)], 0.5)
  expect(weights).toEqual([960, 640])
  expect(unit).toBe(16)
})

test('a ramping member of weight 1 still has steps', () => {
  const { weights } = effectiveWeights([candidate('healthy'), candidate('healthy', 1, 0.25)], 0.5)
  expect(weights).toEqual([1000, 250])
})

test('only healthy members get traffic while enough are healthy', () => {
  const states = ['healthy', 'unhealthy', 'ejected', 'checking', 'healthy'] as const
  const result = effectiveWeights(
    states.map((state) => candidate(state)),
    0.5,
  )
  expect(result).toMatchObject({ panic: false, weights: [1000, 0, 0, 0, 1000] })
})

test('below the ratio all that serve get traffic, but nobody who is checking or draining', () => {
  const result = effectiveWeights(
    [
      candidate('healthy'),
      candidate('unhealthy'),
      candidate('ejected'),
      candidate('checking'),
      candidate('healthy', 0),
    ],
    0.5,
  )
  expect(result).toMatchObject({ panic: true, weights: [1000, 1000, 1000, 0, 0] })
})

test('members that are checking do not make a panic', () => {
  const result = effectiveWeights([candidate('healthy'), ...new Array(9).fill(candidate('checking'))], 0.5)
  expect(result.panic).toBe(false)
})

test('a ratio of 0 never panics', () => {
  expect(effectiveWeights([candidate('unhealthy')], 0)).toMatchObject({ panic: false, weights: [0] })
})

test('weights are integers from 0 to 1000, and above 0 exactly for those in use', () => {
  fc.assert(
    fc.property(someCandidates, fc.double({ min: 0, max: 1, noNaN: true }), (candidates, panicRatio) => {
      const { weights, panic } = effectiveWeights(candidates, panicRatio)
      weights.forEach((weight, i) => {
        const { state, weight: wanted } = candidates[i]!
        const used = wanted > 0 && (state === 'healthy' || (panic && state !== 'checking'))
        expect(Number.isInteger(weight) && weight <= 1000).toBe(true)
        expect(weight > 0).toBe(used)
      })
    }),
  )
})
