import type { History, HistoryPoint } from '../core/history.ts'
import type { Capacity } from '../core/learned.ts'
import type { FleetSpec } from '../core/policy.ts'
import { sum } from '../core/sums.ts'
import type { Millis } from '../core/time.ts'
import type { MeasuredPeriod, Probation, TuningMeasured } from '../core/tuning.ts'
import { LEAST_KNOWN } from '../scaling/tuning/judge.ts'

const DAY: Millis = 86_400_000
const WEEK: Millis = 7 * DAY
const STEP_MS: Millis = 300_000
const HOUR: Millis = 3_600_000
const METRICS = ['rps', 'have', 'serving', 'p95', 'error-rate'] as const

interface Asked {
  readonly probation: Pick<Probation, 'sinceAt' | 'untilAt' | 'steadySinceAt'>
  readonly capacity: Capacity | null
}

/** What the history has of a probation, and of the same hours a week before it (of so many weeks as it is long); where the history knows
 *  too little of them, or other settings were tuned then, of the days right before it. Throws Fault as `History.read` does. */
export async function measuredAround(
  { name, capacityRps }: FleetSpec,
  { probation: { sinceAt, untilAt, steadySinceAt }, capacity }: Asked,
  history: Pick<History, 'read'>,
): Promise<TuningMeasured> {
  const kneeRps = capacityRps ?? (capacity?.confident ? capacity.kneeRps : null)
  const backMs = (unit: Millis) => Math.ceil((untilAt - sinceAt) / unit) * unit
  const period = async (byMs: Millis): Promise<MeasuredPeriod> => {
    const [fromAt, toAt] = [sinceAt - byMs, untilAt - byMs].map((at) => Math.ceil(at / STEP_MS) * STEP_MS)
    const range = { fromAt: fromAt!, toAt: toAt!, stepMs: STEP_MS }
    const answers = await Promise.all(
      METRICS.map((metric) => history.read({ fleet: name, metric, ...range })),
    )
    const series = answers.map(({ points }) => new Map(points.map((point) => [point.at, point])))
    return periodOf(series, { kneeRps, steps: (toAt! - fromAt!) / STEP_MS })
  }
  const isSteady = sinceAt - backMs(WEEK) >= (steadySinceAt ?? Number.NEGATIVE_INFINITY)
  const weekBefore = isSteady ? await period(backMs(WEEK)) : null
  const isKnown = weekBefore !== null && weekBefore.known >= LEAST_KNOWN
  return { before: isKnown ? weekBefore : await period(backMs(DAY)), after: await period(0) }
}

function periodOf(
  [rps, have, serving, p95, errors]: readonly ReadonlyMap<Millis, HistoryPoint>[],
  { kneeRps, steps }: { readonly kneeRps: number | null; readonly steps: number },
): MeasuredPeriod {
  const known = [...rps!.keys()].filter((at) => have!.has(at))
  const requestsAt = (at: Millis) => (rps!.get(at)!.mean * STEP_MS) / 1000
  const requests = sum(known.map(requestsAt))
  const weighed = (series: ReadonlyMap<Millis, HistoryPoint>): number | null => {
    const there = known.filter((at) => series.has(at))
    const weight = sum(there.map(requestsAt))
    return weight > 0 ? sum(there.map((at) => series.get(at)!.mean * requestsAt(at))) / weight : null
  }
  const counted = known.filter((at) => serving!.has(at))
  const isCrowded = (at: Millis) => rps!.get(at)!.mean > serving!.get(at)!.mean * kneeRps!
  const carried = sum(counted.map(requestsAt))
  return {
    known: known.length / steps,
    requests,
    serverHours: sum(known.map((at) => (have!.get(at)!.mean * STEP_MS) / HOUR)),
    p95Ms: weighed(p95!),
    errors: weighed(errors!),
    crowded:
      kneeRps === null || carried === 0 ? null : sum(counted.filter(isCrowded).map(requestsAt)) / carried,
  }
}
