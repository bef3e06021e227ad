import type { History, HistoryPoint } from '../core/history.ts'
import type { Capacity } from '../core/learned.ts'
import type { FleetSpec } from '../core/policy.ts'
import { sum } from '../core/sums.ts'
import type { Millis } from '../core/time.ts'
import type { MeasuredPeriod, TuningMeasured } from '../core/tuning.ts'

const DAY: Millis = 86_400_000
const STEP_MS: Millis = 300_000
const HOUR: Millis = 3_600_000
const METRICS = ['rps', 'have', 'serving', 'p95', 'error-rate'] as const

interface Asked {
  readonly sinceAt: Millis
  readonly untilAt: Millis
  readonly capacity: Capacity | null
}

/** What the history has of a probation, and of the same hours of as many days before it. Throws Fault as `History.read` does. */
export async function measuredAround(
  { name, capacityRps }: FleetSpec,
  { sinceAt, untilAt, capacity }: Asked,
  history: Pick<History, 'read'>,
): Promise<TuningMeasured> {
  const kneeRps = capacity?.confident ? capacity.kneeRps : capacityRps
  const backMs = Math.ceil((untilAt - sinceAt) / DAY) * DAY
  const period = async (byMs: Millis): Promise<MeasuredPeriod> => {
    const [fromAt, toAt] = [sinceAt - byMs, untilAt - byMs].map((at) => Math.ceil(at / STEP_MS) * STEP_MS)
    const range = { fromAt: fromAt!, toAt: toAt!, stepMs: STEP_MS }
    const answers = await Promise.all(
      METRICS.map((metric) => history.read({ fleet: name, metric, ...range })),
    )
    const series = answers.map(({ points }) => new Map(points.map((point) => [point.at, point])))
    return periodOf(series, { kneeRps, steps: (toAt! - fromAt!) / STEP_MS })
  }
  const [before, after] = await Promise.all([period(backMs), period(0)])
  return { before, after }
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
  const isCrowded = (at: Millis) => rps!.get(at)!.mean > (serving!.get(at)?.mean ?? 0) * kneeRps!
  return {
    known: known.length / steps,
    requests,
    serverHours: sum(known.map((at) => (have!.get(at)!.mean * STEP_MS) / HOUR)),
    p95Ms: weighed(p95!),
    errors: weighed(errors!),
    crowded:
      kneeRps === null || requests === 0 ? null : sum(known.filter(isCrowded).map(requestsAt)) / requests,
  }
}
