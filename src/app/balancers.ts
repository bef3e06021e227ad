import { BalancerLoop } from '../controller/balancer-loop.ts'
import type { BalancerPorts } from '../controller/ports.ts'
import { type Balancer, GATEWAY, type Spreader } from '../core/balancer.ts'
import { Fault } from '../core/fault.ts'
import type { DrivenBalancer, Settings } from '../core/settings.ts'
import type { Store } from '../core/store.ts'
import type { Host } from '../core/time.ts'
import { LateBalancer } from './late-balancer.ts'
import { openBalancer } from './open-driver.ts'

/** What the loop of a balancer beside the gateway needs. */
interface Shared {
  readonly host: Host
  readonly store: Store
  /** A loop ended by a defect: the process must end and be started anew. */
  readonly onDefect: (error: unknown) => void
}

/** Our own, and what it has counted. */
type Gateway = Required<Pick<BalancerPorts, 'balancer' | 'stats'>>

/** All balancers of a controller. Those beside the gateway are opened, and their loops run, as the settings say. */
export class Balancers {
  /** Whoever has the pool, does it. */
  readonly spreader: Spreader
  readonly gateway: BalancerLoop
  readonly #shared: Shared
  readonly #driven = new Map<string, DrivenRun>()
  #settings: Settings

  constructor(settings: Settings, gateway: Gateway, shared: Shared) {
    this.#settings = settings
    this.#shared = shared
    const { store, host } = shared
    this.gateway = new BalancerLoop(
      { spec: settings.balancer, tickMs: settings.tickMs },
      { balancer: gateway.balancer, stats: gateway.stats, store, ...host },
    )
    const of = (pool: string) => this.#having(pool) ?? gateway.balancer
    this.spreader = {
      members: async (pool, signal) => await of(pool).members(pool, signal),
      put: async (pool, members, signal) => await of(pool).put(pool, members, signal),
      drop: async (pool, ids, signal) => await of(pool).drop(pool, ids, signal),
    }
  }

  /** Why the balancer that has the pool is not as configured; null = it is. */
  readonly trouble = (pool: string): string | null => {
    const name = balancerOf(pool, this.#settings)
    const loop = this.loops.find(({ spec }) => spec.name === name)
    return loop?.blind ?? null
  }

  /** The balancer beside the gateway that has the pool; null = the gateway has it. Throws Fault while that is being opened anew. */
  #having(pool: string): Balancer | null {
    const name = balancerOf(pool, this.#settings)
    if (name === GATEWAY) return null
    const run = this.#driven.get(name)
    if (run) return run.balancer
    const why = `pool ${pool}: its balancer is being opened anew`
    throw new Fault('balancer.unknown-pool', why, { source: 'user', retry: 'yes' })
  }

  get loops(): readonly BalancerLoop[] {
    return [this.gateway, ...[...this.#driven.values()].map(({ loop }) => loop)]
  }

  /** From now on these are carried. One that the settings no longer have stays as it is, and is no longer looked at. Gives those that are
   *  opened anew: they know nothing of what they carried before. */
  async replace(settings: Settings): Promise<readonly DrivenBalancer[]> {
    const { tickMs, balancers } = settings
    this.#settings = settings
    this.gateway.replace({ spec: settings.balancer, tickMs })
    for (const [name, run] of this.#driven) {
      const driven = balancers.find(({ spec }) => spec.name === name)
      if (driven && run.accepts(driven, settings)) run.loop.replace({ spec: driven.spec, tickMs })
      else {
        this.#driven.delete(name)
        await run.close()
      }
    }
    const fresh = balancers.filter(({ spec }) => !this.#driven.has(spec.name))
    for (const driven of fresh)
      this.#driven.set(driven.spec.name, new DrivenRun(driven, settings, this.#shared))
    return fresh
  }

  /** Would these be carried without opening one anew? */
  accepts(settings: Settings): boolean {
    return settings.balancers.every((driven) => this.#driven.get(driven.spec.name)?.accepts(driven, settings))
  }

  async close(): Promise<void> {
    await Promise.all([...this.#driven.values()].map((run) => run.close()))
    this.#driven.clear()
  }
}

/** The balancer that has a pool. */
export function balancerOf(pool: string, { balancers }: Settings): string {
  return balancers.find(({ spec }) => spec.pools.some(({ name }) => name === pool))?.spec.name ?? GATEWAY
}

class DrivenRun {
  readonly loop: BalancerLoop
  readonly balancer: LateBalancer
  readonly #quit = new AbortController()
  readonly #done: Promise<void>

  constructor(driven: DrivenBalancer, settings: Settings, { store, host, onDefect }: Shared) {
    this.balancer = new LateBalancer(() => openBalancer(driven, settings, host))
    const { spec } = driven
    this.loop = new BalancerLoop(
      { spec, tickMs: settings.tickMs },
      { balancer: this.balancer, store, ...host },
    )
    this.#done = this.loop.run(this.#quit.signal).catch((error: unknown) => {
      if (!this.#quit.signal.aborted) onDefect(error)
    })
  }

  accepts(driven: DrivenBalancer, settings: Settings): boolean {
    return this.balancer.isFor(driven, settings)
  }

  async close(): Promise<void> {
    this.#quit.abort()
    // At once: whatever it is about to buy is not wanted any more.
    await Promise.all([this.#done, this.balancer[Symbol.asyncDispose]()])
  }
}
