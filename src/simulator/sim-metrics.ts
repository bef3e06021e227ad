import type { MetricName, MetricQuery, MetricSource, Reading } from '../core/metrics.ts'
import type { Clock } from '../core/time.ts'

/** The whole load of a metric, over all servers; null = no data. */
export type SimLoad = (metric: MetricName, query: MetricQuery) => number | null

/** What is measured on answers: without a request it has nothing to say. */
const OF_ANSWERS: readonly MetricName[] = ['p50', 'p95', 'p99', 'error-rate']

const WHOLE: Readonly<Record<MetricName, MetricName>> = {
  'rps-per-server': 'rps',
  'in-flight-per-server': 'in-flight',
  'connections-per-server': 'connections',
}

/** Measures an imaginary load. */
export class SimMetrics implements MetricSource {
  readonly #clock: Clock
  readonly #load: SimLoad

  constructor(clock: Clock, load: SimLoad) {
    this.#clock = clock
    this.#load = load
  }

  async read(queries: readonly MetricQuery[]): Promise<readonly Reading[]> {
    return queries.map((query) => this.#reading(query))
  }

  #reading(query: MetricQuery): Reading {
    const at = this.#clock.now()
    const whole = WHOLE[query.metric]
    const load = this.#load(whole ?? query.metric, query)
    if (load === null && OF_ANSWERS.includes(query.metric) && this.#load('in-flight', query) === 0) {
      return { ok: false, at, why: 'idle' }
    }
    if (load === null)
      return { ok: false, at, why: 'no-data', detail: `nobody measures ${query.metric} here` }
    if (whole && query.servers.length === 0)
      return { ok: false, at, why: 'no-data', detail: 'no server is serving' }
    return { ok: true, sample: { value: whole ? load / query.servers.length : load, at } }
  }
}
