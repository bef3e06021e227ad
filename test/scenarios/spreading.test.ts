import { expect, test } from 'vitest'
import type { World } from './spreading.ts'
import { LEAST_CONNECTIONS, naive, run, stable } from './spreading.ts'

const SEED = 7
/** Only the first is at 92 %: with two slow servers, or one ejected, that would be more than the rest can do; and while one is cold
 *  so little is spare that the p99 of half a minute, least-connections' too, differs by half from seed to seed. */
const WORLDS: Record<string, World> = {
  'ten equal servers at 92 % load': { load: 0.92 },
  'two of them 2.2 times as slow': { load: 0.75, slow: { servers: [0, 1], times: 2.2, fromMs: 0 } },
  'a cold one, four times as slow for 10 s': {
    load: 0.75,
    slow: { servers: [3], times: 4, fromMs: 0, untilMs: 10_000 },
  },
  'one that fails fast': { load: 0.75, failing: 5 },
}
const POLICIES = {
  rtt: { policy: 'rtt', rttMaxMs: 200 },
  linear: { policy: 'linear', rttMaxMs: null },
  capacity: { policy: 'capacity', rttMaxMs: null },
} as const

for (const [name, world] of Object.entries(WORLDS)) {
  test(`${name}: no policy overloads a server, and none is far from least-connections`, () => {
    const plain = run(world, LEAST_CONNECTIONS, SEED)
    for (const [policy, spec] of Object.entries(POLICIES)) {
      const seen = run(world, stable(spec), SEED)
      expect(seen.overFairMs, `${policy}: time over 150 % of the fair share`).toBeLessThanOrEqual(2000)
      expect(seen.p99Ms, policy).toBeLessThanOrEqual(1.3 * plain.p99Ms)
      expect(seen.dropped, policy).toBe(0)
    }
  })
}

test.each([1, 2, 3, 7])(
  'taken as shares and held for 5 s, the same formulas overload one of ten equal servers (seed %i)',
  (seed) => {
    const world = WORLDS['ten equal servers at 92 % load']!
    const plain = run(world, LEAST_CONNECTIONS, seed)
    for (const formula of [(rtt: number) => 100 * (1 - rtt / 200), (rtt: number) => 1000 - 10 * rtt]) {
      const seen = run(world, naive(formula), seed)
      expect(seen.worstShare).toBeGreaterThan(2)
      expect(seen.overFairMs).toBeGreaterThan(2000)
      expect(seen.p99Ms).toBeGreaterThan(20 * plain.p99Ms)
    }
  },
)
