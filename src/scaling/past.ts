import type { MetricName } from '../core/metrics.ts'
import type { GuardSpec } from '../core/policy.ts'
import type { ScalingPolicy } from '../core/scaling.ts'
import type { Millis } from '../core/time.ts'

/** One tick: used where there are too few samples to see their interval, and for closer ones, as two metrics read in one tick. */
const SHORTEST_INTERVAL_MS = 1_000
const ENOUGH_SPACINGS = 3
/** The newest spacings say enough, and a bounded number keeps a tick cheap. */
const SPACINGS = 32
/** What is kept beyond the longest window, so that its far end is always inside. */
const SLACK_MS = 120_000
/** What servers may take to start, for whoever compares what was before them with what came after. */
const STARTING_MS = 240_000

/** The longest spacing between two of these instants (oldest first) that is not yet a gap: two intervals, and half a one for jitter.
 *  The interval is the median of the newest spacings, so it fits a source with a sample a second and one with a sample a minute. */
export function gapLimitMs(instants: readonly Millis[]): Millis {
  const newest = instants.slice(-SPACINGS - 1)
  const spacings = newest
    .slice(1)
    .map((at, index) => at - newest[index]!)
    .filter((spacing) => spacing > 0)
    .sort((a, b) => a - b)
  const median = spacings[Math.floor(spacings.length / 2)]
  const interval = median !== undefined && spacings.length >= ENOUGH_SPACINGS ? median : 0
  return 2.5 * Math.max(interval, SHORTEST_INTERVAL_MS)
}

/** The index from which on these instants (oldest first) follow each other, and `now`, without a gap; their number when none does. */
export function unbrokenFrom(instants: readonly Millis[], now: Millis, limitMs: Millis): number {
  let next = now
  let index = instants.length
  while (index > 0 && next - instants[index - 1]! <= limitMs) next = instants[--index]!
  return index
}

/** What the guard `effect` compares metrics with. */
const LOAD: readonly MetricName[] = ['rps', 'throughput']

/** Metrics that `view.past` has samples of, for these policies and guards. */
export function lookedBackOn(
  policies: readonly Pick<ScalingPolicy, 'metrics'>[],
  guards: GuardSpec,
): ReadonlySet<MetricName> {
  const load = guards.effect === null ? [] : LOAD
  return new Set([...policies.flatMap((policy) => policy.metrics), ...load])
}

/** How far back `view.past` must reach for these policies and guards. */
export function lookBackMs(policies: readonly ScalingPolicy[], guards: GuardSpec): Millis {
  const effectMs = guards.effect === null ? 0 : guards.effect.afterMs + STARTING_MS
  const windows = [
    effectMs,
    guards.inPatienceMs,
    guards.outPatienceMs,
    ...policies.map((policy) => policy.lookBackMs),
  ]
  return Math.max(...windows) + SLACK_MS
}
