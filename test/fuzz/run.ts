import type { FleetPorts } from '../../src/controller/ports.ts'
import type { FleetSpec } from '../../src/core/policy.ts'
import type { Millis } from '../../src/core/time.ts'
import { CrashGate } from '../kit/crash.ts'
import { aFleet, NOON } from '../kit/scaling.ts'
import { World } from '../kit/world.ts'
import { aheadIn } from './ahead.ts'
import { loadable } from './draw-config.ts'
import { Ledger } from './ledger.ts'
import { metricsIn } from './metrics.ts'
import type { Config, Kill, Ordered, Story } from './story.ts'
import { Watch } from './watch.ts'
import { type Going, weather } from './weather.ts'

const LOOK_MS = 1_000
/** For drains, starts, waits after failures and calls that nobody answers. */
const CALM_MS = 300_000
/** Given so often to those that are not at rest by then. */
const MORE_MS = 90_000
const MORE_TIMES = 2
/** What the quiet time needs of servers. */
const CALM_LOAD = 12
const NEVER = new AbortController().signal

/** Put between a controller and the world: tests break it there. */
export type Between = (ports: FleetPorts) => FleetPorts

/** One story as it is lived, by one controller after the other. */
export class Run {
  readonly world: World
  readonly watch: Watch
  readonly #story: Story
  readonly #between: Between
  readonly #ledger = new Ledger(() => this.world.clock.steady.now())
  #life = 0
  #gate: CrashGate | null = null
  #kill: Kill | null = null
  /** How far the clock has been set since the controller started: it goes on by the time of its start, as `Clock` promises. */
  #setMs: Millis = 0

