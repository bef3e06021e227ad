import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { FleetLoop } from '../src/controller/fleet-loop.ts'
import type { FleetPorts, FleetSettings } from '../src/controller/ports.ts'
import { Turns } from '../src/controller/turns.ts'
import type { Json } from '../src/core/canonical.ts'
import type { Millis } from '../src/core/time.ts'
import { parseDuration } from '../src/core/units.ts'
import type { Transport } from '../src/drivers/alicloud/client/transport.ts'
import { templateOf } from '../src/drivers/alicloud/ecs/config.ts'
import { openEcs } from '../src/drivers/alicloud/ecs/open.ts'
import { cronCalendar } from '../src/drivers/cron/calendar.ts'
import { openSqliteStore } from '../src/drivers/sqlite/open.ts'
import { perMinute } from '../src/sandbox/pace.ts'
import { SAMPLE_KEY } from '../src/sandbox/sample.ts'
import { decide } from '../src/scaling/decide.ts'
import { policiesOf } from '../src/scaling/policies/compile.ts'
import { SimMetrics } from '../src/simulator/sim-metrics.ts'
import { VirtualClock } from '../src/simulator/virtual-clock.ts'
import { chanceOf } from '../test/kit/chance.ts'
import { START } from '../test/kit/cloud.ts'
import { aFleet, aTarget } from '../test/kit/scaling.ts'
import { configOf, INSTALLATION, instancesOf, remember } from './kit/many-fleets.ts'
import { rounded } from './kit/numbers.ts'
import { RemoteCloud } from './kit/remote-cloud.ts'
import { StillBalancer } from './kit/still-balancer.ts'

const PER_SERVER = 8
/** Each fleet's load goes up and down by so much of itself, each at a pace of its own, and every other one down first. */
const SWING = 0.3
const LEAST_PERIOD_MS = 2_400_000
const MINUTE = 60_000
const MINUTES = 10
/** Of the event loop, for each second. */
const TURNS = 50

/** What a controller is held against; its memory up to the usual number of fleets, and beyond. */
const TARGETS = { cores: 0.5, decisionP99Ms: 5 }
const [USUAL_FLEETS, USUAL_MB, MOST_MB] = [200, 400, 500]
const DECISIONS = 20

interface Size {
  readonly fleets: readonly string[]
  readonly servers: number
  readonly tickMs: Millis
}

/** Many fleets of a hundred servers each in one account, on virtual time, under loads that rise and fall: what their controller
 *  takes of a core and of memory, and how often it calls the cloud. The sandbox is another process; the journal is the real one; the
 *  balancer costs nothing. What is resident beyond `aliveMb` is the program's code and garbage that nobody has needed the room of.
 *  `--fleets 200 --servers 100 --tick 1s` are the usual size; `--quick` is a minute: does it all work? */
export async function benchController(args: readonly string[]): Promise<object> {
  process.env.ALIBABA_CLOUD_ACCESS_KEY_ID = SAMPLE_KEY.id
  process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET = SAMPLE_KEY.secret
  const { size, minutes } = optionsOf(args)
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-bench-'))
  const cloud = RemoteCloud.start(folder, size.fleets, size.servers)
  const clock = new VirtualClock(START)
  const store = openSqliteStore(join(folder, 'journal.db'), clock)
  const stop = new AbortController()
  try {
    const many = new ManyFleets(size, cloud, clock, store)
    await many.start(stop.signal)
    const before = process.cpuUsage()
    for (let minute = 0; minute < minutes; minute++) await many.pass()
    const { user, system } = process.cpuUsage(before)
    const cpuMs = (user + system) / 1000
    const { servers, released } = cloud.settle(clock.now())
    return {
      name: 'controller',
      fleets: size.fleets.length,
      tickMs: size.tickMs,
      servers,
      minutes,
      launched: servers + released - size.fleets.length * size.servers,
      deleted: released,
      ticks: many.ticks,
      ticksPerCpuSecond: Math.round((1000 * many.ticks) / cpuMs),
      cores: rounded(cpuMs / (minutes * MINUTE)),
      callsInBusiestMinute: many.busiest(),
      throttled: many.throttled,
      residentMb: residentMb(),
      peakMb: many.peakMb,
      aliveMb: aliveMb(),
      decisionP99Ms: rounded(many.decisionP99Ms()),
      targets: { ...TARGETS, residentMb: size.fleets.length <= USUAL_FLEETS ? USUAL_MB : MOST_MB },
    }
  } finally {
    stop.abort(new Error('measured'))
    store[Symbol.dispose]()
    await cloud.close()
    rmSync(folder, { recursive: true })
  }
}

function optionsOf(args: readonly string[]): { readonly size: Size; readonly minutes: number } {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean' },
      quick: { type: 'boolean', default: false },
      fleets: { type: 'string', default: '200' },
      servers: { type: 'string', default: '100' },
      tick: { type: 'string', default: '1s' },
      minutes: { type: 'string', default: String(MINUTES) },
    },
  })
  const [fleets, servers] = [Number(values.fleets), Number(values.servers)]
  const tickMs = parseDuration(values.tick)
  if (!Number.isInteger(fleets) || fleets < 1 || !Number.isInteger(servers) || servers < 1 || !tickMs)
    throw new Error('expected --fleets and --servers of 1 or more, and --tick as 10s')
  const names = Array.from({ length: fleets }, (_, n) => `fleet-${n}`)
  return { size: { fleets: names, servers, tickMs }, minutes: values.quick ? 1 : Number(values.minutes) }
}

