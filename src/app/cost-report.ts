import { type CostReport, NO_PRICE } from '../core/cost.ts'
import { type Fault, userFault } from '../core/fault.ts'
import type { History, HistoryPoint } from '../core/history.ts'
import { COARSEST } from '../core/history-levels.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { Millis } from '../core/time.ts'
import { formatDuration } from '../core/units.ts'
import { wholeLoadOf } from '../scaling/forecast/whole.ts'
import { type CostSeries, compareCosts } from '../simulator/cost-report.ts'

const HOUR_MS: Millis = 3_600_000
const DAY_MS: Millis = 24 * HOUR_MS

interface Range {
  readonly fromAt: Millis
  readonly toAt: Millis
}

interface Asked extends Range {
  /** How long a server usually takes to start. */
  readonly startupMs: Millis
}

/** What a fleet has cost, from the history. Throws Fault request.invalid for a range that makes no sense, store.failed. */
export async function costReport(
  fleet: FleetSpec,
  history: Pick<History, 'read'>,
  { startupMs, ...asked }: Asked,
  now: Millis,
): Promise<CostReport> {
  const known = knownOf(asked, now)
  const stepMs = stepOf(now - known.fromAt)
  const range = {
    fromAt: Math.floor(known.fromAt / stepMs) * stepMs,
    toAt: Math.ceil(known.toAt / stepMs) * stepMs,
  }
  const read = async (metric: string): Promise<readonly HistoryPoint[]> =>
    (await history.read({ fleet: fleet.name, metric, ...range, stepMs })).points
  const names = ['have', 'cost', 'energy', 'server-hours']
  const [have, cost, energy, paid] = await Promise.all(names.map(read))
  const steps = (range.toAt - range.fromAt) / stepMs
  const spread = (points: readonly HistoryPoint[], of: (point: HistoryPoint) => number, gap: number) => {
    const series = new Float64Array(steps).fill(gap)
    for (const point of points) series[(point.at - range.fromAt) / stepMs] = of(point)
    return series
  }
  const total = ({ mean, count }: HistoryPoint) => mean * count
  const mean = (point: HistoryPoint) => point.mean
  const series: CostSeries = {
    stepMs,
    have: spread(have!, mean, Number.NaN),
    cost: spread(cost!, total, 0),
    energy: spread(energy!, total, 0),
    paidHours: spread(paid!, total, Number.NaN),
    load: await loadOf(fleet, async (metric) => spread(await read(metric), mean, Number.NaN)),
    min: fleet.min,
    startupMs,
  }
  const { currency } = fleet.price ?? NO_PRICE
  return { fleet: fleet.name, currency, ...known, ...compareCosts(series) }
}

/** As much of it as the history may know: neither the future nor what it has forgotten is given room. */
function knownOf({ fromAt, toAt }: Range, now: Millis): Range {
  if (!(fromAt < toAt)) throw invalid('the time must begin before it ends')
  const range = { fromAt: Math.max(fromAt, now - COARSEST.keepMs), toAt: Math.min(toAt, now) }
  if (range.fromAt < range.toAt) return range
  throw invalid(`nothing is known of that time: the history has the last ${formatDuration(COARSEST.keepMs)}`)
}

function invalid(message: string): Fault {
  return userFault('request.invalid', message)
}

/** As fine as the history keeps it that far back. */
function stepOf(backMs: Millis): Millis {
  if (backMs <= HOUR_MS) return 10_000
  return backMs <= DAY_MS ? 60_000 : 300_000
}

/** By the first policy that has a target for each server. */
async function loadOf(
  { policies, metrics }: FleetSpec,
  read: (metric: string) => Promise<Float64Array>,
): Promise<CostSeries['load']> {
  const policy = policies.find((one) => 'value' in one && one.value > 0)
  if (policy === undefined || !('value' in policy)) return null
  const whole = wholeLoadOf(policy.metric, metrics)
  const means = await read(whole.metric)
  if (!whole.timesServing) return { means, target: policy.value }
  const serving = await read('serving')
  return { means: means.map((mean, step) => mean * serving[step]!), target: policy.value }
}
