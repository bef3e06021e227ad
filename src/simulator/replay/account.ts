import type { MetricName } from '../../core/metrics.ts'
import type { Decision, Reason, ScalingPolicy } from '../../core/scaling.ts'
import type { Millis } from '../../core/time.ts'
import type { Replayed } from './replay.ts'

/** What was wanted, and why; null = the reasons are no longer kept. */
export interface Wanted {
  readonly want: number
  readonly because: readonly Reason[] | null
}

/** Ticks that follow each other and in which both, then and now, want the same for the same reasons. */
export interface Stretch {
  readonly fromAt: Millis
  readonly toAt: Millis
  readonly ticks: number
  readonly have: number
  readonly differs: boolean
  /** Of its first tick. */
  readonly recorded: Wanted
  readonly now: Wanted
}

/** A policy that looks ahead, and in how many ticks nobody had looked ahead at its metric: there it has no opinion. */
export interface Unforeseen {
  readonly policy: string
  readonly metric: MetricName
  readonly ticks: number
}

/** What a replay came to. */
export interface Account {
  /** Of the first and of the last tick. */
  readonly fromAt: Millis
  readonly toAt: Millis
  readonly ticks: number
  readonly differing: number
  /** What was wanted, over time. */
  readonly serverHoursThen: number
  readonly serverHoursNow: number
  /** Times without ticks, which do not count. */
  readonly gaps: { readonly count: number; readonly longestMs: Millis }
  /** Written by versions that did not keep all that a decision looks at. */
  readonly partial: number
  readonly unforeseen: readonly Unforeseen[]
  readonly decisions: readonly Stretch[]
}

const HOUR_MS: Millis = 3_600_000

/** `gapMs`: ticks that are further apart do not follow each other. Null = there is no tick at or after `fromAt`. */
export function accountOf(
  replayed: Iterable<Replayed>,
  {
    fromAt,
    gapMs,
    policies,
  }: {
    readonly fromAt: Millis
    readonly gapMs: Millis
    readonly policies: readonly ScalingPolicy[]
  },
): Account | null {
  const stretches: Open[] = []
  const unforeseen = policies.flatMap(({ name, looksAhead }) =>
    looksAhead === undefined ? [] : [{ policy: name, metric: looksAhead, ticks: 0 }],
  )
  const gaps = { count: 0, longestMs: 0 }
  let [ticks, differing, partial] = [0, 0, 0]
  let [hoursThen, hoursNow] = [0, 0]
  let last: Replayed | null = null
  for (const one of replayed) {
    if (one.tick.at < fromAt) continue
    const spacing = last === null ? 0 : Math.max(0, one.tick.at - last.tick.at)
    const gap = spacing > gapMs
    if (gap) {
      gaps.count++
      gaps.longestMs = Math.max(gaps.longestMs, spacing)
    } else if (last !== null) {
      hoursThen += (last.tick.want * spacing) / HOUR_MS
      hoursNow += (last.now.want * spacing) / HOUR_MS
    }
    ticks++
    if (one.tick.want !== one.now.want) differing++
    if (one.tick.seen === undefined) partial++
    for (const ahead of unforeseen) if (one.tick.outlooks?.[ahead.metric] === undefined) ahead.ticks++
    extend(stretches, one, gap)
    last = one
  }
  const [first] = stretches
  if (first === undefined || last === null) return null
  return {
    fromAt: first.fromAt,
    toAt: last.tick.at,
    ticks,
    differing,
    serverHoursThen: hoursThen,
    serverHoursNow: hoursNow,
    gaps,
    partial,
    unforeseen: unforeseen.filter(({ ticks }) => ticks > 0),
    decisions: stretches.map(({ key: _key, ...stretch }) => stretch),
  }
}

type Open = { -readonly [Part in keyof Stretch]: Stretch[Part] } & { readonly key: string }

function extend(stretches: Open[], { tick, recorded, now }: Replayed, gap: boolean): void {
  const key = `${tick.have} ${tick.want} ${keyOf(recorded)} ${keyOf(now)}`
  const last = stretches.at(-1)
  if (last?.key === key && !gap) {
    last.toAt = tick.at
    last.ticks++
    return
  }
  stretches.push({
    key,
    fromAt: tick.at,
    toAt: tick.at,
    ticks: 1,
    have: tick.have,
    differs: tick.want !== now.want,
    recorded: { want: tick.want, because: recorded?.because ?? null },
    now: { want: now.want, because: now.because },
  })
}

/** Without the figures, which change every tick. */
function keyOf(decision: Decision | null): string {
  return decision === null
    ? ''
    : `${decision.want} ${decision.because.map(({ by, from, to }) => `${by} ${from} ${to}`).join()}`
}
