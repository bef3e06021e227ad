import type { HpaMemory, Point } from '../../core/others.ts'
import type { Millis } from '../../core/time.ts'
import { roundUp } from '../round.ts'

/** The rule of the Horizontal Pod Autoscaler (autoscaling/v2). Sources: kubernetes.io, Horizontal Pod Autoscaling ("Algorithm details",
 *  "Configurable scaling behavior"); kubernetes/kubernetes pkg/controller/podautoscaler, replica_calculator.go and horizontal.go. */

export interface RateLimit {
  readonly kind: 'pods' | 'percent'
  readonly value: number
  readonly periodMs: Millis
}

export interface Behavior {
  readonly upStabilizationMs: Millis
  readonly downStabilizationMs: Millis
  /** Of several the one that allows the most change counts, as `selectPolicy: Max` has it. */
  readonly up: readonly RateLimit[]
  readonly down: readonly RateLimit[]
}

/** `--horizontal-pod-autoscaler-sync-period`: how often it decides. */
export const HPA_PERIOD_MS: Millis = 15_000
/** `--horizontal-pod-autoscaler-tolerance`. */
const TOLERANCE = 0.1

/** The defaults of autoscaling/v2. */
export const DEFAULT_BEHAVIOR: Behavior = {
  upStabilizationMs: 0,
  downStabilizationMs: 300_000,
  up: [
    { kind: 'percent', value: 100, periodMs: 15_000 },
    { kind: 'pods', value: 4, periodMs: 15_000 },
  ],
  down: [{ kind: 'percent', value: 100, periodMs: 15_000 }],
}

export const NO_HPA_MEMORY: HpaMemory = { asked: [], changes: [] }

/** By a metric's mean over those pods that are ready, over its target. On the way up those that are not ready count as idle, and the
 *  direction may not turn by that; on the way down they are left out. */
export function askedByMean(
  ratio: number,
  { have, ready }: { readonly have: number; readonly ready: number },
): number {
  if (Math.abs(1 - ratio) <= TOLERANCE) return have
  if (ratio < 1 || ready === have) return roundUp(ratio * ready)
  const whole = (ratio * ready) / have
  return whole <= 1 + TOLERANCE ? have : roundUp(whole * have)
}

/** By a whole load over what one pod is to carry (AverageValue), which does not depend on pods that are not ready. */
export function askedByTotal(needed: number, have: number): number {
  return Math.abs(1 - needed / have) <= TOLERANCE ? have : roundUp(needed)
}

export interface HpaTurn {
  readonly now: Millis
  readonly have: number
  readonly min: number
  readonly max: number
  /** What metrics ask for. */
  readonly asked: number
}

export interface HpaResult {
  readonly want: number
  readonly stable: number
  readonly memory: HpaMemory
}

/** What it makes of a number of replicas that metrics ask for: stabilization, then limits, then rates. Pure. */
export function behave(behavior: Behavior, memory: HpaMemory, turn: HpaTurn): HpaResult {
  const { now, have, min, max, asked } = turn
  const { upStabilizationMs, downStabilizationMs, up, down } = behavior
  const wanted = [
    ...within(memory.asked, now, Math.max(upStabilizationMs, downStabilizationMs)),
    point(now, asked),
  ]
  const values = (windowMs: Millis) => within(wanted, now, windowMs).map(({ value }) => value)
  const lowest = Math.min(asked, ...values(upStabilizationMs))
  const highest = Math.max(asked, ...values(downStabilizationMs))
  const stable = Math.max(min, Math.min(max, Math.min(Math.max(have, lowest), highest)))
  const periodMs = Math.max(0, ...[...up, ...down].map((rate) => rate.periodMs))
  const changes = within(memory.changes, now, periodMs)
  const startOf = (rate: RateLimit) =>
    have - within(changes, now, rate.periodMs).reduce((sum, { value }) => sum + value, 0)
  const want = limited(stable, have, behavior, startOf)
  return {
    want,
    stable,
    memory: { asked: wanted, changes: want === have ? changes : [...changes, point(now, want - have)] },
  }
}

function point(at: Millis, value: number): Point {
  return { at, value }
}

/** A window ends now and does not hold its own beginning. */
function within(points: readonly Point[], now: Millis, windowMs: Millis): readonly Point[] {
  return points.filter(({ at }) => at > now - windowMs && at <= now)
}

/** Within a period so many pods or such a share of those at its beginning. */
function limited(
  want: number,
  have: number,
  { up, down }: Behavior,
  startOf: (rate: RateLimit) => number,
): number {
  const most = up.map((rate) =>
    rate.kind === 'pods' ? startOf(rate) + rate.value : Math.ceil(startOf(rate) * (1 + rate.value / 100)),
  )
  const least = down.map((rate) =>
    rate.kind === 'pods' ? startOf(rate) - rate.value : Math.floor(startOf(rate) * (1 - rate.value / 100)),
  )
  if (want > have) return Math.max(have, Math.min(want, Math.max(...most)))
  return Math.min(have, Math.max(want, Math.min(...least)))
}
