import { COUNTED } from '../../src/controller/replacing.ts'
import type { FleetView } from '../../src/controller/view.ts'
import type { Member } from '../../src/core/balancer.ts'
import type { Server } from '../../src/core/fleet.ts'
import { metricInfo, type Reading } from '../../src/core/metrics.ts'
import type { FleetSpec } from '../../src/core/policy.ts'
import type { Intent } from '../../src/core/step.ts'
import type { Millis } from '../../src/core/time.ts'
import { Crash } from '../kit/crash.ts'
import type { World } from '../kit/world.ts'
import { INVARIANTS, policiesIn } from './invariants.ts'
import type { Ledger } from './ledger.ts'
import type { Look, Truth } from './seen.ts'
import type { Effect } from './weather.ts'

/** Something that must never be. */
export interface Violation {
  readonly invariant: string
  readonly at: Millis
  readonly says: string
}

/** A launch that takes effect, and who else was alive then. */
interface Launching {
  readonly at: Millis
  readonly token: string
  readonly count: number
  readonly others: readonly string[]
}

interface Former {
  readonly spec: FleetSpec
  /** By the clock that nobody sets. */
  readonly untilAt: Millis
}

/** So long may a tick have looked before it writes down what it does. */
const LOOKING_MS = 10_000
/** Up to this nobody can tell a clock that was set from a slow tick. */
const SLOW_MS = 30_000
const REPEAT_FOR_MS = 610_000
/** Nothing takes longer when all is well. */
const LONG_MS = 90_000
const LEAVING: readonly string[] = ['draining', 'retiring']

/** Looks at every tick and at everything that reaches the world. */
export class Watch {
  readonly violations: Violation[] = []
  ticks = 0
  readonly #world: World
  readonly #ledger: Ledger
  readonly #looks: Look[] = []
  #blind: string[] = []
  #metrics = new Map<string, boolean>()
  #jumpedAt: Millis | null = null
  /** The clock has been set since the last tick. */
  #isSet = false
  /** Configurations that hold no more. */
  readonly #former: Former[] = []
  readonly #launches: Launching[] = []
  /** Those that are told a moment later. */
  readonly #checks: Promise<void>[] = []

  constructor(world: World, ledger: Ledger) {
    this.#world = world
    this.#ledger = ledger
  }

  /** The clock is about to be set. */
  jumps(): void {
    this.#isSet = true
  }

  /** Another configuration is about to be loaded. */
  reloads(): void {
    this.#former.push({ spec: this.#world.spec, untilAt: this.#steady })
  }

  read(verb: string, ok: boolean): void {
    // A tick begins with the list.
    if (verb === 'list') {
      this.#blind = []
      this.#metrics = new Map()
    }
    if (!ok) this.#blind.push(verb)
  }

  reading(metric: string, reading: Reading): void {
    this.#metrics.set(metric, this.#isGood(metric, reading))
  }

