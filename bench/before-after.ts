import { loadavg } from 'node:os'
import { rngOf } from '../src/simulator/chance.ts'
import { EXAMPLE_SERVER, Tidegate } from '../test/kit/tidegate.ts'
import { type Answered, arrive, quantileOf } from './kit/arrivals.ts'
import { month } from './kit/month.ts'
import { rounded } from './kit/numbers.ts'
import { SlotServers } from './kit/slot-servers.ts'

const SERVERS = 3
const MOST_SERVERS = 8
const [SLOTS, SERVICE_MS] = [8, 50]
const FLAGS = ['--slots', `${SLOTS}`, '--service-ms', `${SERVICE_MS}`]
/** Three servers carry 480 a second. */
const [USUAL_RPS, RUSH_RPS] = [200, 600]
const [KILL_MS, RUSH_MS, CALM_MS, END_MS] = [10_000, 25_000, 50_000, 60_000]
const LOOK_MS = 500
const WINDOW_MS = 1_000
/** A second is good when 99 in 100 requests are answered, and 95 in 100 in this time. */
const [GOOD_SHARE, GOOD_MS] = [0.99, 500]

/** What a side of the comparison has to offer while it is measured. */
interface Side {
  readonly urls: readonly string[]
  killOne(): void | Promise<void>
  /** How many servers there are. */
  servers(): Promise<number>
}

/** One labelled scenario, twice: a fixed fleet that clients ask in turn, as by DNS, and Tidegate. Usual load; one server is killed; a rush of three times as
 *  much; usual load again. That is real, on this machine. What a month costs is simulated. */
export async function benchBeforeAfter(): Promise<object> {
  const loadBefore = loadavg()[0]!
  const before = await fixedFleet()
  const after = await withTidegate()
  return {
    name: 'before-after',
    real: {
      what: `${SERVERS} servers of ${SLOTS} slots and ${SERVICE_MS} ms a request; ${USUAL_RPS} requests/s, one server killed after ${KILL_MS / 1000} s, ${RUSH_RPS} requests/s from ${RUSH_MS / 1000} s to ${CALM_MS / 1000} s`,
      machineLoad: [loadBefore, loadavg()[0]!].map((load) => rounded(load)),
      before,
      after,
    },
    simulated: month(),
  }
}

async function fixedFleet(): Promise<object> {
  await using servers = await SlotServers.start(SERVERS, FLAGS)
  const urls = servers.ports.map((port) => `http://127.0.0.1:${port}/`)
  return await measured({ urls, killOne: () => servers.kill(0), servers: async () => SERVERS })
}

async function withTidegate(): Promise<object> {
  await using tidegate = new Tidegate(yaml())
  tidegate.start()
  await tidegate.serving(SERVERS)
  const urls = [await tidegate.url()]
  return await measured({
    urls,
    killOne: () => void process.kill(tidegate.serverPids()[0]!, 'SIGKILL'),
    servers: async () => (await tidegate.fleet())?.servers.length ?? SERVERS,
  })
}

async function measured(side: Side): Promise<object> {
  const counts: number[] = []
  const look = setInterval(() => void side.servers().then((count) => counts.push(count)), LOOK_MS)
  const kill = setTimeout(() => void side.killOne(), KILL_MS)
  const rate = (sinceMs: number) =>
    sinceMs >= END_MS ? null : sinceMs >= RUSH_MS && sinceMs < CALM_MS ? RUSH_RPS : USUAL_RPS
  const answers = await arrive({ urls: side.urls, rate, rng: rngOf(1) })
  clearInterval(look)
  clearTimeout(kill)
  const ok = answers.filter(({ isOk }) => isOk)
  const servers = counts.reduce((sum, count) => sum + count, 0) / counts.length
  const busyMs = ok.length * SERVICE_MS
  const badSeconds = windows(answers, 0, END_MS).filter((window) => !isGood(window)).length
  return {
    meanMs: rounded(ok.reduce((sum, { tookMs }) => sum + tookMs, 0) / ok.length),
    p95Ms: rounded(
      quantileOf(
        ok.map(({ tookMs }) => tookMs),
        0.95,
      ),
    ),
    failedPct: rounded((100 * (answers.length - ok.length)) / answers.length),
    meanServers: rounded(servers),
    usedPct: rounded((100 * busyMs) / (servers * SLOTS * END_MS)),
    deadServerSeconds: recoveryOf(answers, KILL_MS, RUSH_MS),
    overloadSeconds: recoveryOf(answers, RUSH_MS, CALM_MS),
    badSeconds,
  }
}

/** Seconds until every one up to the end of the phase is good; null = it does not come to that. */
function recoveryOf(answers: readonly Answered[], fromMs: number, toMs: number): number | null {
  const bad = windows(answers, fromMs, toMs).map((window) => !isGood(window))
  const seconds = bad.lastIndexOf(true) + 1
  return seconds === bad.length ? null : seconds
}

function windows(answers: readonly Answered[], fromMs: number, toMs: number): Answered[][] {
  const all: Answered[][] = Array.from({ length: (toMs - fromMs) / WINDOW_MS }, () => [])
  for (const answer of answers) all[Math.floor((answer.dueMs - fromMs) / WINDOW_MS)]?.push(answer)
  return all
}

function isGood(window: readonly Answered[]): boolean {
  const ok = window.filter(({ isOk }) => isOk)
  const times = ok.map(({ tookMs }) => tookMs)
  return ok.length >= GOOD_SHARE * window.length && quantileOf(times, 0.95) <= GOOD_MS
}

function yaml(): string {
  return `
gateway: { workers: 1 }
listeners: { web: { bind: "127.0.0.1:0", protocol: http, pool: api } }
pools: { api: { health: { type: http, path: /health, interval: 1s, timeout: 1s }, slow-start: 0, fleet: api } }
fleets:
  api:
    driver: local
    command: ${JSON.stringify(['node', EXAMPLE_SERVER, ...FLAGS])}
    min: ${SERVERS}
    max: ${MOST_SERVERS}
    policies: [ { type: target, metric: in-flight-per-server, value: 6 } ]
`
}
