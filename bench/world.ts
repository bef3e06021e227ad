import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { poisson, rngOf } from '../src/simulator/chance.ts'
import { FluidWorld, type WorldSpec } from '../src/simulator/fluid/world.ts'
import { Tidegate } from '../test/kit/tidegate.ts'
import { RequestWorld } from '../test/scenarios/requests.ts'
import { arrive, quantileOf } from './kit/arrivals.ts'
import { median, rounded } from './kit/numbers.ts'
import { SlotServers } from './kit/slot-servers.ts'

const SERVERS = 4
const SLOTS = 8
const SERVICE_MS = 100
const SHAPE = { slots: SLOTS, capacity: (1000 * SLOTS) / SERVICE_MS }
const SHARES = [0.5, 0.7, 0.85, 0.95]
const ROUNDS = 5
/** Of a round, until queues are as long as they usually are. */
const WARM_MS = 2_000
const STEP_MS = 1_000
/** So many steps of the simulated world: its figures are those of its steady state. */
const STEPS = 3_600

interface Figures {
  readonly p50WaitMs: number
  readonly p95WaitMs: number
  readonly usedPct: number
  /** Of a request that has a slot, in the mean. */
  readonly servedMs: number
}

/** The real gateway before servers of a known capacity, the world of `simulate`, and single requests through queues:
 *  how long requests wait for a slot, and how far servers are used.
 *  Poisson arrivals, exponential times of service; a busy machine makes these longer, so `simulatedAsServed` has servers that take as long as the real ones did. `--algorithm uri-hash` (the usual one here) spreads them by chance, as the simulated world has it. */
export async function benchWorld(args: readonly string[]): Promise<object> {
  const { algorithm, seconds } = optionsOf(args)
  const flags = ['--slots', `${SLOTS}`, '--service-ms', `${SERVICE_MS}`, '--exponential']
  await using servers = await SlotServers.start(SERVERS, flags)
  await using tidegate = new Tidegate(yaml(servers.ports, algorithm))
  tidegate.start()
  const url = await tidegate.url()
  const levels: object[] = []
  const loadsBefore = loadavg()[0]!
  for (const share of SHARES) {
    const rounds: Figures[] = []
    for (let round = 1; round <= ROUNDS; round++)
      rounds.push(await real(url, { share, seconds, seed: round }))
    const seen = medians(rounds)
    const rps = share * SERVERS * SHAPE.capacity
    const told = simulated(rps, SERVICE_MS)
    levels.push({
      share,
      real: shortened(seen),
      simulated: shortened(told),
      differenceMs: {
        p50: rounded(seen.p50WaitMs - told.p50WaitMs),
        p95: rounded(seen.p95WaitMs - told.p95WaitMs),
      },
      differenceUsedPct: rounded(seen.usedPct - told.usedPct),
      simulatedAsServed: shortened(simulated(rps, seen.servedMs)),
      singleRequestsAsServed: shortened(singleRequests(rps, seen.servedMs)),
      rounds: rounds.map(shortened),
    })
  }
  const machineLoad = [loadsBefore, loadavg()[0]!].map((load) => rounded(load))
  return { name: 'world', algorithm, servers: SERVERS, ...SHAPE, seconds, machineLoad, levels }
}

function optionsOf(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean' },
      algorithm: { type: 'string', default: 'uri-hash' },
      seconds: { type: 'string', default: '6' },
    },
  })
  const seconds = Number(values.seconds)
  if (!(seconds > 0)) throw new Error(`--seconds: expected more than 0, got "${values.seconds}"`)
  return { algorithm: values.algorithm, seconds }
}

async function real(
  url: string,
  { share, seconds, seed }: { readonly share: number; readonly seconds: number; readonly seed: number },
): Promise<Figures> {
  const endMs = WARM_MS + seconds * 1000
  const rps = share * SERVERS * SHAPE.capacity
  const rate = (sinceMs: number) => (sinceMs < endMs ? rps : null)
  const counted = (await arrive({ urls: [url], rate, rng: rngOf(seed) })).filter(
    ({ dueMs }) => dueMs >= WARM_MS,
  )
  const bad = counted.filter(({ isOk }) => !isOk).length
  if (bad > 0) throw new Error(`${bad} of ${counted.length} requests failed`)
  const waits = counted.map(({ waitedMs }) => waitedMs)
  const servedMs = counted.reduce((sum, one) => sum + one.servedMs, 0)
  return {
    p50WaitMs: quantileOf(waits, 0.5),
    p95WaitMs: quantileOf(waits, 0.95),
    usedPct: (100 * servedMs) / (SERVERS * SLOTS * seconds * 1000),
    servedMs: servedMs / counted.length,
  }
}

/** Under so many requests a second, by servers whose requests take so long. */
function simulated(rps: number, servedMs: number): Figures {
  const rng = rngOf(1)
  const world = new FluidWorld(specOf(servedMs), rng, { serving: SERVERS, mostSteps: STEPS })
  for (let step = 0; step < STEPS; step++) world.step(poisson(rng, (rps * STEP_MS) / 1000))
  return {
    p50WaitMs: world.waits.quantile(0.5),
    p95WaitMs: world.waits.quantile(0.95),
    usedPct: 100 * world.meter.mean('cpu', STEPS * STEP_MS)!,
    servedMs,
  }
}

/** The same, request by request. */
function singleRequests(rps: number, servedMs: number): Figures {
  const world = new RequestWorld(specOf(servedMs), Number.POSITIVE_INFINITY, rngOf(1), SERVERS)
  const rates = Array.from({ length: STEPS }, () => rps)
  const { waitsMs, busyMs } = world.tell({ rates, wants: rates.map(() => SERVERS) })
  return {
    p50WaitMs: quantileOf(waitsMs, 0.5),
    p95WaitMs: quantileOf(waitsMs, 0.95),
    usedPct: (100 * busyMs) / (SERVERS * SLOTS * STEPS * STEP_MS),
    servedMs,
  }
}

function specOf(servedMs: number): WorldSpec {
  return {
    server: { slots: SLOTS, capacity: (1000 * SLOTS) / servedMs },
    startup: { medianMs: 0, sigma: 0, failing: 0 },
    longestWaitMs: 10_000,
    stepMs: STEP_MS,
  }
}

function medians(rounds: readonly Figures[]): Figures {
  const of = (key: keyof Figures) => median(rounds.map((round) => round[key]))
  return {
    p50WaitMs: of('p50WaitMs'),
    p95WaitMs: of('p95WaitMs'),
    usedPct: of('usedPct'),
    servedMs: of('servedMs'),
  }
}

function shortened(figures: Figures): Figures {
  const short = Object.entries(figures).map(([key, value]) => [key, rounded(value)])
  return Object.fromEntries(short) as Figures
}

function yaml(ports: readonly number[], algorithm: string): string {
  const servers = ports.map((port) => ({ address: `127.0.0.1:${port}` }))
  return `
gateway: { workers: 1 }
listeners: { web: { bind: "127.0.0.1:0", protocol: http, pool: fixed } }
pools: { fixed: { algorithm: ${algorithm}, servers: ${JSON.stringify(servers)} } }
`
}