  /** At the end of one. */
  tick(): void {
    const { last } = this.#world.loops!.fleet
    if (last === null) return
    this.ticks++
    const { memory, entries, ...turn } = this.#ledger.turn()
    this.#compare(memory?.tickAt ?? last.view.now, last.view.now)
    // Others are of ticks that came to no end.
    const intents = turn.intents.filter(({ at }) => at === last.view.now)
    const seen = {
      ...last,
      policies: policiesIn(last.view.fleet),
      intents,
      changes: this.#ledger.changes.filter(({ at }) => at !== last.view.now),
      memory,
      entries,
      truth: this.#truth(),
      looks: this.#looks,
    }
    for (const [name, invariant] of Object.entries(INVARIANTS)) this.#note(name, invariant(seen))
    for (const launch of this.#launches.splice(0))
      this.#note('within min and max', this.#tooMany(launch, last.view))
    // Where the clock was set back, those of the future are as good as forgotten.
    while (this.#looks.length > 0 && this.#looks.at(-1)!.at >= last.view.now) this.#looks.pop()
    this.#looks.push({ at: last.view.now, raw: last.decision.raw })
    const open = this.#ledger.open.filter(({ step }) => step.kind === 'launch')
    this.#note('one open launch', open.length > 1 ? `${open.length} launches are open` : null)
  }

  /** A controller that starts knows of its clock only what lies between its first tick and the last one before: several jumps, or one and the
   *  time that it was away, may cancel each other out. */
  #compare(beforeAt: Millis, now: Millis): void {
    if (this.#isSet && Math.abs(now - beforeAt) > SLOW_MS) this.#jumpedAt = now
    this.#isSet = false
  }

  /** Something reaches the world now. */
  effect(effect: Effect): void {
    this.#note('steps come from plan', this.#unwritten(effect))
    if (effect.verb === 'launch') this.#note('one open launch', this.#again(effect))
    if (effect.verb === 'launch') void this.#launching(effect)
    if (['drop', 'retire', 'park'].includes(effect.verb))
      this.#later('nobody leaves undrained', this.#leaves(effect))
  }

  #later(invariant: string, check: Promise<string | null>): void {
    const at = this.#now
    this.#checks.push(check.then((says) => this.#note(invariant, says, at)))
  }

  /** In the end, when nothing has gone wrong for a while. */
  async settled(): Promise<void> {
    await Promise.all(this.#checks)
    const { fleet, ends } = this.#world
    const strange = (await fleet.list()).servers.filter(({ token }) => this.#ledger.intent(token) === null)
    const open = this.#ledger.open.filter(({ at }) => this.#now - at > LONG_MS)
    this.#note('it comes to rest', await this.unrest())
    this.#note(
      'it comes to rest',
      open.length === 0 ? null : `${open.map(({ step }) => step.kind)} stay open`,
    )
    this.#note('no server without owner', strange.length === 0 ? null : `${strange.map(({ id }) => id)}`)
    for (const end of ends.filter((one) => !(one instanceof Crash))) this.#note('no loop ends', String(end))
  }

  /** Null when as many serve as are wanted, and every server serves or leaves. */
  async unrest(): Promise<string | null> {
    const { fleet, balancer, spec, status } = this.#world
    const { servers } = await fleet.list()
    const members = await Promise.all(spec.pools.map((pool) => balancer.members(pool)))
    const serving = servers.filter(({ id }) =>
      members.every((pool) => pool.some((one) => one.id === id && one.weight > 0 && one.state === 'healthy')),
    )
    const leaving = status.servers.filter(({ id, state }) => LEAVING.includes(state) && !this.#isLate(id))
    const stuck = servers.filter((one) => !serving.includes(one) && !leaving.some(({ id }) => id === one.id))
    const told = `of ${servers.length} servers ${serving.length} serve, ${status.desired} are wanted, ${stuck.map(({ id }) => id)} are stuck`
    return stuck.length === 0 && serving.length >= status.desired ? null : told
  }

  get #steady(): Millis {
    return this.#world.clock.steady.now()
  }

  get #now(): Millis {
    return this.#world.clock.now()
  }

  #note(invariant: string, says: string | null, at = this.#now): void {
    if (says !== null) this.violations.push({ invariant, at, says })
  }

