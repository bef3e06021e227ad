import type { BalancerSummary, PoolStatus } from '../core/admin.ts'
import {
  type BalancerSpec,
  type BalancerStatus,
  type Member,
  type MemberSpec,
  sumKnown,
} from '../core/balancer.ts'
import { canonical } from '../core/canonical.ts'
import type { GatewayStats } from '../core/control.ts'
import { Fault } from '../core/fault.ts'
import { hash64 } from '../core/hash.ts'
import type { Order } from '../core/order.ts'
import type { Millis } from '../core/time.ts'
import { Canaries, withShares } from './canaries.ts'
import type { BalancerPorts } from './ports.ts'
import { within } from './within.ts'

const READ_MS = 3_000
const WRITE_MS = 30_000
/** What is refused is asked for ever more slowly, up to this. */
const LONGEST_MS = 30_000

export interface BalancerSettings {
  readonly spec: BalancerSpec
  readonly tickMs: Millis
}

/** What a tick saw. */
interface BalancerView {
  readonly status: BalancerStatus
  /** By pool; of pools that the balancer has. */
  readonly members: ReadonlyMap<string, readonly Member[]>
  readonly orders: readonly Order[]
}

/** Everything here is declarative and idempotent, so no intent is written down: what is missing is found again. */
type BalancerStep =
  | { readonly kind: 'configure'; readonly spec: BalancerSpec }
  | { readonly kind: 'put'; readonly pool: string; readonly members: readonly MemberSpec[] }

interface Wanted {
  readonly spec: BalancerSpec
  readonly hash: string
}

/** Keeps one balancer's listeners, rules, pools and static members as configured. The members of fleets are their own loops' work. */
export class BalancerLoop {
  readonly #ports: BalancerPorts
  #settings: BalancerSettings
  /** What it is to carry now: the settings' specification with the shares of its canaries. */
  #wanted: Wanted
  readonly #canaries: Canaries
  #view: BalancerView | null = null
  #fault: string | null = null
  /** So many ticks in a row were refused. */
  #refusals = 0
  /** Ends the pause. */
  #wake = new AbortController()

  constructor(settings: BalancerSettings, ports: BalancerPorts) {
    this.#settings = settings
    this.#ports = ports
    this.#canaries = new Canaries(ports, `balancer:${settings.spec.name}`)
    this.#wanted = hashed(settings.spec)
  }

  get spec(): BalancerSpec {
    return this.#settings.spec
  }

  /** Why the last tick did not come through; null when it did. */
  get blind(): string | null {
    return this.#fault ?? (this.#view === null ? 'it has not looked yet' : null)
  }

  replace(settings: BalancerSettings): void {
    this.#settings = settings
    this.#share()
    this.#refusals = 0
    this.#wake.abort()
  }

  /** Ticks until the signal aborts. A Fault is an event; anything else ends the loop, and the controller with it. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.#wake.abort())
    while (!signal.aborted) {
      await this.tick(signal)
      await this.#rest()
    }
  }

  async #rest(): Promise<void> {
    const { tickMs } = this.#settings
    const pauseMs = tickMs * 2 ** Math.min(this.#refusals, 16)
    const { signal } = this.#wake
    await this.#ports.clock
      .sleep(Math.max(tickMs, Math.min(pauseMs, LONGEST_MS)), signal)
      .catch((error: unknown) => {
        if (!signal.aborted) throw error
        this.#wake = new AbortController()
      })
  }

  async tick(signal: AbortSignal): Promise<void> {
    try {
      const view = await measureBalancer(this.spec, this.#ports, signal)
      await this.#tend(view, signal)
      const steps = planBalancer(this.#wanted, view)
      this.#view = view
      for (const step of steps) await this.#act(step)
      // What people ask about is how it is now.
      if (steps.length > 0) this.#view = await measureBalancer(this.spec, this.#ports, signal)
      if (this.#fault !== null) await this.#say('balancer', `${this.spec.name} answers`)
      this.#fault = null
      this.#refusals = 0
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof Fault) || error.code === 'balancer.stale-epoch') throw error
      this.#refusals = error.retry === 'no' ? this.#refusals + 1 : 0
      await this.#note(error)
    }
  }

  /** What the balancer said last; null before it did. */
  status(): BalancerStatus | null {
    return this.#view?.status ?? null
  }

  summary(): BalancerSummary {
    const { bound = {}, purchase = null } = this.#view?.status ?? {}
    const canaries = this.#canaries.states.map(({ counted: _, seen: __, ...shown }) => shown)
    return { name: this.spec.name, bound, purchase, blind: this.blind, left: null, canaries }
  }

