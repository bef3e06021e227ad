import { expect, test } from 'vitest'
import type { GatewayStats, PoolStats } from '../../core/control.ts'
import type { MetricName, MetricQuery } from '../../core/metrics.ts'
import { gatewayMetrics } from './metrics.ts'
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
})
