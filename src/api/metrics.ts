import type { Queries } from '../core/admin.ts'
import { FAMILIES, type Family, type HistogramSeries, type Labels, type Scrape } from './metrics-table.ts'

/** Members shown in a pool; each has some forty series. */
const MAX_MEMBERS = 1000

/** Reads all that a scrape shows. */
export async function readScrape(queries: Queries): Promise<Scrape> {
  const [stats, pools, fleets] = await Promise.all([queries.stats(), queries.pools(), queries.fleets()])
  const bounded = pools.map((pool) => ({ ...pool, members: pool.members.slice(0, MAX_MEMBERS) }))
  const boundedStats = stats && {
    ...stats,
    pools: stats.pools.map((pool) => ({ ...pool, members: pool.members.slice(0, MAX_MEMBERS) })),
  }
  const leftOut = pools.reduce((sum, pool) => sum + Math.max(0, pool.members.length - MAX_MEMBERS), 0)
  return {
    about: queries.about(),
    ready: queries.ready(),
    stats: boundedStats,
    pools: bounded,
    fleets,
    leftOut,
  }
}

const CONTENT_TYPES = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
} as const

export type MetricsFormat = keyof typeof CONTENT_TYPES

/** The page, in Prometheus' text format 0.0.4 or in OpenMetrics 1.0. */
export function renderMetrics(scrape: Scrape, format: MetricsFormat): { contentType: string; text: string } {
  const families = FAMILIES.map((family) => renderFamily(family, scrape, format)).join('')
  return {
    contentType: CONTENT_TYPES[format],
    text: format === 'openmetrics' ? `${families}# EOF\n` : families,
  }
}

function renderFamily(family: Family, scrape: Scrape, format: MetricsFormat): string {
  const lines =
    family.type === 'histogram'
      ? family.read(scrape).flatMap((series) => histogramLines(family.name, family.bounds, series))
      : family.read(scrape).map(({ labels, value }) => line(sampleName(family), labels, value))
  if (lines.length === 0) return ''
  // OpenMetrics names the family without the `_total` of its samples, the older format with it.
  const name = format === 'openmetrics' ? family.name : sampleName(family)
  return `# HELP ${name} ${escapeHelp(family.help)}\n# TYPE ${name} ${family.type}\n${lines.join('')}`
}

function sampleName(family: Family): string {
  return family.type === 'counter' ? `${family.name}_total` : family.name
}

function histogramLines(name: string, bounds: readonly number[], series: HistogramSeries): string[] {
  let total = 0
  const buckets = [...bounds, Number.POSITIVE_INFINITY].map((bound, index) => {
    total += series.counts[index] ?? 0
    return line(`${name}_bucket`, { ...series.labels, le: number(bound) }, total)
  })
  return [
    ...buckets,
    line(`${name}_sum`, series.labels, series.sum),
    line(`${name}_count`, series.labels, total),
  ]
}

function line(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escapeLabel(text)}"`)
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${number(value)}\n`
}

function number(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf'
  if (value === Number.NEGATIVE_INFINITY) return '-Inf'
  return String(value)
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}
