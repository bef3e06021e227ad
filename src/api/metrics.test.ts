import { expect, test } from 'vitest'
import { aFleet, aMember, aPool, gatewayStats, memberStats, queriesOf } from '../../test/kit/admin.ts'
import type { Queries } from '../core/admin.ts'
import { readScrape, renderMetrics } from './metrics.ts'

interface Sample {
  readonly name: string
  readonly labels: Record<string, string>
  readonly value: number
}

/** The text format 0.0.4, strictly: every line parses, each sample stands under its TYPE, no series appears twice. */
function parse(text: string): Sample[] {
  expect(text.endsWith('\n')).toBe(true)
  const samples: Sample[] = []
  const families = new Set<string>()
  let family = { name: '', type: '' }
  for (const line of text.slice(0, -1).split('\n')) {
    if (line.startsWith('# HELP ')) continue
    const type = /^# TYPE ([a-z_]+) (counter|gauge|histogram)$/.exec(line)
    if (type) {
      family = { name: type[1]!, type: type[2]! }
      expect(families.has(family.name), `${family.name} appears twice`).toBe(false)
      families.add(family.name)
      continue
    }
    const sample = parseSample(line)
    const allowed =
      family.type === 'histogram'
        ? ['_bucket', '_sum', '_count'].map((end) => family.name + end)
        : [family.name]
    expect(allowed, line).toContain(sample.name)
    if (family.type === 'counter') expect(sample.name).toMatch(/_total$/)
    samples.push(sample)
  }
  const keys = samples.map(({ name, labels }) => name + JSON.stringify(labels))
  expect(new Set(keys).size).toBe(keys.length)
  return samples
}

function parseSample(line: string): Sample {
  const match = /^([a-z_]+)(?:\{(.*)\})? (\+Inf|-?[0-9.e+-]+)$/.exec(line)
  if (!match) throw new Error(`not a sample: ${line}`)
  const labels: Record<string, string> = {}
  let rest = match[2] ?? ''
  while (rest !== '') {
    const pair = /^([a-z_]+)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/.exec(rest)
    if (!pair) throw new Error(`not a label: ${rest}`)
    labels[pair[1]!] = pair[2]!.replace(/\\(.)/g, (_all, char) => (char === 'n' ? '\n' : char))
    rest = rest.slice(pair[0].length)
  }
  return { name: match[1]!, labels, value: Number(match[3]!.replace('+Inf', 'Infinity')) }
}

async function scraped(over: Partial<Queries> = {}): Promise<Sample[]> {
  return parse(renderMetrics(await readScrape(queriesOf(over)), 'prometheus').text)
}

function one(samples: Sample[], name: string, labels: Record<string, string> = {}): number | undefined {
  const matches = samples.filter(
    (sample) =>
      sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
  )
  return matches.length === 1 ? matches[0]?.value : undefined
}

test('shows requests by pool, by server and by status class', async () => {
  const samples = await scraped()
  const server = { pool: 'api', server: 'api-1' }
  expect(one(samples, 'tidegate_pool_requests_total', { pool: 'api' })).toBe(12)
  expect(one(samples, 'tidegate_pool_refused_total', { pool: 'api' })).toBe(2)
  expect(one(samples, 'tidegate_pool_retries_total', { pool: 'api' })).toBe(1)
  expect(one(samples, 'tidegate_server_requests_total', server)).toBe(10)
  expect(one(samples, 'tidegate_server_responses_total', { ...server, class: '2xx' })).toBe(7)
  expect(one(samples, 'tidegate_server_responses_total', { ...server, class: '5xx' })).toBe(1)
  expect(one(samples, 'tidegate_server_connections_opened_total', server)).toBe(4)
  expect(one(samples, 'tidegate_server_connections_reused_total', server)).toBe(6)
  expect(one(samples, 'tidegate_server_in_flight', server)).toBe(3)
})

test('the latency histogram is cumulative, in seconds, and its last bucket is its count', async () => {
  const samples = await scraped()
  const buckets = samples.filter(({ name }) => name === 'tidegate_server_latency_seconds_bucket')
  const bounds = buckets.map(({ labels }) => Number(labels.le!.replace('+Inf', 'Infinity')))
  expect(bounds).toEqual([...bounds].sort((a, b) => a - b))
  expect(bounds[0]).toBe(0.001)
  expect(bounds.at(-1)).toBe(Number.POSITIVE_INFINITY)
  expect(one(samples, 'tidegate_server_latency_seconds_bucket', { le: '0.032' })).toBe(0)
  expect(one(samples, 'tidegate_server_latency_seconds_bucket', { le: '0.064' })).toBe(9)
  expect(one(samples, 'tidegate_server_latency_seconds_bucket', { le: '16.384' })).toBe(9)
  expect(one(samples, 'tidegate_server_latency_seconds_bucket', { le: '+Inf' })).toBe(10)
  expect(one(samples, 'tidegate_server_latency_seconds_count')).toBe(10)
  expect(one(samples, 'tidegate_server_latency_seconds_sum')).toBe(20.5)
})

