import { expect, test } from 'vitest'
import { ALB, CLB } from '../kit/cloud-balancers.ts'
import { Load } from '../kit/load.ts'
import { Sandbox } from '../kit/sandbox.ts'
import { Tidegate } from '../kit/tidegate.ts'

const HOUR_MS = 3_600_000
/** Of an ecs.c7.large in the sandbox, by the hour. */
const PRICE = 0.55
/** Others may have a sandbox on this machine, whose addresses are the same. */
const PORT = 18_100 + (process.pid % 800)

/** What the cloud shows of a group and of its servers while a test goes on. */
class Observed implements AsyncDisposable {
  /** The weights that each server has had, one after the other; null = it was in the group no more. */
  readonly weights = new Map<string, (number | null)[]>()
  /** Of all servers together, for as long as each was there. */
  serverMs = 0
  readonly #sandbox: Sandbox
  readonly #read: () => Promise<ReadonlyMap<string, number>>
  readonly #quit = new AbortController()
  readonly #done: Promise<void>

  constructor(sandbox: Sandbox, read: () => Promise<ReadonlyMap<string, number>>) {
    this.#sandbox = sandbox
    this.#read = read
    this.#done = this.#watch()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#quit.abort()
    await this.#done
  }

  async #watch(): Promise<void> {
    let last: { at: number; count: number } | null = null
    while (!this.#quit.signal.aborted) {
      const { now, instances } = await this.#sandbox.about<{
        now: number
        instances: Record<string, number>
      }>('summary')
      const count = Object.values(instances).reduce((sum, one) => sum + one, 0)
      // Each change was somewhere between two looks.
      if (last !== null) this.serverMs += ((count + last.count) / 2) * (now - last.at)
      last = { at: now, count }
      this.#note(await this.#read())
      await new Promise((done) => setTimeout(done, 150))
    }
  }

  #note(now: ReadonlyMap<string, number>): void {
    for (const id of new Set([...now.keys(), ...this.weights.keys()])) {
      const seen = this.weights.get(id) ?? []
      const weight = now.get(id) ?? null
      if (seen.at(-1) !== weight) this.weights.set(id, [...seen, weight])
    }
  }
}

test.skipIf(process.platform !== 'linux').each([CLB, ALB])(
  'a fleet behind $driver follows its CPU as CloudMonitor measures it, without a failed request (needs Linux)',
  { timeout: 240_000 },
  async ({ driver, create, weights }) => {
    await using sandbox = await Sandbox.start('--speed', '10')
    const { id, address } = await create(sandbox)
    await using tidegate = new Tidegate(`
gateway: { workers: 1 }
balancers:
  shop: { driver: ${driver}, region: cn-hangzhou, endpoint: "${sandbox.endpoint}", load-balancer: ${id} }
listeners: { web: { balancer: shop, bind: ":${PORT}", protocol: http, pool: api } }
pools:
  api:
    balancer: shop
    algorithm: round-robin
    health: { type: http, path: /health, interval: 5s, timeout: 4s, healthy: 2, unhealthy: 3 }
    slow-start: 10s
    fleet: api
sources:
  cloud: { driver: cloudmonitor, region: cn-hangzhou, endpoint: "${sandbox.endpoint}", every: 10s }
metrics:
  server-cpu: { source: cloud, metric: cpu_total, period: 15s, unit: ratio, per-server: true }
fleets:
  api:${sandbox.fleet(PORT, '--service-ms 10 --cpu-ms 3')}
    min: 1
    max: 3
    drain: { timeout: 5s }
    guards: { patience: { in: 5s }, cooldown: { in: 5s }, pace: { in: [] } }
    policies: [ { type: target, metric: server-cpu, value: 1.8% } ]
`)
    await using observed = new Observed(sandbox, () => weights(sandbox, id))
    tidegate.start()
    const [first] = (await tidegate.serving(1)).servers
    // Two CPUs: one server has 0.15 % for each request a second. It must come to them on a machine with much else to do too, until the
    // others are there: a tenth of a CPU.
    const load = new Load(`http://${address}:${PORT}/`, 2)
    await tidegate.until('an answer', () => load.report().ok > 0)
    load.rps = 30
    const busy = await tidegate.serving(3)
    await tidegate.until('the full weight of all', async () =>
      (await tidegate.pool())?.members.every(({ effectiveWeight }) => effectiveWeight === 100),
    )
    load.rps = 2
    await tidegate.serving(1)
    const { sent, ok, failed, byServer } = await load.stop()
    await tidegate.cli('down', '--config', tidegate.file)
    await observed[Symbol.asyncDispose]()

    expect({ failed, lost: sent - ok }).toEqual({ failed: [], lost: 0 })
    expect(byServer.size).toBe(3)
    const added = busy.servers.map(({ id }) => id).filter((id) => id !== first!.id)
    for (const each of added) {
      const had = observed.weights.get(each)!
      const grown = had.indexOf(100)
      expect(had.slice(0, grown + 1), each).toEqual(had.slice(0, grown + 1).toSorted((a, b) => a! - b!))
      expect(had[0], each).toBe(1)
      expect(grown, each).toBeGreaterThan(1)
      expect(had.slice(grown + 1), each).toEqual([0, null])
    }
    expect(await sandbox.about('summary')).toMatchObject({ instances: {}, released: 3 })
    const { yuan } = await sandbox.about<{ yuan: { api: number } }>('bill?tag=tidegate:fleet')
    const expected = (observed.serverMs / HOUR_MS) * PRICE
    expect(Math.abs(yuan.api / expected - 1)).toBeLessThan(0.01)
  },
)
