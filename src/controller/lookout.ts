import { Fault } from '../core/fault.ts'
import type { Experience, Forecaster, LoadSeries, Outlook } from '../core/forecast.ts'
import type { History, HistoryAnswer, HistoryPoint } from '../core/history.ts'
import type { MetricName } from '../core/metrics.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { Clock, Millis } from '../core/time.ts'
import { LOAD_BACK_MS, LOAD_STEP_MS, outlookOf } from '../scaling/forecast/outlook.ts'
import { Teacher } from '../scaling/forecast/teacher.ts'
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

/** What is known of the time ahead. Owned by the loop: no tick waits for it, the next one takes what has come. */
export class Lookout {
  readonly #outlooks = new Map<MetricName, Outlook>()
  readonly #teachers = new Map<MetricName, Teacher>()
  readonly #askedAt = new Map<MetricName, Millis>()
  /** Those whose lesson waits for its turn; until then the outlook is as good as it is without. */
  readonly #waiting = new Set<MetricName>()
  readonly #forecasting = new Set<MetricName>()
  readonly #experience = new Map<MetricName, Experience>()
  #broken: { readonly error: unknown } | null = null

  /** The newest outlook of each metric, as far as there is one; starts to renew those that are old. Throws what broke and was no Fault: the
   *  controller must not go on. */
  take(watch: Watch): Readonly<Partial<Record<MetricName, Outlook>>> {
    if (this.#broken) throw this.#broken.error
    for (const metric of watch.metrics) {
      const isOld = Math.abs(watch.now - (this.#askedAt.get(metric) ?? Number.NEGATIVE_INFINITY)) >= RENEW_MS
      if (!isOld && !this.#waiting.has(metric)) continue
      const teaches = this.#isTaught(metric, watch)
      if (isOld || teaches) this.#renew(metric, watch, teaches)
    }
    const known = watch.metrics.flatMap((metric): [MetricName, Outlook][] => {
      const outlook = this.#outlooks.get(metric)
      return outlook ? [[metric, outlook]] : []
    })
    return Object.fromEntries(known)
  }

  /** Is a lesson due, and is it its turn? */
  #isTaught(metric: MetricName, { now, turns }: Watch): boolean {
    const isDue = this.#teacherOf(metric).isDue(now)
    const isTaught = isDue && turns.take('lesson', now)
    if (isDue && !isTaught) this.#waiting.add(metric)
    else this.#waiting.delete(metric)
    return isTaught
  }

  #teacherOf(metric: MetricName): Teacher {
    const teacher = this.#teachers.get(metric) ?? new Teacher()
    this.#teachers.set(metric, teacher)
    return teacher
  }

  /** A history that fails leaves the old one, which says when it was made. */
  #renew(metric: MetricName, watch: Watch, teaches: boolean): void {
    this.#askedAt.set(metric, watch.now)
    this.#look(metric, watch, teaches).catch((error: unknown) => {
      if (!(error instanceof Fault)) this.#broken = { error }
    })
  }

  async #look(metric: MetricName, watch: Watch, teaches: boolean): Promise<void> {
    const load = await loadOf(metric, watch)
    const teacher = this.#teacherOf(metric)
    if (teaches) teacher.teach(load, watch.now, watch.aheadMs)
    const outlook = outlookOf(load, watch.now, watch.aheadMs, teacher.lesson)
    const before = this.#outlooks.get(metric)?.forecast ?? { why: 'nothing is forecast yet' }
    this.#outlooks.set(metric, { ...outlook, forecast: before })
    const isOld = 'why' in before || stepOf(before.madeAt) < stepOf(watch.now)
    if (!watch.forecasts.has(metric) || !isOld || this.#forecasting.has(metric)) return
    this.#forecasting.add(metric)
    const forecast = await this.#forecast(metric, load, watch).finally(() => this.#forecasting.delete(metric))
    this.#outlooks.set(metric, { ...this.#outlooks.get(metric)!, forecast })
  }

  /** A fault is a reason why there is none; what was learned before stays. */
  async #forecast(
    metric: MetricName,
    load: LoadSeries,
    { now, aheadMs, forecaster, clock }: Watch,
  ): Promise<Outlook['forecast']> {
    try {
      const experience = this.#experience.get(metric) ?? null
      const made = await within(clock, LONGEST_MS, (signal) =>
        forecaster.forecast(load, { now, aheadMs, experience }, signal),
      )
      if (made === null) return { why: 'too little is known for a forecast' }
      const { forecast } = made
      if (!Number.isFinite(forecast.high) || !Number.isFinite(forecast.expected))
        return { why: 'the forecast is no number' }
      this.#experience.set(metric, made.experience)
      return { ...forecast, madeAt: now }
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      return { why: error.message }
    }
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
