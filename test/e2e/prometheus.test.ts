import { execFileSync } from 'node:child_process'
import { afterEach, expect, test } from 'vitest'
import { localApi } from '../../src/app/terminal.ts'
import { Load } from '../kit/load.ts'
import { Exporter, noPrometheus, TestPrometheus } from '../kit/prometheus.ts'
import { EXAMPLE_SERVER, Tidegate } from '../kit/tidegate.ts'

const without = noPrometheus === null ? '' : ` (${noPrometheus} is not installed)`
const real = test.skipIf(noPrometheus !== null)

let stack = new AsyncDisposableStack()
afterEach(async () => {
  const over = stack
  stack = new AsyncDisposableStack()
  await over.disposeAsync()
})

const file = (url: string) => `
gateway: { workers: 1 }
sources: { prom: { driver: prometheus, url: "${url}", every: 1s, timeout: 2s } }
metrics:
  queue-depth: { source: prom, query: 'sum(queue_depth{queue="$fleet"})', unit: count, fresh: 5s }
  sent: { source: prom, query: 'sum(rate(tidegate_pool_requests_total{pool=~"$pools"}[5s]))', unit: per-second }
listeners: { web: { bind: "127.0.0.1:0", pool: api } }
pools: { api: { fleet: api, health: { path: /health, interval: 1s, timeout: 500ms } } }
fleets:
  api:
    driver: local
    command: [node, "${EXAMPLE_SERVER}", --slots, "8", --service-ms, "20"]
    min: 1
    max: 6
    drain: { timeout: 5s }
    guards: { patience: { in: 2s }, cooldown: { in: 0s } }
    policies:
      - { type: target, metric: queue-depth, value: 10 }
      - { type: step, when: sent > 100000/s and queue-depth > 1, add: 1 }
`

/** A Prometheus that scrapes both a queue and the Tidegate that asks it. */
async function world() {
  const exporter = stack.use(await Exporter.start())
  exporter.set('queue_depth{queue="api"}', 5)
  exporter.set('queue_depth{queue="other"}', 500)
  const tidegate = stack.use(new Tidegate(file('http://127.0.0.1:9')))
  tidegate.start()
  await tidegate.serving(1)
  const api = localApi(tidegate.stateDir)!.url
  const targets = { queue: exporter.address, tidegate: new URL(api).host }
  const prometheus = stack.use(await TestPrometheus.start({ targets }))
  return { exporter, tidegate, prometheus, api }
}

/** Until the reading of the metric is so. */
function reading(tidegate: Tidegate, metric: string, wanted: (reading: unknown) => boolean) {
  return tidegate.until(`${metric} to be so`, async () => {
    const seen = (await tidegate.fleet())?.readings[metric]
    return seen !== undefined && wanted(seen)
  })
}

const isOk = (reading: unknown) => (reading as { ok: boolean }).ok

real(`a query drives a fleet up and back, and a Prometheus that is lost holds it${without}`, async () => {
  const { exporter, tidegate, prometheus } = await world()
  // The file named a Prometheus that is not there: a reading, and the fleet lives.
  await reading(tidegate, 'queue-depth', (seen) => !isOk(seen))
  expect((await tidegate.fleet())?.blind).toBeNull()

  tidegate.write(file(prometheus.url))
  expect(await tidegate.cli('reload', '--config', tidegate.file)).toMatchObject({ code: 0 })
  await reading(tidegate, 'queue-depth', isOk)
  exporter.set('queue_depth{queue="api"}', 40)
  await tidegate.serving(4)
  const explained = await tidegate.cli('explain', 'api', '--config', tidegate.file)
  expect(explained.stdout).toContain('queue-depth = 40')

  await prometheus.stop()
  exporter.set('queue_depth{queue="api"}', 5)
  await reading(tidegate, 'queue-depth', (seen) => !isOk(seen))
  const held = await tidegate.until('a decision without data', async () => {
    const page = await tidegate.get<{ items: { at: number; decision: { want: number } }[] }>(
      '/decisions?fleet=api&limit=1',
    )
    const fleet = await tidegate.fleet()
    return isOk(fleet?.readings['queue-depth']) ? null : page?.items[0]
  })
  expect(held.decision.want).toBe(4)
  expect(await tidegate.fleet()).toMatchObject({ ready: 4, blind: null })

  await prometheus.restart()
  await tidegate.serving(1)
})

real(`it scrapes the same Tidegate, whose series end with their servers${without}`, async () => {
  const { tidegate, prometheus, api } = await world()
  tidegate.write(file(prometheus.url))
  expect(await tidegate.cli('reload', '--config', tidegate.file)).toMatchObject({ code: 0 })
  const load = new Load(await tidegate.url(), 50)
  await prometheus.until('tidegate_fleet_ready{fleet="api"}', (ready) => ready === 1)
  await prometheus.until('sum(tidegate_pool_requests_total)', (requests) => requests > 100)
  await reading(tidegate, 'sent', isOk)

  const page = async () => await (await fetch(`${api}/metrics`)).text()
  const check = async () =>
    execFileSync('promtool', ['check', 'metrics'], { input: await page(), encoding: 'utf8' })
  expect(await check()).toBe('')
  const seriesOfServers = async () => {
    const lines = (await page()).split('\n')
    return {
      servers: new Set(lines.flatMap((line) => /server="([^"]+)"/.exec(line)?.[1] ?? [])),
      lines: lines.length,
    }
  }
  const before = await seriesOfServers()
  const seen = new Set(before.servers)
  for (const want of [5, 1, 5, 1]) {
    const scaled = await tidegate.cli('scale', 'api', String(want), '--config', tidegate.file)
    expect(scaled.code).toBe(0)
    for (const { id } of (await tidegate.serving(want)).servers) seen.add(id)
  }
  expect(seen.size).toBeGreaterThan(5)
  const after = await tidegate.until('only live servers to have series', async () => {
    const now = await seriesOfServers()
    return now.servers.size === 1 ? now : null
  })
  // Statuses that were seen in between may have brought a line each, servers none.
  expect(after.lines).toBeLessThanOrEqual(before.lines + 10)
  expect(await check()).toBe('')
  const report = await load.stop()
  expect(report.failed).toEqual([])
  // What those who are gone have answered is still in the counters of their pool.
  await prometheus.until('tidegate_pool_requests_total{pool="api"}', (requests) => requests >= report.sent)
  await prometheus.until(
    'sum(count_over_time(up{job="tidegate"}[1m])) - sum(sum_over_time(up{job="tidegate"}[1m]))',
    (failed) => failed === 0,
  )
})
