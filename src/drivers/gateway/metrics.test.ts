import { expect, test } from 'vitest'
import type { GatewayStats, PoolStats } from '../../core/control.ts'
import { LATENCY_BUCKETS, latencyBucket } from '../../core/latency.ts'
import type { MetricName, MetricQuery } from '../../core/metrics.ts'
import { platformOf } from '../../core/platform.ts'
import { gatewayMetrics, readingOf } from './metrics.ts'
import { controlPathFor } from './path.ts'

const never = new AbortController().signal

function aPool(name: string, connections: Record<string, number>): PoolStats {
  const members = Object.entries(connections).map(([id, meanConnections]) => ({ id, meanConnections }))
  return { name, rps: 100, meanInFlight: 6, members } as unknown as PoolStats
}

const stats = {
  at: 77,
  windowMs: 5000,
  pools: [aPool('api', { a: 4, b: 2 }), aPool('admin', { a: 4 }), aPool('other', { c: 9 })],
} as unknown as GatewayStats

function query(metric: MetricName, servers: readonly string[] = ['a', 'b']): MetricQuery {
  return { metric, fleet: 'f', pools: ['api', 'admin'], servers }
}

test('sums the pools of the fleet, from one call', async () => {
  let calls = 0
  const source = gatewayMetrics(async () => {
    calls++
    return stats
  })
  const metrics: MetricName[] = ['rps', 'in-flight', 'connections', 'rps-per-server', 'in-flight-per-server']
  const readings = await source.read(
    [...metrics, 'connections-per-server' as const].map((metric) => query(metric)),
    5000,
    never,
  )
  const values = [200, 12, 6, 100, 6, 3]
  expect(readings).toEqual(values.map((value) => ({ ok: true, sample: { value, at: 77 } })))
  expect(calls).toBe(1)
})

test('has no data per server without a server, for an unknown pool, or for what it does not measure', async () => {
  const source = gatewayMetrics(async () => stats)
  const queries = [query('rps-per-server', []), query('cpu'), { ...query('rps'), pools: ['api', 'new'] }]
  for (const reading of await source.read(queries, 5000, never)) {
    expect(reading).toMatchObject({ ok: false, why: 'no-data', at: 77 })
  }
})

/** Two pools of the fleet and another one, over a window of 5 s. */
function answered(over: Partial<GatewayStats> = {}): GatewayStats {
  const counts = (...durations: number[]) => {
    const latency = new Array<number>(LATENCY_BUCKETS).fill(0)
    for (const ms of durations) latency[latencyBucket(ms)]! += 1
    return latency
  }
  const recent = (ended: number, errors: number, sentToClients: number, latency: number[]) => ({
    recent: { ended, errors, sentToClients, latency },
  })
  const pools = [
    { ...aPool('api', {}), ...recent(90, 9, 1_000_000, counts(...new Array<number>(98).fill(20), 900)) },
    { ...aPool('admin', {}), ...recent(10, 1, 250_000, counts(900)) },
    { ...aPool('other', {}), ...recent(500, 500, 5_000_000, counts(...new Array<number>(900).fill(9_000))) },
  ]
  return { ...stats, pools, bandwidthBps: 1e9, ...over } as unknown as GatewayStats
}

const valueIn = (metric: MetricName, of: GatewayStats) => {
  const reading = readingOf(query(metric), of)
  return reading.ok ? reading.sample.value : reading
}

test('quantiles, errors and bytes are those of all pools of the fleet within the window', () => {
  const of = answered()
  expect(valueIn('p50', of)).toBeCloseTo(18, 0)
  expect(valueIn('p99', of)).toBeGreaterThan(20 * 1.25)
  expect(valueIn('p99', of)).toBeLessThanOrEqual(900 * 1.25)
  expect(valueIn('error-rate', of)).toBeCloseTo(0.1)
  expect(valueIn('throughput', of)).toBeCloseTo(90 / 5)
  expect(valueIn('bandwidth', of)).toBeCloseTo(2_000_000)
})

test('what is free of the line is what no pool takes, and never less than nothing', () => {
  expect(valueIn('bandwidth-free', answered())).toBeCloseTo(1e9 - 10_000_000)
  expect(valueIn('bandwidth-free', answered({ bandwidthBps: 1000 }))).toBe(0)
  expect(valueIn('bandwidth-free', answered({ bandwidthBps: null }))).toMatchObject({ why: 'no-data' })
})

test('without a request it is idle; with requests that nobody answers there is no data', () => {
  const recent = {
    ended: 0,
    errors: 0,
    sentToClients: 0,
    latency: new Array<number>(LATENCY_BUCKETS).fill(0),
  }
  const quiet = (meanInFlight: number) =>
    answered({
      pools: ['api', 'admin'].map((name) => ({ ...aPool(name, {}), recent, meanInFlight })),
    } as unknown as Partial<GatewayStats>)
  for (const metric of ['p50', 'p95', 'p99', 'error-rate']) {
    expect(valueIn(metric, quiet(0))).toMatchObject({ ok: false, why: 'idle' })
    expect(valueIn(metric, quiet(3))).toMatchObject({ ok: false, why: 'no-data' })
  }
  expect(valueIn('throughput', quiet(0))).toBe(0)
  expect(valueIn('bandwidth', quiet(0))).toBe(0)
})

test('a gateway that has only just started has no rates', async () => {
  const source = gatewayMetrics(async () => ({ ...stats, windowMs: 0 }))
  expect(await source.read([query('rps')], 5000, never)).toMatchObject([{ ok: false, why: 'no-data' }])
})

test('an unreachable gateway is a reading, dated by its last answer', async () => {
  let answers = true
  const source = gatewayMetrics(async () => {
    if (!answers) throw new Error('gone')
    return stats
  })
  await source.read([], 5000, never)
  answers = false
  expect(await source.read([query('rps')], 5000, never)).toEqual([
    { ok: false, at: 77, why: 'unreachable', detail: 'gone' },
  ])
})

test('a long state directory gets a short socket path of its own', () => {
  expect(controlPathFor('/srv/tidegate')).toBe('/srv/tidegate/gateway.sock')
  const long = `/srv/${'x'.repeat(100)}`
  const path = controlPathFor(long)
  expect(Buffer.byteLength(path)).toBeLessThanOrEqual(100)
  expect(controlPathFor(`${long}y`)).not.toBe(path)
  expect(controlPathFor('/srv/tidegate', platformOf('win32'))).toMatch(/^\\\\\.\\pipe\\tidegate-\w+$/)
})
