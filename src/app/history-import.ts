import { Fault } from '../core/fault.ts'
import type { SeriesName } from '../core/history.ts'
import type { Sample } from '../core/metrics.ts'
import type { Settings } from '../core/settings.ts'
import type { Clock, Millis } from '../core/time.ts'
import { openClient } from '../drivers/prometheus/client.ts'
import { type PrometheusConfig, parseSource } from '../drivers/prometheus/config.ts'
import { fillQuery, rangeQuery } from '../drivers/prometheus/query.ts'

/** A long range takes longer than a query of now. */
const TIMEOUT_MS = 60_000
const DRIVER = 'prometheus'

export interface RangeAsk extends SeriesName {
  /** An address, or the name of a source of the file; null = the source of the metric. */
  readonly prometheus: string | null
  /** null = that of the metric in the file. */
  readonly query: string | null
  readonly fromAt: Millis
  readonly toAt: Millis
  readonly stepMs: Millis
}

/** What a Prometheus has of a query, a sample a step; some values may be no numbers. Throws Fault: config.invalid when it is not
 *  clear whom to ask what, metrics.failed. */
export async function readRange(
  settings: Settings | null,
  ask: RangeAsk,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<readonly Sample[]> {
  const { config, query } = whatToAsk(settings, ask)
  const client = openClient({ ...config, timeoutMs: TIMEOUT_MS }, clock)
  try {
    const pools = settings?.fleets.find(({ name }) => name === ask.fleet)?.pools ?? []
    const { stepMs, toAt } = ask
    const fromAt = Math.ceil(ask.fromAt / stepMs) * stepMs
    const text = fillQuery(query, { fleet: ask.fleet, pools })
    const series = await rangeQuery(client.ask, { query: text, fromAt, toAt, stepMs }, signal)
    if (series.length > 1)
      throw invalid(
        `the query gives ${series.length} series, expected one: put sum(), avg() or max() around it`,
      )
    return series[0]?.samples ?? []
  } finally {
    client.close()
  }
}

function whatToAsk(settings: Settings | null, { prometheus, query, metric }: RangeAsk) {
  const sources = (settings?.sources ?? []).filter(({ driver }) => driver === DRIVER)
  const own = sources.find(({ queries }) => Object.hasOwn(queries, metric))
  const text = query ?? (own?.queries[metric] as string | undefined)
  if (text === undefined)
    throw invalid(
      `the configuration has no query for ${metric}; give a CSV file, or --prometheus and --query`,
    )
  if (prometheus === null) {
    if (own === undefined)
      throw invalid(`the configuration has no Prometheus for ${metric}; write --prometheus`)
    return { config: own.config as PrometheusConfig, query: text }
  }
  const named = sources.find(({ name }) => name === `source:${prometheus}`)
  return { config: named ? (named.config as PrometheusConfig) : configOf(prometheus), query: text }
}

/** What needs a password or a certificate stands in the file. */
function configOf(url: string): PrometheusConfig {
  const parsed = parseSource({ url }, { baseDir: '.' })
  if (parsed.ok) return parsed.config
  const problems = parsed.problems.map(({ message }) => message).join('; ')
  throw invalid(`--prometheus: ${problems}, or the name of a source that a metric of the file uses`)
}

function invalid(message: string): Fault {
  return new Fault('config.invalid', message, { source: 'user', retry: 'no' })
}
