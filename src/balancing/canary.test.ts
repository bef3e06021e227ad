import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ArmCounts, Arms, CanarySpec, CanaryState } from '../core/canary.ts'
import { LATENCY_BUCKETS, latencyBucket } from '../core/latency.ts'
import { drawing } from './canary.cases.ts'
import { judgeCanary, lookAtCanary, orderCanary, startCanary } from './canary.ts'

const SPEC: CanarySpec = {
  name: 'web',
  step: 0.1,
  intervalMs: 300_000,
  minRequests: 100,
  successDrop: 0.01,
  p95Rise: 0.2,
}
const START = startCanary(SPEC, { name: 'web', stable: 'old', canary: 'new' }, 0)

/** `errors` of so many requests, all of them as long. */
function arm(requests: number, errors = 0, ms = 20): ArmCounts {
  const latency = new Array<number>(LATENCY_BUCKETS).fill(0)
  latency[latencyBucket(ms)] = requests
  return { requests, errors, latency }
}

const counts = fc
  .record({
    requests: fc.nat(5_000),
    failed: fc.double({ min: 0, max: 1, noNaN: true }),
    ms: fc.integer({ min: 1, max: 9_000 }),
  })
  .map(({ requests, failed, ms }) => arm(requests, Math.floor(requests * failed), ms))

describe('judging', () => {
  test('nothing is said on fewer requests of either side than are wanted', () => {
    fc.assert(
      fc.property(counts, counts, (stable, canary) => {
        fc.pre(Math.min(stable.requests, canary.requests) < SPEC.minRequests)
        expect(judgeCanary(SPEC, { stable, canary }).kind).toBe('open')
      }),
    )
  })

  test('what is as good as the old one, or better, is good', () => {
    fc.assert(
      fc.property(counts, fc.nat(100), (stable, fewer) => {
        fc.pre(stable.requests >= SPEC.minRequests)
        const canary = { ...stable, errors: Math.max(0, stable.errors - fewer) }
        expect(judgeCanary(SPEC, { stable, canary }).kind).toBe('good')
      }),
    )
  })

  test('more failures make nothing better', () => {
    const order = ['good', 'open', 'worse']
    fc.assert(
      fc.property(counts, counts, fc.nat(1_000), (stable, canary, more) => {
        fc.pre(Math.min(stable.requests, canary.requests) >= SPEC.minRequests)
        const errors = Math.min(canary.requests, canary.errors + more)
        const [before, after] = [canary, { ...canary, errors }].map((one) =>
          order.indexOf(judgeCanary(SPEC, { stable, canary: one }).kind),
        )
        // All but all requests failing is the more certain the less it varies; up to half, more is only worse.
        fc.pre(errors * 2 <= canary.requests)
        expect(after).toBeGreaterThanOrEqual(before!)
      }),
    )
  })

  test.each<[string, Arms, string, string]>([
    ['failures', { stable: arm(900), canary: arm(100, 20) }, 'worse', 'success 80 % against 100 %'],
    ['slowness', { stable: arm(900), canary: arm(100, 0, 90) }, 'worse', 'p95 95.2 ms against 19.8 ms'],
    [
      'a failure among few',
      { stable: arm(900), canary: arm(100, 2) },
      'open',
      'not certain yet: success 98 % against 100 %',
    ],
    [
      'a moment on a fast pool',
      { stable: arm(900, 0, 0.3), canary: arm(100, 0, 0.9) },
      'good',
      'success 100 %',
    ],
    [
      'a pool that is as slow as can be told',
      { stable: arm(900, 0, 20_000), canary: arm(100, 0, 20_000) },
      'good',
      'success 100 %',
    ],
    [
      'one that is slower than can be told',
      { stable: arm(900, 0, 16_000), canary: arm(100, 0, 20_000) },
      'worse',
      'p95',
    ],
    ['a pool that is as bad', { stable: arm(900, 450), canary: arm(100, 50) }, 'good', 'success 50 %'],
  ])('%s', (_, arms, kind, says) => {
    const judged = judgeCanary(SPEC, arms)
    expect(judged.kind).toBe(kind)
    expect(judged.says).toContain(says)
  })
})