  /** The pools as configured, with their members as last seen. `stats` tells of panic. */
  pools(stats: GatewayStats | null): readonly PoolStatus[] {
    return this.spec.pools.map(({ name, algorithm }) => {
      const members = this.#view?.members.get(name) ?? []
      const counted = stats?.pools.find((pool) => pool.name === name)
      return {
        name,
        algorithm,
        balancer: this.spec.name,
        rps: counted?.rps ?? sumKnown(members.map(({ rps }) => rps)),
        inFlight: sumKnown(members.map(({ inFlight }) => inFlight)),
        panic: counted?.panic ?? false,
        members,
      }
    })
  }

  /** With what canaries come to, more may be wanted than before. */
  async #tend({ status, orders }: BalancerView, signal: AbortSignal): Promise<void> {
    const isCarried = status.specHash === this.#wanted.hash
    await this.#canaries.tend(this.spec, { orders, isCarried }, signal)
    this.#share()
  }

  #share(): void {
    const spec = withShares(this.spec, this.#canaries.states)
    if (spec !== this.#wanted.spec) this.#wanted = hashed(spec)
  }

  /** The tick's signal never aborts a step. */
  async #act(step: BalancerStep): Promise<void> {
    const { balancer, clock } = this.#ports
    const name = this.spec.name
    if (step.kind === 'configure') {
      await within(clock, WRITE_MS, (over) => balancer.configure(step.spec, over))
      return this.#say('config', `${name} carries the configuration`)
    }
    await within(clock, WRITE_MS, (over) => balancer.put(step.pool, step.members, over))
    const weights = step.members.map(({ id, weight }) => `${id} has weight ${weight}`).join(', ')
    return this.#say('member', `pool ${step.pool}: ${weights}`)
  }

  /** The event is written once, not every tick that it lasts; the store may be what failed. */
  async #note(fault: Fault): Promise<void> {
    const text = `${this.spec.name}: ${fault.message} (${fault.code})`
    const known = this.#fault !== null && withoutRequest(this.#fault) === withoutRequest(text)
    this.#fault = text
    if (known) return
    this.#ports.log.warn(text, { balancer: this.spec.name, code: fault.code })
    await this.#say('fault', text).catch((error: unknown) => {
      if (!(error instanceof Fault)) throw error
    })
  }

  async #say(kind: string, text: string): Promise<void> {
    const event = { at: this.#ports.clock.now(), scope: `balancer:${this.spec.name}`, kind, text }
    await this.#ports.store.event(event)
  }
}

/** A cloud gives every request its own number. */
function withoutRequest(text: string): string {
  return text.replace(/ \(request [^)]*\)/g, '')
}

function hashed(spec: BalancerSpec): Wanted {
  return { spec, hash: hash64(canonical(spec)) }
}

async function measureBalancer(
  spec: BalancerSpec,
  { balancer, store, clock }: BalancerPorts,
  signal: AbortSignal,
): Promise<BalancerView> {
  const status = await within(clock, READ_MS, (over) => balancer.status(over), signal)
  const pools = spec.pools.map((pool) => pool.name).filter((name) => status.pools.includes(name))
  const members = await Promise.all(
    pools.map((pool) => within(clock, READ_MS, (over) => balancer.members(pool, over), signal)),
  )
  const scope = `balancer:${spec.name}`
  const orders = await within(clock, READ_MS, () => store.orders(scope, clock.now()), signal)
  return { status, members: new Map(pools.map((pool, index) => [pool, members[index] ?? []])), orders }
}

/** First the configuration; weights once it is seen to have landed. Pure. */
function planBalancer({ spec, hash }: Wanted, view: BalancerView): readonly BalancerStep[] {
  if (view.status.specHash !== hash) return [{ kind: 'configure', spec }]
  return spec.pools.flatMap((pool): BalancerStep[] => {
    const members = pool.servers.flatMap((configured) => {
      const common = orderedWeight(pool.name, configured.id, view.orders) ?? configured.weight
      const these = view.members.get(pool.name)?.filter(({ id }) => standsFor(configured.id, id)) ?? []
      return these.flatMap(({ id, address, weight: now }) => {
        const weight = orderedWeight(pool.name, id, view.orders) ?? common
        return now === weight ? [] : [{ id, address, weight }]
      })
    })
    return members.length === 0 ? [] : [{ kind: 'put', pool: pool.name, members }]
  })
}

/** A server that the file calls by a name has a member for each address, `name:port@address`. */
function standsFor(configured: string, member: string): boolean {
  return member === configured || member.startsWith(`${configured}@`)
}

function orderedWeight(pool: string, member: string, orders: readonly Order[]): number | null {
  const last = orders.findLast(
    (order) => order.kind === 'weight' && order.pool === pool && order.member === member,
  )
  return last?.kind === 'weight' ? last.weight : null
}
