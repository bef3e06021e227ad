import type { Queries } from '../core/admin.ts'
import type { Family, HistogramSeries, Labels, Scrape } from './metric-family.ts'
import { DROPPED, FAMILIES } from './metrics-table.ts'

/** Members shown, over all pools; each has some forty series. Which they are changes only with the members. */
const MAX_MEMBERS = 1000
/** Whatever the file has: pools, listeners and fleets beyond it have no series. */
const MAX_SERIES = 50_000

/** Reads all that a scrape shows. Who is gone has no series: a pool's own counters keep what its servers have done. */
export async function readScrape(queries: Queries): Promise<Scrape> {
  const [stats, pools, fleets, balancers] = await Promise.all([
    queries.stats(),
    queries.pools(),
    queries.fleets(),
    queries.balancers(),
  ])
  const members = pools.reduce((sum, pool) => sum + pool.members.length, 0)
  return {
    about: queries.about(),
    ready: queries.blind().length === 0,
    historyDropped: queries.historyDropped(),
    stats: stats && { ...stats, pools: bounded(stats.pools) },
    pools: bounded(pools),
    fleets,
    canaries: balancers.flatMap(({ canaries }) => canaries),
    leftOut: Math.max(0, members - MAX_MEMBERS),
    dropped: 0,
  }
}

function bounded<Pool extends { readonly members: readonly unknown[] }>(
  pools: readonly Pool[],
  max = MAX_MEMBERS,
): Pool[] {
  let left = max
  return pools.map((pool) => {
    const members = pool.members.slice(0, left)
    left -= members.length
    return { ...pool, members }
  })
}

const CONTENT_TYPES = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
} as const

export type MetricsFormat = keyof typeof CONTENT_TYPES

/** The page, in Prometheus' text format 0.0.4 or in OpenMetrics 1.0. */
export function renderMetrics(scrape: Scrape, format: MetricsFormat): { contentType: string; text: string } {
  let left = MAX_SERIES
  let dropped = scrape.leftOut * seriesOfMember(scrape)
  const page = FAMILIES.map((family) => {
    const shown = seriesOf(family, scrape).filter((lines) => {
      left -= lines.length
      if (left < 0) dropped += lines.length
      return left >= 0
    })
    return textOf(family, shown.flat(), format)
  })
  page.push(textOf(DROPPED, seriesOf(DROPPED, { ...scrape, dropped }).flat(), format))
  return {
    contentType: CONTENT_TYPES[format],
    text: format === 'openmetrics' ? `${page.join('')}# EOF\n` : page.join(''),
  }
}

/** How many series one more member would have. */
function seriesOfMember({ stats, ...scrape }: Scrape): number {
  const withMembers = (max: number) => {
    const some = {
      ...scrape,
      pools: bounded(scrape.pools, max),
      stats: stats && { ...stats, pools: bounded(stats.pools, max) },
    }
    return FAMILIES.reduce((sum, family) => sum + seriesOf(family, some).flat().length, 0)
  }
  return scrape.leftOut === 0 ? 0 : withMembers(1) - withMembers(0)
}

/** By series, its lines: one, or a histogram's many. */
function seriesOf(family: Family, scrape: Scrape): string[][] {
  return family.type === 'histogram'
    ? family.read(scrape).map((series) => histogramLines(family.name, family.bounds, series))
    : family.read(scrape).map(({ labels, value }) => [line(sampleName(family), labels, value)])
}

function textOf(family: Family, lines: readonly string[], format: MetricsFormat): string {
  if (lines.length === 0) return ''
  // OpenMetrics names the family without the `_total` of its samples, the older format with it.
  const name = format === 'openmetrics' ? family.name : sampleName(family)
  return `# HELP ${name} ${escapeHelp(family.help)}\n# TYPE ${name} ${family.type}\n${lines.join('')}`
}

/** What a scrape shows; of a histogram, what its names begin with. */
export function sampleName(family: Family): string {
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