describe('looking every five seconds at ten requests a second', () => {
  const rolledBack = (of: Parameters<typeof drawing>[1], seeds: number) =>
    Array.from({ length: seeds }, (_, seed) => drawing(SPEC, of, seed)).filter(
      ({ phase }) => phase === 'rolled-back',
    ).length

  test('a canary that is as the old one is promoted, for nearly every seed', () => {
    const equal = { failed: 0.02, medianMs: 40 }
    expect(rolledBack({ stable: equal, canary: equal }, 40)).toBeLessThanOrEqual(1)
  })

  test('one that fails more, or is slower, is rolled back for every seed, most of them within the first step', () => {
    const stable = { failed: 0.01, medianMs: 40 }
    expect(rolledBack({ stable, canary: { failed: 0.1, medianMs: 40 } }, 20)).toBe(20)
    expect(rolledBack({ stable, canary: { failed: 0.01, medianMs: 80 } }, 20)).toBe(20)
  })
})

describe('moving', () => {
  const at = (ms: number, state: CanaryState, arms: Arms) => lookAtCanary(state, SPEC, arms, ms)
  const good = (n: number): Arms => ({ stable: arm(900 * n), canary: arm(100 * n) })

  test('a step lasts its interval, and the last one promotes', () => {
    let state = at(0, START, good(0))
    const shares: number[] = []
    for (let n = 1; n <= 20; n++) {
      state = at(n * 150_000, state, good(n))
      shares.push(Math.round(100 * state.share))
    }
    expect(shares.slice(0, 5)).toEqual([10, 20, 20, 30, 30])
    expect(state).toMatchObject({ phase: 'promoted', share: 1 })
  })

  test('the first look counts nothing of what was before it', () => {
    const failed = { stable: arm(900), canary: arm(500, 500) }
    expect(at(5_000, START, failed)).toMatchObject({
      phase: 'progressing',
      counted: { canary: { requests: 0 } },
    })
  })

  test('counters of a gateway that has been started anew count from nothing', () => {
    const before = at(10_000, at(5_000, START, good(0)), { stable: arm(400), canary: arm(90) })
    const after = at(15_000, before, { stable: arm(50), canary: arm(20) })
    expect(after.counted.stable.requests).toBe(450)
    expect(after.counted.canary.requests).toBe(110)
  })

  test('one that is worse gets nothing at once, also while it is held', () => {
    const bad = { stable: arm(900), canary: arm(100, 50) }
    const held = orderCanary(at(0, START, good(0)), 'hold', SPEC, { by: 'ann', now: 1_000 })
    expect(at(5_000, held, bad)).toMatchObject({
      phase: 'rolled-back',
      share: 0,
      says: 'success 50 % against 100 %',
    })
    expect(at(900_000, held, good(3))).toMatchObject({ phase: 'held', share: 0.1 })
  })

  test('one that begins anew is not judged by what ended since it was rolled back', () => {
    const rolledBack = at(5_000, at(0, START, good(0)), { stable: arm(900), canary: arm(100, 50) })
    const anew = orderCanary(rolledBack, 'resume', SPEC, { by: 'ann', now: 9_000 })
    const late = { stable: arm(90_000), canary: arm(400, 350) }
    expect(at(10_000, anew, late)).toMatchObject({
      phase: 'progressing',
      counted: { stable: { requests: 0 }, canary: { requests: 0 } },
    })
  })

  test('orders', () => {
    const by = { by: 'ann', now: 7 }
    const aborted = orderCanary(START, 'abort', SPEC, by)
    expect(aborted).toMatchObject({ phase: 'rolled-back', share: 0, says: 'ann ordered it', sinceAt: 7 })
    expect(orderCanary(aborted, 'abort', SPEC, { by: 'bob', now: 9 })).toBe(aborted)
    expect(orderCanary(aborted, 'hold', SPEC, by)).toBe(aborted)
    expect(orderCanary(aborted, 'resume', SPEC, by)).toMatchObject({ phase: 'progressing', share: 0.1 })
    expect(orderCanary(aborted, 'promote', SPEC, by)).toMatchObject({ phase: 'promoted', share: 1 })
  })
})
