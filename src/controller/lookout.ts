import { Fault } from '../core/fault.ts'
import type { Experience, Forecaster, LoadSeries, Outlook } from '../core/forecast.ts'
import type { History, HistoryAnswer, HistoryPoint } from '../core/history.ts'
import { type MetricName, metricInfo } from '../core/metrics.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { Clock, Millis } from '../core/time.ts'
import { LOAD_BACK_MS, LOAD_STEP_MS, outlookOf } from '../scaling/forecast/outlook.ts'
import { Teacher } from '../scaling/forecast/teacher.ts'
import { told } from '../scaling/forecast/told.ts'
import { wholeLoadOf } from '../scaling/forecast/whole.ts'
import type { Turns } from './turns.ts'
import { within } from './within.ts'

/** An outlook is renewed when it is this old. */
const RENEW_MS: Millis = 60_000
/** A forecast that takes longer is given up. */
const LONGEST_MS: Millis = 30_000

/** Whose outlook, and from where. */
export interface Watch {
  readonly fleet: FleetSpec
  readonly metrics: readonly MetricName[]
  /** Those of them that are to be forecast too. */
  readonly forecasts: ReadonlySet<MetricName>
  readonly now: Millis
  readonly aheadMs: Millis
  readonly history: Pick<History, 'read'>
  readonly forecaster: Forecaster
  readonly turns: Turns
  readonly clock: Clock
}

/** What is known of one metric, as long as it is measured as it was. */
class Known {
  readonly definition: string
  readonly teacher = new Teacher()
  outlook: Outlook | null = null
  askedAt: Millis = Number.NEGATIVE_INFINITY
  /** Its lesson waits for its turn; until then the outlook is as good as it is without. */
  isWaiting = false
  isForecasting = false
  experience: Experience | null = null

  constructor(definition: string) {
    this.definition = definition
  }
}

/** What is known of the time ahead. Owned by the loop: no tick waits for it, the next one takes what has come. */
export class Lookout {
  #known: ReadonlyMap<MetricName, Known> = new Map()
  #broken: { readonly error: unknown } | null = null

  /** The newest outlook of each metric, as far as there is one; starts to renew those that are old. Throws what broke and was no Fault: the
   *  controller must not go on. */
  take(watch: Watch): Readonly<Partial<Record<MetricName, Outlook>>> {
    if (this.#broken) throw this.#broken.error
    this.#known = new Map(watch.metrics.map((metric) => [metric, this.#knownOf(metric, watch.fleet)]))
    for (const [metric, known] of this.#known) {
      const isOld = Math.abs(watch.now - known.askedAt) >= RENEW_MS
      if (!isOld && !known.isWaiting) continue
      const teaches = isTaught(known, watch)
      if (isOld || teaches) this.#renew(metric, known, watch, teaches)
    }
    const seen = [...this.#known].flatMap(([metric, { outlook }]) => (outlook ? [[metric, outlook]] : []))
    return Object.fromEntries(seen)
  }

  /** What nobody looks ahead by any more, or is another metric since a reload, is forgotten. */
  #knownOf(metric: MetricName, { metrics }: FleetSpec): Known {
    const { from, unit, perServer } = metricInfo(metric, metrics)
    const definition = `${from} ${unit} ${perServer}`
    const known = this.#known.get(metric)
    return known?.definition === definition ? known : new Known(definition)
  }

  /** A history that fails leaves the old one, which says when it was made. */
  #renew(metric: MetricName, known: Known, watch: Watch, teaches: boolean): void {
    known.askedAt = watch.now
    look(metric, known, watch, teaches).catch((error: unknown) => {
      if (!(error instanceof Fault)) this.#broken = { error }
    })
  }
}

/** Is a lesson due, and is it its turn? */
function isTaught(known: Known, { now, turns }: Watch): boolean {
  const isDue = known.teacher.isDue(now)
  const isTaught = isDue && turns.take('lesson', now)
  known.isWaiting = isDue && !isTaught
  return isTaught
}

async function look(metric: MetricName, known: Known, watch: Watch, teaches: boolean): Promise<void> {
  const load = await loadOf(metric, watch)
  const { teacher } = known
  if (teaches) teacher.teach(load, watch.now, watch.aheadMs)
  const outlook = outlookOf(load, watch.now, watch.aheadMs, teacher.lesson)
  const before = known.outlook?.forecast ?? { why: 'nothing is forecast yet' }
  known.outlook = { ...outlook, forecast: before }
  const isOld = 'why' in before || stepOf(before.madeAt) < stepOf(watch.now)
  if (!watch.forecasts.has(metric) || !isOld || known.isForecasting) return
  known.isForecasting = true
  const forecast = await forecastFor(known, load, watch).finally(() => void (known.isForecasting = false))
  known.outlook = { ...known.outlook, forecast }
}

/** A fault is a reason why there is none; what was learned before stays. */
async function forecastFor(
  known: Known,
  load: LoadSeries,
  { now, aheadMs, forecaster, clock }: Watch,
): Promise<Outlook['forecast']> {
  try {
    const { experience } = known
    const made = await within(clock, LONGEST_MS, (signal) =>
      forecaster.forecast(load, { now, aheadMs, experience }, signal),
    )
    const forecast = told(made, now)
    if (made !== null && !('why' in forecast)) known.experience = made.experience
    return forecast
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { why: error.message }
  }
}

/** There is nothing new before a step is over. */
function stepOf(at: Millis): number {
  return Math.floor(at / LOAD_STEP_MS)
}

async function loadOf(metric: MetricName, { fleet, now, history }: Watch): Promise<LoadSeries> {
  const fromAt = Math.floor((now - LOAD_BACK_MS) / LOAD_STEP_MS) * LOAD_STEP_MS
  const read = (metric: MetricName): Promise<HistoryAnswer> =>
    history.read({ fleet: fleet.name, metric, fromAt, toAt: now, stepMs: LOAD_STEP_MS })
  const whole = wholeLoadOf(metric, fleet.metrics)
  const { points } = await read(whole.metric)
  const serving = whole.timesServing ? await read('serving') : null
  return seriesOf(points, serving?.points ?? null, { fromAt, now })
}

/** A step of which one of the two is not known is a gap. */
function seriesOf(
  points: readonly HistoryPoint[],
  serving: readonly HistoryPoint[] | null,
  { fromAt, now }: { readonly fromAt: Millis; readonly now: Millis },
): LoadSeries {
  const startAt = points[0]?.at ?? fromAt
  const steps = Math.max(0, Math.ceil((now - startAt) / LOAD_STEP_MS))
  const gaps = () => new Float64Array(steps).fill(Number.NaN)
  const series = { startAt, stepMs: LOAD_STEP_MS, means: gaps(), peaks: gaps() }
  const counts = serving && new Map(serving.map(({ at, mean }) => [at, mean]))
  for (const { at, mean, p95 } of points) {
    const times = counts === null ? 1 : (counts.get(at) ?? Number.NaN)
    const index = (at - startAt) / LOAD_STEP_MS
    series.means[index] = mean * times
    series.peaks[index] = p95 * times
  }
  return series
}
