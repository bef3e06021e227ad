import { createPicker, type Field } from '../../src/balancing/picker.ts'
import { ALGORITHMS } from '../../src/core/algorithm.ts'
import { median, rounded } from '../kit/numbers.ts'
import type { Case } from './case.ts'

const SERVERS = 1_000
const PICKS = 100_000
const ROUNDS = 9

/** Nanoseconds to choose among a thousand servers, in this process. */
export const PICK: Case = {
  name: 'pick',
  run: async () => {
    const contestants = ALGORITHMS.map((algorithm) => ({
      name: algorithm,
      nanos: nanosOf(createPicker(algorithm, null, chance())),
    }))
    return { case: 'pick', missing: [], contestants }
  },
}

/** Median of the rounds, the first of which only warms up. */
function nanosOf(picker: ReturnType<typeof createPicker>): number {
  const inFlight = new Uint32Array(SERVERS)
  const field = fieldOf(inFlight)
  const rounds = Array.from({ length: ROUNDS + 1 }, () => {
    const startedAt = performance.now()
    for (let n = 0; n < PICKS; n++) {
      const member = picker.pick(field, null, Math.imul(n, 0x9e3779b1) >>> 0)
      // As many in flight as a busy pool has: what is picked stays open until its turn comes round.
      inFlight[member] = inFlight[member]! + 1
      const done = n % SERVERS
      if (inFlight[done]! > 0) inFlight[done] = inFlight[done]! - 1
    }
    return ((performance.now() - startedAt) / PICKS) * 1e6
  })
  return rounded(median(rounds.slice(1)))
}

function fieldOf(inFlight: Uint32Array): Field {
  const weight = (i: number): number => 100 + (i % 3)
  return {
    size: SERVERS,
    generation: 1,
    totalInFlight: SERVERS,
    weight,
    steadyWeight: weight,
    inFlight: (i) => inFlight[i]!,
    latency: (i) => 1 + (i % 7),
    identity: (i) => Math.imul(i + 1, 0x85ebca6b) >>> 0,
  }
}

/** The same picks in every run. */
function chance(): () => number {
  let state = 1
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
}
