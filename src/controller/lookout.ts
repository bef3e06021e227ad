import { Fault } from '../core/fault.ts'
import type { LoadSeries, Outlook } from '../core/forecast.ts'
import type { History, HistoryAnswer, HistoryPoint } from '../core/history.ts'
import type { MetricName } from '../core/metrics.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { Millis } from '../core/time.ts'
import { LOAD_BACK_MS, LOAD_STEP_MS, outlookOf } from '../scaling/forecast/outlook.ts'
import { wholeLoadOf } from '../scaling/forecast/whole.ts'

/** An outlook is renewed when it is this old. */
const RENEW_MS: Millis = 60_000

/** Whose outlook, and from where. */
export interface Watch {
  readonly fleet: FleetSpec
  readonly metrics: readonly MetricName[]
  readonly now: Millis
  readonly aheadMs: Millis
  readonly history: Pick<History, 'read'>
}

/** What is known of the time ahead. Owned by the loop: no tick waits for it, the next one takes what has come. */
export class Lookout {
  readonly #outlooks = new Map<MetricName, Outlook>()
  readonly #askedAt = new Map<MetricName, Millis>()
  #broken: { readonly error: unknown } | null = null

  /** The newest outlook of each metric, as far as there is one; starts to renew those that are old. Throws what broke and was no Fault: the
   *  controller must not go on. */
  take(watch: Watch): Readonly<Partial<Record<MetricName, Outlook>>> {
    if (this.#broken) throw this.#broken.error
    for (const metric of watch.metrics) {
      const askedAt = this.#askedAt.get(metric) ?? Number.NEGATIVE_INFINITY
      if (Math.abs(watch.now - askedAt) >= RENEW_MS) this.#renew(metric, watch)
    }
    const known = watch.metrics.flatMap((metric): [MetricName, Outlook][] => {
      const outlook = this.#outlooks.get(metric)
      return outlook ? [[metric, outlook]] : []
    })
    return Object.fromEntries(known)
  }

  /** A history that fails leaves the old one, which says when it was made. */
  #renew(metric: MetricName, watch: Watch): void {
    this.#askedAt.set(metric, watch.now)
    loadOf(metric, watch).then(
      (load) => void this.#outlooks.set(metric, outlookOf(load, watch.now, watch.aheadMs)),
      (error: unknown) => {
        if (!(error instanceof Fault)) this.#broken = { error }
      },
    )
  }
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