/** A loop for each fleet, and what they ask of the cloud. */
class ManyFleets {
  ticks = 0
  throttled = 0
  /** The most that was resident. */
  peakMb = 0
  readonly #size: Size
  readonly #loops: FleetLoop[] = []
  readonly #cloud: RemoteCloud
  readonly #clock: VirtualClock
  readonly #store: FleetPorts['store']
  readonly #balancer = new StillBalancer()
  readonly #chance = chanceOf(1)
  readonly #minutes: Map<string, number>[] = [new Map()]

  constructor(size: Size, cloud: RemoteCloud, clock: VirtualClock, store: FleetPorts['store']) {
    this.#size = size
    this.#cloud = cloud
    this.#clock = clock
    this.#store = store
  }

  /** They find what they left. */
  async start(signal: AbortSignal): Promise<void> {
    for (const [number, fleet] of this.#size.fleets.entries()) {
      const servers = instancesOf(fleet, number, this.#size.servers)
      await this.#balancer.put(
        fleet,
        servers.map(({ id, ip }) => ({ id, address: `${ip}:8080`, weight: 100 })),
      )
      await remember(
        this.#store,
        fleet,
        servers.map(({ id }) => id),
        this.#clock.now(),
      )
      const settings = settingsOf(fleet, templateOf(configOf(number)), this.#size)
      const loop = new FleetLoop(settings, this.#ports(number))
      this.#loops.push(loop)
      void loop.run(signal)
    }
  }

  async pass(): Promise<void> {
    this.#minutes.push(new Map())
    for (let second = 0; second < 60; second++) {
      for (let turn = 0; turn < TURNS; turn++) {
        await this.#clock.advance(1_000 / TURNS)
        // A collection of garbage comes to its end between turns of the event loop, of which a controller has some for every answer that
        // it gets; and what weak references have been asked for stays until a turn ends.
        await nextTurn()
      }
      this.#cloud.settle(this.#clock.now())
      this.peakMb = Math.max(this.peakMb, residentMb())
    }
  }

  /** Of what each fleet saw last, decided anew a few times. */
  decisionP99Ms(): number {
    const times: number[] = []
    for (let round = 0; round < DECISIONS; round++)
      for (const { last } of this.#loops) {
        if (last === null) continue
        const policies = policiesOf(last.view.fleet)
        const startedAt = performance.now()
        decide(last.view, policies)
        times.push(performance.now() - startedAt)
      }
    return times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)]!
  }

  /** Of each operation. */
  busiest(): readonly object[] {
    const actions = new Set(this.#minutes.flatMap((minute) => [...minute.keys()]))
    return [...actions].map((action) => ({
      action,
      calls: Math.max(...this.#minutes.map((minute) => minute.get(action) ?? 0)),
      allowed: perMinute(action),
    }))
  }

  #ports(number: number): FleetPorts {
    const fleet = this.#size.fleets[number]!
    const clock = this.#clock
    const log = { info() {}, warn() {}, error() {} }
    const rng = this.#chance.draw
    const host = { clock, rng, log, installation: INSTALLATION, stateDir: '/nowhere' }
    const metrics = new SimMetrics(clock, (metric) =>
      metric === 'in-flight' ? loadOf(this.#size, number, clock.now()) : null,
    )
    return {
      fleet: openEcs(configOf(number), { fleet, startupMs: 5 * MINUTE }, host, this.#transport).fleet!,
      balancer: this.#balancer,
      trouble: () => null,
      metrics: (from) => (from === 'balancer' ? metrics : null),
      calendar: cronCalendar(),
      store: { ...this.#store, commit: this.#commit },
      history: {
        append: () => {},
        read: async (query) => ({ ...query, stepMs: 5 * MINUTE, points: [] }),
      },
      forecaster: { forecast: async () => null },
      tuner: { study: () => Promise.reject(new Error('nobody is tuned here')) },
      turns: this.#turns,
      clock,
      rng,
      log,
    }
  }

  readonly #turns = new Turns()
  readonly #commit: FleetPorts['store']['commit'] = async (...tick) => {
    this.ticks++
    await this.#store.commit(...tick)
  }

  readonly #transport: Transport = async (request) => {
    const action = request.headers['x-acs-action'] ?? ''
    const counts = this.#minutes.at(-1)!
    counts.set(action, (counts.get(action) ?? 0) + 1)
    const answer = this.#cloud.send(request, this.#clock.now())
    if (answer.text.includes('Throttling')) this.throttled++
    return answer
  }
}

function residentMb(): number {
  return Math.round(process.memoryUsage.rss() / 1e6)
}

/** What is still reached, of the program itself and of data. */
function aliveMb(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  const { heapUsed, external } = process.memoryUsage()
  return Math.round((heapUsed + external) / 1e6)
}

/** Requests in flight. */
function loadOf({ fleets, servers }: Size, fleet: number, now: Millis): number {
  const periodMs = LEAST_PERIOD_MS * (1 + fleet / fleets.length)
  const way = (fleet % 2 === 0 ? 1 : -1) * Math.sin((2 * Math.PI * (now - START)) / periodMs)
  return servers * PER_SERVER * (1 + SWING * way)
}

function settingsOf(name: string, template: Json, { servers, tickMs }: Size): FleetSettings {
  const policies = [aTarget('in-flight-per-server', PER_SERVER)]
  const guards = { inPatienceMs: 3 * MINUTE }
  const fleet = aFleet({
    name,
    pools: [name],
    template,
    policies,
    guards,
    min: Math.floor(servers / 2),
    max: 2 * servers,
  })
  return {
    fleet,
    policies: policiesOf(fleet),
    shadow: null,
    balancers: ['gateway'],
    installation: INSTALLATION,
    tickMs,
  }
}
