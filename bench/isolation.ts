import { Agent, get } from 'node:http'
import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { whyNoLimits } from '../test/kit/cgroups.ts'
import { EXAMPLE_SERVER, Tidegate } from '../test/kit/tidegate.ts'
import { rounded } from './kit/numbers.ts'

const PHASE_MS = 10_000
const CLIENTS = 4
/** Between two requests of a client: what is measured is the wait for a CPU, not how many requests one can take. */
const PAUSE_MS = 50
/** Of each burning server: together they may use half of the machine. */
const BURNER_CPUS = 0.5

/** How a fleet answers alone, beside a fleet that burns all the CPU that its `cpus` leave it, and beside one without limits. */
export async function benchIsolation(): Promise<object> {
  const why = whyNoLimits()
  if (why !== null) return { name: 'isolation', permitted: false, why }
  const burners = availableParallelism()
  const alone = await measure(0, null)
  const limited = await measure(burners, BURNER_CPUS)
  const unlimited = await measure(burners, null)
  return {
    name: 'isolation',
    permitted: true,
    burners,
    burnerCpus: BURNER_CPUS,
    cases: [
      { case: 'alone', ...alone },
      { case: 'beside a fleet at 100 % of its cpus', ...limited },
      { case: 'beside a fleet without limits', ...unlimited },
    ],
  }
}

async function measure(burners: number, cpus: number | null) {
  await using tidegate = new Tidegate(yaml(burners, cpus))
  tidegate.start()
  await tidegate.serving(1)
  if (burners > 0)
    await tidegate.until('the burners', async () => (await tidegate.fleet('burners'))?.ready === burners)
  const url = await tidegate.url()
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS })
  const until = performance.now() + PHASE_MS
  const latencies: number[] = []
  const client = async () => {
    while (performance.now() < until) {
      latencies.push(await ask(url, agent))
      await sleep(PAUSE_MS)
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  agent.destroy()
  latencies.sort((a, b) => a - b)
  const at = (share: number) => rounded(latencies[Math.floor(latencies.length * share)] ?? Number.NaN)
  return { requests: latencies.length, p50Ms: at(0.5), p99Ms: at(0.99) }
}

function ask(url: string, agent: Agent): Promise<number> {
  const startedAt = performance.now()
  return new Promise((done, fail) => {
    get(url, { agent }, (res) => {
      res.resume()
      res.on('end', () => done(performance.now() - startedAt))
    }).on('error', fail)
  })
}

function yaml(burners: number, cpus: number | null): string {
  const server = JSON.stringify(['node', EXAMPLE_SERVER, '--service-ms', '1'])
  const burn = JSON.stringify(['node', '-e', 'for (;;);'])
  const fleet = `
  burners: { driver: local, command: ${burn}, min: ${burners}, max: ${burners}, stop-timeout: 100ms${cpus === null ? '' : `, cpus: ${cpus}`} }`
  return `
gateway: { workers: 1 }
listeners: { web: { bind: "127.0.0.1:0", protocol: http, pool: api } }
pools: { api: { health: { type: http, path: /health }, fleet: api } }
fleets:
  api: { driver: local, command: ${server}, min: 1, max: 1 }${burners === 0 ? '' : fleet}
`
}