  constructor(story: Story, between: Between = (ports) => ports) {
    this.#story = story
    this.#between = between
    this.world = new World({
      fleet: story.config,
      nature: { ...story.nature },
      tickMs: story.tickMs,
      requestMs: story.requestMs,
      wrap: (ports) => this.#ports(ports),
    })
    this.world.spec = loadable(this.world.spec)
    this.world.fleet.keeps = story.keeps
    this.watch = new Watch(this.world, this.#ledger)
  }

  /** Since the beginning, whatever the clock says. */
  get sinceMs(): Millis {
    return this.world.clock.steady.now() - NOON
  }

  async live(): Promise<void> {
    this.#start()
    this.#happen(0)
    const pass = (ms: Millis) => this.world.pass(ms, () => this.#happen(this.sinceMs))
    await pass(this.#story.troubleMs + CALM_MS)
    // A window may have opened or closed this very minute, and what follows from that takes its time.
    for (let more = 0; more < MORE_TIMES && (await this.watch.unrest()) !== null; more++) await pass(MORE_MS)
    await this.watch.settled()
    this.world.kill()
  }

  #start(): void {
    this.#life++
    this.#gate = new CrashGate(Number.POSITIVE_INFINITY, () => this.#die())
    this.#setClock()
    this.world.start()
  }

  #ports(ports: FleetPorts): FleetPorts {
    const life = this.#life
    const { clock, fleet: sim } = this.world
    const going: Going = (kind) =>
      this.#story.troubles.filter(
        (one): one is Extract<typeof one, { kind: typeof kind }> =>
          one.kind === kind && this.sinceMs >= one.fromMs && this.sinceMs < one.untilMs,
      )
    const outside = weather(ports, {
      clock,
      going,
      sim,
      isCurrent: () => life === this.#life,
      onEffect: (effect) => this.watch.effect(effect),
      onRead: (verb, ok) => this.watch.read(verb, ok),
    })
    const metrics = metricsIn({
      clock,
      going,
      load: (agoMs) => this.#loadAt(this.sinceMs - agoMs),
      onReading: (metric, reading) => this.watch.reading(metric, reading),
    })
    const written = this.#ledger.wrap({ ...outside, metrics })
    const { read, forecaster } = aheadIn({ clock, going, before: this.#story.before })
    const trouble: FleetPorts['trouble'] = (pool) =>
      going('unconfigured').length > 0 ? 'it is not as configured' : ports.trouble(pool)
    const history = { append: () => this.watch.tick(), read }
    return this.#between(this.#gate!.wrap({ ...written, trouble, forecaster, history }))
  }

  #loadAt(sinceMs: Millis): number {
    if (sinceMs >= this.#story.troubleMs) return CALM_LOAD
    return this.#story.load.findLast(({ fromMs }) => fromMs <= sinceMs)?.load ?? 0
  }

  /** What the story has for this moment. */
  #happen(sinceMs: Millis): void {
    const { world } = this
    world.load = this.#loadAt(sinceMs)
    for (const { config } of this.#due(this.#story.reloads, sinceMs)) this.#reload(config)
    for (const order of this.#due(this.#story.orders, sinceMs)) this.#order(order)
    for (const trouble of this.#due(this.#story.troubles, sinceMs)) {
      if (trouble.kind === 'crash') for (const id of this.#some(trouble.share)) world.fleet.crash(id)
      if (trouble.kind === 'forget') world.balancer.forget()
      if (trouble.kind === 'jump') this.#setMs += trouble.ms
      if (trouble.kind === 'starts') Object.assign(world.fleet.nature, trouble.nature)
      if (trouble.kind === 'ill')
        for (const id of this.#some(trouble.share)) world.fleet.ill.add(this.#addressOf(id))
    }
    for (const trouble of this.#due(this.#story.troubles, sinceMs, 'untilMs')) {
      if (trouble.kind === 'starts')
        Object.assign(world.fleet.nature, { exitsAfterMs: null, ...this.#story.nature })
      if (trouble.kind === 'ill') world.fleet.ill.clear()
      if (trouble.kind === 'notice') for (const id of this.#some(0).slice(0, 1)) world.fleet.crash(id)
    }
    const [kill] = this.#due(this.#story.kills, sinceMs)
    if (kill !== undefined) {
      this.#kill = kill
      this.#gate!.crashIn(kill.boundaries)
    }
  }

  /** Those whose time came since the last look. */
  #due<T extends { readonly fromMs: Millis }>(
    all: readonly T[],
    sinceMs: Millis,
    when: keyof T & ('fromMs' | 'untilMs') = 'fromMs' as keyof T & 'fromMs',
  ): readonly T[] {
    return all.filter((one) => {
      const at = one[when] as Millis
      return at <= sinceMs && (at > sinceMs - LOOK_MS || sinceMs === 0)
    })
  }

  /** Such a share of the servers that the last tick saw, at least one. */
  #some(share: number): readonly string[] {
    const servers = this.world.loops!.fleet.last?.view.servers ?? []
    const running = servers.filter(({ phase }) => phase === 'running').map(({ id }) => id)
    return running.slice(0, Math.max(1, Math.ceil(running.length * share)))
  }

  #addressOf(id: string): string {
    return this.world.loops!.fleet.last?.view.servers.find((one) => one.id === id)?.address ?? ''
  }

  #reload(config: Config): void {
    const { guards, ...rest } = config
    const spec: FleetSpec = { ...this.world.spec, ...rest }
    this.watch.reloads()
    this.world.spec = loadable(guards ? { ...spec, guards: aFleet({ guards }).guards } : spec)
    this.world.loops!.fleet.replace(this.world.settings())
  }

  #order({ body, forMs }: Ordered): void {
    const [server] = this.#some(0)
    const at = this.world.clock.now()
    const about = { scope: 'fleet:api', at, untilAt: at + forMs, by: 'story' }
    const { store } = this.world
    if (body.kind === 'drain') {
      if (server !== undefined) void store.order({ kind: 'drain', server }, about)
    } else if (body.kind === 'weight') {
      const weight = { kind: 'weight', pool: 'api', member: server ?? '', weight: 0 } as const
      void store.order(weight, { ...about, scope: 'balancer:gateway' })
    } else void store.order(body, about)
  }

  #setClock(): void {
    if (this.#setMs !== 0) this.watch.jumps()
    this.world.clock.jump(this.#setMs)
    this.#setMs = 0
    this.#ledger.starts(this.world.clock.now())
  }

  #die(): void {
    const { restartMs, jumpMs } = this.#kill!
    this.world.kill()
    void this.world.clock.sleep(restartMs, NEVER).then(() => {
      this.#setMs += jumpMs
      this.#start()
    })
  }
}
