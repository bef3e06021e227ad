import type { HistoryPoint } from '../core/history.ts'
import { OTHER_COUNTS } from '../core/history.ts'
import type { OtherRule } from '../core/others.ts'
import { sum } from '../core/sums.ts'
import type { Millis } from '../core/time.ts'

/** How what we wanted over time differs from what another way to scale would have wanted. */
export interface Difference {
  readonly rule: OtherRule
  /** Compared steps of time: those in which both are known. */
  readonly steps: number
  /** Of these, where we wanted at least half a server more, or fewer, in the mean. */
  readonly more: number
  readonly fewer: number
  /** By how many servers where it differs, in the mean. */
  readonly byServers: number
  readonly serverHours: number
  readonly otherServerHours: number
}

type Points = readonly Pick<HistoryPoint, 'at' | 'mean'>[]

const HOUR_MS: Millis = 3_600_000
const HALF = 0.5

/** Null = nothing can be compared. */
export function differenceOf(
  rule: OtherRule,
  { wanted, others, stepMs }: { readonly wanted: Points; readonly others: Points; readonly stepMs: Millis },
): Difference | null {
  const ours = new Map(wanted.map(({ at, mean }) => [at, mean]))
  const pairs = others.flatMap(({ at, mean: other }) => {
    const own = ours.get(at)
    return own === undefined ? [] : [{ own, other }]
  })
  if (pairs.length === 0) return null
  const apart = pairs.map(({ own, other }) => own - other).filter((gap) => Math.abs(gap) >= HALF)
  const hoursOf = (values: readonly number[]) => (sum(values) * stepMs) / HOUR_MS
  return {
    rule,
    steps: pairs.length,
    more: apart.filter((gap) => gap > 0).length,
    fewer: apart.filter((gap) => gap < 0).length,
    byServers: apart.length === 0 ? 0 : sum(apart.map(Math.abs)) / apart.length,
    serverHours: hoursOf(pairs.map(({ own }) => own)),
    otherServerHours: hoursOf(pairs.map(({ other }) => other)),
  }
}

/** `beside want-hpa: 12.5% of the time more, 3.0% fewer, by 1.8 in the mean; 30.20 server-hours, it 35.10`. */
export function differenceLine({ rule, steps, more, fewer, ...difference }: Difference): string {
  const share = (count: number) => `${((100 * count) / steps).toFixed(1)}%`
  const { byServers, serverHours, otherServerHours } = difference
  return `beside ${OTHER_COUNTS[rule]}: ${share(more)} of the time more, ${share(fewer)} fewer, by ${byServers.toFixed(1)} in the mean; ${serverHours.toFixed(2)} server-hours, it ${otherServerHours.toFixed(2)}`
}
