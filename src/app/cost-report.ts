import { carriedOf } from '../core/carried.ts'
import { type CostReport, currencyBefore, type FormerSpend, NO_PRICE } from '../core/cost.ts'
import { type Fault, userFault } from '../core/fault.ts'
import type { History, HistoryPoint } from '../core/history.ts'
import { COARSEST, SLACK_MS } from '../core/history-levels.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { Millis } from '../core/time.ts'
import { formatDuration } from '../core/units.ts'
import { wholeLoadOf } from '../scaling/forecast/whole.ts'
import { arrivalLoad } from '../simulator/arrival-load.ts'
import { type CostSeries, compareCosts } from '../simulator/cost-report.ts'

const MINUTES_MS: Millis = 600_000
const HOUR_MS: Millis = 3_600_000
const DAY_MS: Millis = 24 * HOUR_MS

interface Range {
  readonly fromAt: Millis
  readonly toAt: Millis
}

interface Asked extends Range {
  /** How long a server usually takes to start. */
  readonly startupMs: Millis
  /** What was spent in other currencies before. */
  readonly former?: readonly FormerSpend[]
}

/** What a fleet has cost, from the history, as far back as in one currency. Throws Fault request.invalid for a range that makes no sense, store.failed. */
export async function costReport(
  fleet: FleetSpec,
  history: Pick<History, 'read'>,
  { startupMs, former = [], ...asked }: Asked,
  now: Millis,
): Promise<CostReport> {
  const { currency, sinceAt } = currencyBefore(asked.toAt, (fleet.price ?? NO_PRICE).currency, former)
  const known = knownOf({ ...asked, fromAt: Math.max(asked.fromAt, sinceAt) }, now)
  const reader = (range: Range, stepMs: Millis) => async (metric: string) =>
    (await history.read({ fleet: fleet.name, metric, ...range, stepMs })).points
  // What began an hour ago is not told by the steps of what is kept for months.
  const [first] = await reader(known, stepOf(now - known.fromAt))('have')
  const stepMs = stepOf(now - Math.max(known.fromAt, first?.at ?? 0))
  const range = {
    fromAt: Math.floor(Math.max(known.fromAt, first?.at ?? 0) / stepMs) * stepMs,
    toAt: Math.ceil(known.toAt / stepMs) * stepMs,
  }
  const read = reader(range, stepMs)
  const names = ['have', 'cost', 'energy', 'carbon', 'server-hours']
  const [have, cost, energy, carbon, paid] = await Promise.all(names.map(read))
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
    carbon: spread(carbon!, total, 0),
    paidHours: spread(paid!, total, Number.NaN),
    load: await loadOf(fleet, stepMs, async (metric) => spread(await read(metric), mean, Number.NaN)),
    min: fleet.min,
    startupMs,
  }
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
  if (backMs <= MINUTES_MS) return 1_000
  if (backMs <= HOUR_MS) return 10_000
  return backMs <= DAY_MS + SLACK_MS / 2 ? 60_000 : 300_000
}

/** By the first policy that has a target for each server. */
async function loadOf(
  { policies, metrics, capacityRps }: FleetSpec,
  stepMs: Millis,
  read: (metric: string) => Promise<Float64Array>,
): Promise<CostSeries['load']> {
  const carried = policies.flatMap((policy) => {
    if (!('value' in policy)) return []
    const target = carriedOf(policy, capacityRps)
    return target !== null && target > 0 ? [{ metric: policy.metric, target }] : []
  })[0]
  if (carried === undefined) return null
  const { metric, target } = carried
  const whole = wholeLoadOf(metric, metrics)
  const means = await read(whole.metric)
  if (whole.metric === 'in-flight') {
    const [rps, serving] = [await read('rps'), await read('serving')]
    return { means: arrivalLoad({ stepMs, inFlight: means, rps, serving, target }), target }
  }
  if (!whole.timesServing) return { means, target }
  const serving = await read('serving')
  return { means: means.map((mean, step) => mean * serving[step]!), target }
}
