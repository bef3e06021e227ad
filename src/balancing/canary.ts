import {
  type ArmCounts,
  type Arms,
  type CanaryAction,
  type CanarySpec,
  type CanaryState,
  percentText,
} from '../core/canary.ts'
import { LATENCY_BOUNDS_MS, LATENCY_BUCKETS, latencyQuantile } from '../core/latency.ts'
import type { Millis } from '../core/time.ts'

/** The quantile that is compared. */
const Q = 0.95
/** Faster than this, scheduling and the histogram's buckets say more than the servers do. */
const LEAST_RISE_MS: Millis = 1
/** A canary exactly as bad as may be is rolled back with at most this probability a step and criterion, however often one looks. */
const ALPHA = 0.005
/** Variance of the differences that are looked for: some percent of the requests. */
const TAU2 = 0.1 ** 2
/** Steps such as a tenth have no exact sum. */
const EPSILON = 1e-9

const NO_COUNTS: ArmCounts = { requests: 0, errors: 0, latency: new Array<number>(LATENCY_BUCKETS).fill(0) }
const NOTHING: Arms = { stable: NO_COUNTS, canary: NO_COUNTS }

export type Judgement =
  | { readonly kind: 'worse' | 'good'; readonly says: string }
  /** The data are too few, or too near to a limit, to say. */
  | { readonly kind: 'open'; readonly says: string }

/** The first step begins. */
export function startCanary(
  { step }: CanarySpec,
  pools: { readonly name: string; readonly stable: string; readonly canary: string },
  now: Millis,
): CanaryState {
  const says = 'it begins'
  return { ...pools, phase: 'progressing', share: step, sinceAt: now, says, counted: NOTHING, seen: null }
}

/** What an order makes of it; itself when the order has nothing to change. */
export function orderCanary(
  state: CanaryState,
  action: CanaryAction,
  { step }: CanarySpec,
  { by, now }: { readonly by: string; readonly now: Millis },
): CanaryState {
  const moved = (phase: CanaryState['phase'], share: number): CanaryState =>
    moveTo(state, { phase, share, says: `${by} ordered it` }, now)
  switch (action) {
    case 'promote':
      return state.phase === 'promoted' ? state : moved('promoted', 1)
    case 'abort':
      return state.phase === 'rolled-back' ? state : moved('rolled-back', 0)
    case 'hold':
      return state.phase === 'progressing' ? moved('held', state.share) : state
    case 'resume':
      if (state.phase === 'held') return moved('progressing', state.share)
      // What either side has done since, it has not done side by side.
      return state.phase === 'rolled-back' ? { ...moved('progressing', step), seen: null } : state
    default:
      return action satisfies never
  }
}

/** The state after a look at the gateway's counters. A counter that went back was begun anew, as Prometheus has it. */
export function lookAtCanary(state: CanaryState, spec: CanarySpec, seen: Arms, now: Millis): CanaryState {
  if (state.phase === 'promoted' || state.phase === 'rolled-back') return state
  const counted = state.seen === null ? state.counted : added(state.counted, since(state.seen, seen))
  const looked = { ...state, counted, seen }
  const { kind, says } = judgeCanary(spec, counted)
  if (kind === 'worse') return moveTo(looked, { phase: 'rolled-back', share: 0, says }, now)
  if (state.phase === 'held') return looked
  if (kind === 'open' || now - state.sinceAt < spec.intervalMs) return { ...looked, says }
  const share = state.share + spec.step
  return share >= 1 - EPSILON
    ? moveTo(looked, { phase: 'promoted', share: 1, says }, now)
    : moveTo(looked, { phase: 'progressing', share, says }, now)
}

function moveTo(
  state: CanaryState,
  to: Pick<CanaryState, 'phase' | 'share' | 'says'>,
  now: Millis,
): CanaryState {
  return { ...state, ...to, sinceAt: now, counted: NOTHING }
}

/**
 * Two shares of the canary's requests are held against a limit: those that failed, against the old pool's share plus `successDrop`; and
 * those slower than the old pool's p95 plus `p95Rise`, against one in twenty, which is when the canary's p95 is beyond it. Worse is what
 * is certain by the mixture sequential probability ratio test (Johari, Pekelis and Walsh 2017, "Always valid inference", section 4.3;
 * for roll-outs Lindon, Sanden and Shirikian 2022), which holds however often one looks. Good is what keeps both limits.
 */