test('shows fleets and the state of each member and server', async () => {
  const samples = await scraped({
    fleets: async () => [
      aFleet({
        blind: 'balancer: timeout',
        reserve: 1,
        kept: 3,
        exits: [{ reason: 'out-of-memory', count: 2 }],
      }),
    ],
    pools: async () => [aPool({ members: [aMember({ state: 'ejected', effectiveWeight: 0 })] })],
  })
  const fleet = { fleet: 'api' }
  expect(
    ['min', 'max', 'desired', 'actual', 'ready', 'reserve', 'kept', 'blind'].map((name) =>
      one(samples, `tidegate_fleet_${name}`, fleet),
    ),
  ).toEqual([2, 50, 4, 3, 2, 1, 3, 1])
  expect(one(samples, 'tidegate_fleet_exits_total', { ...fleet, reason: 'out-of-memory' })).toBe(2)
  expect(one(samples, 'tidegate_fleet_servers', { ...fleet, state: 'serving' })).toBe(1)
  expect(one(samples, 'tidegate_member_state', { state: 'ejected' })).toBe(1)
  expect(one(samples, 'tidegate_member_state', { state: 'healthy' })).toBe(0)
  expect(one(samples, 'tidegate_member_weight')).toBe(100)
  expect(one(samples, 'tidegate_member_effective_weight')).toBe(0)
})

test('says that the gateway is away and shows no counters of it', async () => {
  const samples = await scraped({ stats: async () => null })
  expect(one(samples, 'tidegate_gateway_up')).toBe(0)
  expect(samples.filter(({ name }) => /^tidegate_(server|pool|listener)_/.test(name))).toEqual([])
})

test('escapes what stands in labels', async () => {
  const id = 'a"b\\n\nc'
  const samples = await scraped({ stats: async () => gatewayStats([memberStats({ id })]) })
  expect(one(samples, 'tidegate_server_requests_total', { server: id })).toBe(10)
})

test('shows at most 1000 members over all pools and says how many series it left out', async () => {
  const pages = [1, 1003].map(async (count) => {
    const ids = Array.from({ length: count }, (_, index) => `api-${index}`)
    const halves = [ids.slice(0, count / 2), ids.slice(count / 2)]
    const queries = queriesOf({
      stats: async () => {
        const stats = gatewayStats([])
        return {
          ...stats,
          pools: halves.map((half, index) => ({
            ...stats.pools[0]!,
            name: `p${index}`,
            members: half.map((id) => memberStats({ id })),
          })),
        }
      },
      pools: async () =>
        halves.map((half, index) => aPool({ name: `p${index}`, members: half.map((id) => aMember({ id })) })),
    })
    return renderMetrics(await readScrape(queries), 'prometheus').text
  })
  const [small, large] = await Promise.all(pages)
  parse(large!)
  expect(large!.match(/^tidegate_server_requests_total/gm)).toHaveLength(1000)
  expect(large!.match(/^tidegate_member_weight/gm)).toHaveLength(1000)
  const ofOne = small!.match(/server="api-0"/g)!.length
  expect(large).toContain(`tidegate_metrics_dropped_series ${3 * ofOne}\n`)
  expect(small).toContain('tidegate_metrics_dropped_series 0\n')
})

test('shows at most 50,000 series, whatever the file has', async () => {
  const fleets = Array.from({ length: 10_000 }, (_, index) => aFleet({ name: `f${index}` }))
  const samples = await scraped({ fleets: async () => fleets })
  expect(samples.length).toBeLessThanOrEqual(50_001)
  const dropped = one(samples, 'tidegate_metrics_dropped_series') ?? 0
  const few = await scraped({ fleets: async () => fleets.slice(0, 1) })
  const none = await scraped({ fleets: async () => [] })
  expect(samples.length + dropped).toBe(none.length + 10_000 * (few.length - none.length))
})

test('shows what fleets read, and nothing where there is no data', async () => {
  const samples = await scraped()
  expect(one(samples, 'tidegate_fleet_reading', { fleet: 'api', metric: 'in-flight-per-server' })).toBe(16)
  expect(one(samples, 'tidegate_fleet_reading', { fleet: 'api', metric: 'cpu' })).toBeUndefined()
})

test('OpenMetrics names a counter without the _total of its samples and ends the page', async () => {
  const { contentType, text } = renderMetrics(await readScrape(queriesOf()), 'openmetrics')
  expect(contentType).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8')
  expect(text).toContain(
    '# TYPE tidegate_pool_requests counter\ntidegate_pool_requests_total{pool="api"} 12\n',
  )
  expect(text.endsWith('# EOF\n')).toBe(true)
})