  #truth(): Truth {
    return {
      blind: this.#blind,
      metrics: this.#metrics,
      jumpedAt: this.#jumpedAt,
    }
  }

  #isGood(metric: string, reading: Reading): boolean {
    if (!reading.ok) return reading.why === 'idle'
    const { guards, metrics } = this.#world.spec
    const { freshMs = guards.freshMs } = metricInfo(metric, metrics)
    return Number.isFinite(reading.sample.value) && this.#now - reading.sample.at <= freshMs
  }

  /** Whatever is done was written down before, word for word. */
  #unwritten({ verb, token, ids, pool, isCurrent }: Effect): string | null {
    // What a dead controller began may be done when the next one has closed it.
    const written = isCurrent ? this.#ledger.open : this.#ledger.all
    const found = written.some(({ step, ...intent }) => {
      if (step.kind !== verb) return false
      if (step.kind === 'launch') return intent.token === token
      if (step.kind === 'put') return step.pool === pool && `${step.members.map(({ id }) => id)}` === `${ids}`
      return `${step.ids}` === `${ids}` && (step.kind !== 'drop' || step.pool === pool)
    })
    return found ? null : `${verb} ${token ?? ids.join(', ')} was never written down`
  }

  #again({ token, request }: Effect): string | null {
    const intent = this.#ledger.intent(token!)
    if (intent?.step.kind !== 'launch' || request === null) return null
    if (this.#now - intent.at > REPEAT_FOR_MS) return 'a launch is repeated after ten minutes'
    const { count, revision } = intent.step.request
    const isSame = request.count === count && request.revision === revision
    return isSame ? null : `${token} launches ${request.count}, not ${count}`
  }

  /** Is told at the end of the tick: only then is it known which servers counted for it. */
  async #launching({ token, request }: Effect): Promise<void> {
    const at = this.#now
    const others = (await this.#alive()).filter((server) => server.token !== token)
    this.#launches.push({ at, token: token!, count: request!.count, others: others.map(({ id }) => id) })
  }

  /** The highest max and surge that have held since it was written down: a launch of which nobody has heard is repeated as it is, whatever
   *  the limits are by then. */
  #allowed(token: string): number {
    const sinceAt = this.#ledger.writtenAt(token) - LOOKING_MS
    const former = this.#former.filter(({ untilAt }) => untilAt >= sinceAt).map(({ spec }) => spec)
    return Math.max(...[...former, this.#world.spec].map(({ max, replace }) => max + replace.surge))
  }

  /** With those that were launched there were no more than ever may be. */
  #tooMany({ at, token, count, others }: Launching, { now, servers }: FleetView): string | null {
    const allowed = this.#allowed(token)
    const states = new Map(servers.map(({ id, state }) => [id, state]))
    // What a tick that came to no end has launched is told by a later one: who is not there then has gone meanwhile.
    const unseen = now > at ? 'failed' : 'launching'
    const counted = others.filter((id) => COUNTED.includes(states.get(id) ?? unseen))
    const all = counted.length + count
    return all <= allowed ? null : `${count} come to ${counted.length}, at most ${allowed} may be`
  }

  /** Whoever leaves a pool holds no request, or has had its time; whoever leaves for good is in no pool. Those that died excepted. */
  async #leaves({ verb, pool, ids }: Effect): Promise<string | null> {
    const { drainMs, pools } = this.#world.spec
    const drainsForMs = new Map(ids.map((id) => [id, this.#drainsForMs(id)]))
    const [alive, ...members] = await Promise.all([
      this.#alive(),
      ...(pool === null ? pools : [pool]).map((name) => this.#members(name)),
    ])
    const held = members.flat().filter(({ id, inFlight }) => {
      if (!ids.includes(id) || !alive.some((one) => one.id === id)) return false
      if (verb !== 'drop') return true
      return (inFlight ?? 0) > 0 && (drainMs === null || drainsForMs.get(id)! < drainMs)
    })
    const told = held.map(({ id, inFlight }) => `${id} with ${inFlight} requests`).join(', ')
    return held.length === 0 ? null : `${verb} of ${told}`
  }

  #isLate(id: string): boolean {
    return this.#drainsForMs(id) > LONG_MS
  }

  /** How long it has drained, by what was written down; 0 = it does not. The clock may have been set meanwhile: what it says counts, or what
   *  one says that nobody sets, whichever is longer. */
  #drainsForMs(id: string): Millis {
    let since: Intent | null = null
    for (const intent of this.#ledger.all) {
      const { step } = intent
      if (step.kind !== 'put' || !step.members.some((member) => member.id === id)) continue
      since = step.why === 'drain' ? (since ?? intent) : null
    }
    if (since === null) return 0
    return Math.max(this.#now - since.at, this.#steady - this.#ledger.writtenAt(since.token))
  }

  /** Those that run or will, whether they are listed yet or not. Of this very instant, though it is told later. */
  async #alive(): Promise<readonly Server[]> {
    const { fleet } = this.#world
    const { listLagMs } = fleet.nature
    fleet.nature.listLagMs = Number.NEGATIVE_INFINITY
    const listed = fleet.list()
    fleet.nature.listLagMs = listLagMs
    return (await listed).servers.filter(({ phase }) => phase === 'launching' || phase === 'running')
  }

  async #members(pool: string): Promise<readonly Member[]> {
    return await this.#world.balancer.members(pool).catch(() => [])
  }
}