export function judgeCanary(spec: CanarySpec, { stable, canary }: Arms): Judgement {
  const { minRequests } = spec
  const fewer = Math.min(stable.requests, canary.requests)
  if (fewer < minRequests) {
    const whose = canary.requests < minRequests ? 'the new pool' : 'the old pool'
    return { kind: 'open', says: `${fewer} of ${minRequests} requests of ${whose} that are needed to judge` }
  }
  const oldP95 = latencyQuantile(stable.latency, Q)!
  const limitMs = limitOf(oldP95, spec.p95Rise)
  const failures = failuresBeyond(stable, canary, spec.successDrop)
  const slowness = slownessBeyond(stable, canary, limitMs)
  const success = `success ${rateOf(canary)} against ${rateOf(stable)}`
  const p95 = `p95 ${msText(latencyQuantile(canary.latency, Q)!)} against ${msText(oldP95)}`
  if (isCertain(failures)) return { kind: 'worse', says: success }
  if (isCertain(slowness)) return { kind: 'worse', says: p95 }
  const isGood = failures.excess <= 0 && slowness.excess <= 0
  return isGood
    ? { kind: 'good', says: `${success}, ${p95}` }
    : { kind: 'open', says: `not certain yet: ${success}, ${p95}` }
}

/** Of a p95 in the histogram's open bucket nothing is known but that it is long: no other can be called longer. */
function limitOf(oldP95: Millis, rise: number): Millis {
  if (oldP95 >= LATENCY_BOUNDS_MS.at(-1)!) return Number.POSITIVE_INFINITY
  return Math.max(oldP95 * (1 + rise), oldP95 + LEAST_RISE_MS)
}

/** How far a share is beyond its limit, and the variance of that. */
interface Beyond {
  readonly excess: number
  readonly variance: number
}

function failuresBeyond(stable: ArmCounts, canary: ArmCounts, drop: number): Beyond {
  return {
    excess: canary.errors / canary.requests - stable.errors / stable.requests - drop,
    variance: varianceOf(canary.errors, canary.requests) + varianceOf(stable.errors, stable.requests),
  }
}

/** What is not known of the old pool's p95 counts as what one in twenty of its requests would. */
function slownessBeyond(stable: ArmCounts, canary: ArmCounts, limitMs: Millis): Beyond {
  const slow = slowerThan(canary.latency, limitMs)
  return {
    excess: slow / canary.requests - (1 - Q),
    variance: varianceOf(slow, canary.requests) + varianceOf((1 - Q) * stable.requests, stable.requests),
  }
}

/** Of a share, with one success and one failure more (Laplace), so that it is never 0. */
function varianceOf(count: number, total: number): number {
  const share = (count + 1) / (total + 2)
  return (share * (1 - share)) / total
}

function isCertain({ excess, variance }: Beyond): boolean {
  if (excess <= 0) return false
  const whole = variance + TAU2
  const evidence = Math.log(variance / whole) / 2 + (excess ** 2 * TAU2) / (2 * variance * whole)
  return evidence >= Math.log(1 / ALPHA)
}

/** Counts beyond a limit, linear within its bucket; all of the open bucket are beyond one that is finite. */
function slowerThan(latency: readonly number[], limitMs: Millis): number {
  return latency.reduce((sum, count, bucket) => {
    const from = LATENCY_BOUNDS_MS[bucket - 1] ?? 0
    const to = LATENCY_BOUNDS_MS[bucket] ?? Number.POSITIVE_INFINITY
    if (to <= limitMs) return sum
    if (from >= limitMs || to === Number.POSITIVE_INFINITY) return sum + count
    return sum + (count * (to - limitMs)) / (to - from)
  }, 0)
}

function since(before: Arms, now: Arms): Arms {
  return { stable: armSince(before.stable, now.stable), canary: armSince(before.canary, now.canary) }
}

function armSince(before: ArmCounts, now: ArmCounts): ArmCounts {
  if (now.requests < before.requests) return now
  return combined(now, before, (a, b) => Math.max(0, a - b))
}

function added(a: Arms, b: Arms): Arms {
  const sum = (x: number, y: number) => x + y
  return { stable: combined(a.stable, b.stable, sum), canary: combined(a.canary, b.canary, sum) }
}

function combined(a: ArmCounts, b: ArmCounts, by: (x: number, y: number) => number): ArmCounts {
  return {
    requests: by(a.requests, b.requests),
    errors: by(a.errors, b.errors),
    latency: a.latency.map((count, bucket) => by(count, b.latency[bucket]!)),
  }
}

function rateOf({ errors, requests }: ArmCounts): string {
  return percentText(1 - errors / requests)
}

function msText(ms: Millis): string {
  return `${Number(ms.toPrecision(3))} ms`
}
