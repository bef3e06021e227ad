import type { Capacity } from '../../core/learned.ts'
import type { MetricName } from '../../core/metrics.ts'
import { median } from '../../core/sums.ts'
import { type Correlation, correlate } from './correlate.ts'
import { kneeOf } from './knee.ts'

/** What was recorded of a fleet: series of the same steps, NaN where nothing is known. */
export interface Recorded {
  readonly stepMs: number
  readonly series: ReadonlyMap<MetricName, Float64Array>
  /** Those that a policy of type target can follow. */
  readonly candidates: readonly MetricName[]
  /** The metric that tells how long requests take. */
  readonly latency: MetricName
  /** Of a server, by what it carries; null = nobody can say yet. */
  readonly knee: Pick<Capacity, 'kneeRps' | 'kneeInFlight'> | null
}

export interface Moving extends Correlation {
  readonly metric: MetricName
  /** What it moves with: the latency, or the errors. */
  readonly signal: MetricName
}

export interface Suggestion {
  readonly metric: MetricName
  readonly value: number
  /** How its knee was found: by what a server carries, or by the curve of the latency itself. */
  readonly by: 'capacity' | 'curve'
  /** Of the correlation that speaks for it. */
  readonly spearman: number
  readonly lag: number
  readonly signal: MetricName
}

export interface Advice {
  /** How many times as high the load of a server was at its highest (P95) as at its lowest (P5); null = there is no load to tell by. */
  readonly variation: number | null
  /** Every candidate by each signal, those that move most with it first. */
  readonly moving: readonly Moving[]
  /** Null = `why` tells. */
  readonly suggestion: Suggestion | null
  readonly why: string
}

export const ERRORS: MetricName = 'error-rate'
/** Less variation tells nothing. */
const LEAST_VARIATION = 1.5
const MOST_LAG = 10
/** What moves less with saturation does not tell of it. */
const LEAST_SPEARMAN = 0.4
/** Correlations as near to each other as this are alike; then the metric that is measured without delay is taken. */
const ALIKE = 0.1
const PREFERRED: readonly MetricName[] = ['in-flight-per-server', 'rps-per-server', 'cpu']
/** Steps so near to the knee of a server tell what a metric is there. */
const NEAR = 0.1
const FEWEST_NEAR = 5

/** Which metric moves with saturation, and at which value of it servers should be held. Pure. */
export function adviceOf(recorded: Recorded): Advice {
  const variation = variationOf(recorded)
  const moving = movingIn(recorded)
  const about = { variation, moving }
  const none = (why: string): Advice => ({ ...about, suggestion: null, why })
  if (variation === null)
    return none('the load of a server is not known: neither rps-per-server nor in-flight-per-server is there')
  if (variation < LEAST_VARIATION)
    return none(
      `the load of a server varied by a factor of only ${variation.toFixed(2)}; at least ${LEAST_VARIATION} is needed to tell what moves with it`,
    )
  const telling = moving.filter(
    ({ significant, spearman, lag }) => significant && spearman >= LEAST_SPEARMAN && lag >= 0,
  )
  const best = telling[0]
  if (best === undefined) return none('no metric moved with latency or errors: nothing was near its limit')
  const alike = telling.filter(({ spearman }) => spearman >= best.spearman - ALIKE)
  const chosen = alike.toSorted((a, b) => placeOf(a.metric) - placeOf(b.metric))[0]!
  const { metric, spearman, lag, signal } = chosen
  const knee = kneeIn(metric, recorded)
  if (knee === null)
    return none(
      `${metric} moves with ${signal}, but servers were never near the knee of their latency: no target can be told yet`,
    )
  return {
    ...about,
    suggestion: { metric, spearman, lag, signal, ...knee },
    why: `${metric} moves with ${signal} (Spearman ${spearman.toFixed(2)}), and latency knees at ${Number(knee.value.toPrecision(3))}`,
  }
}

function placeOf(metric: MetricName): number {
  const place = PREFERRED.indexOf(metric)
  return place < 0 ? PREFERRED.length : place
}

function variationOf({ series }: Recorded): number | null {
  const load = series.get('rps-per-server') ?? series.get('in-flight-per-server')
  const known = [...(load ?? [])].filter((value) => value > 0).sort((a, b) => a - b)
  if (known.length === 0) return null
  // Of few values these are the highest and the lowest.
  return known[Math.ceil(0.95 * (known.length - 1))]! / known[Math.floor(0.05 * (known.length - 1))]!
}

function movingIn({ series, candidates, latency }: Recorded): readonly Moving[] {
  return [latency, ERRORS]
    .flatMap((signal) =>
      candidates
        .filter((metric) => metric !== signal)
        .flatMap((metric): Moving[] => {
          const [values, told] = [series.get(metric), series.get(signal)]
          const found = values && told ? correlate(values, told, MOST_LAG) : null
          return found ? [{ metric, signal, ...found }] : []
        }),
    )
    .toSorted((a, b) => b.spearman - a.spearman)
}

function kneeIn(
  metric: MetricName,
  { series, knee, latency }: Recorded,
): Pick<Suggestion, 'value' | 'by'> | null {
  const values = series.get(metric)!
  if (knee !== null) {
    const value = atKnee(metric, values, series.get('rps-per-server'), knee)
    if (value !== null) return { value, by: 'capacity' }
  }
  const told = series.get(latency)
  const value = told ? kneeOf(values, told) : null
  return value === null ? null : { value, by: 'curve' }
}

/** What the metric was while servers carried what they do at their knee; of load itself that can be reckoned. */
function atKnee(
  metric: MetricName,
  values: Float64Array,
  rps: Float64Array | undefined,
  { kneeRps, kneeInFlight }: NonNullable<Recorded['knee']>,
): number | null {
  if (metric === 'rps-per-server') return kneeRps
  if (metric === 'in-flight-per-server') return kneeInFlight
  const near = values.filter(
    (value, index) =>
      !Number.isNaN(value) && Math.abs((rps?.[index] ?? Number.NaN) - kneeRps) <= NEAR * kneeRps,
  )
  return near.length < FEWEST_NEAR ? null : median([...near])
}
