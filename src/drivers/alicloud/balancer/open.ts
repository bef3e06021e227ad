import type { Balancer, BalancerSpec, Bind, Purchase } from '../../../core/balancer.ts'
import { canonical, type Json } from '../../../core/canonical.ts'
import { Fault } from '../../../core/fault.ts'
import { hash64 } from '../../../core/hash.ts'
import type { Probe } from '../../../core/health.ts'
import type { Host, Millis } from '../../../core/time.ts'
import { type CloudGroups, Pools } from './pools.ts'
import { unlessGone } from './unless-gone.ts'

/** Whether the cloud still has what was configured is looked at so often. */
const LOOK_MS = 60_000

/** One balancer of the cloud, as its product's API has it. All throw Fault. */
export interface CloudBalancer extends CloudGroups {
  /** Makes sure that the balancer itself is there. Each configuration begins with it. */
  have(signal: AbortSignal): Promise<void>
  /** Listeners and rules as specified; what is so already is not touched, and what Tidegate has not made neither. */
  listen(spec: BalancerSpec, signal: AbortSignal): Promise<void>
  /** Is everything that `group` and `listen` made as it should be? */
  holds(spec: BalancerSpec, signal: AbortSignal): Promise<boolean>
  /** What is to be bought or changed of it where the file orders it, as the cloud has it now; undefined = it is there anyway. */
  purchase?(signal: AbortSignal): Promise<Purchase | undefined>
  /** Where the listeners of the specification are reached. */
  bound(spec: BalancerSpec): Readonly<Record<string, Bind>>
}

interface Offer {
  readonly purchase: Purchase | undefined
}

interface Landed extends Offer {
  readonly spec: BalancerSpec
  readonly hash: string
  readonly at: Millis
}

/** A balancer of the cloud as the controller knows balancers. Closing changes nothing in the cloud. */
export function openBalancer(
  cloud: CloudBalancer,
  probe: Probe,
  host: Pick<Host, 'clock' | 'log' | 'installation'>,
): { readonly balancer: Balancer } & AsyncDisposable {
  const open = new OpenBalancer(cloud, probe, host)
  return { balancer: open, [Symbol.asyncDispose]: () => open.close() }
}

class OpenBalancer implements Balancer {
  readonly #cloud: CloudBalancer
  readonly #host: Pick<Host, 'clock' | 'log' | 'installation'>
  readonly #pools: Pools
  readonly #closed = new AbortController()
  /** What is so in the cloud, and when that was looked at last. */
  #landed: Landed | null = null
  /** One configuration after the other. */
  #configuring: Promise<unknown> = Promise.resolve()
  /** One look at a time, and nobody waits for it: it takes more calls than a caller has patience. */
  #looking: Promise<void> | null = null
  /** What a look has met that is no fault of the cloud's. */
  #defect: unknown = null
  /** As known last while nothing has landed; null = nothing is known. */
  #offer: Offer | null = null
  #asking: Promise<Offer> | null = null

  constructor(cloud: CloudBalancer, probe: Probe, host: Pick<Host, 'clock' | 'log' | 'installation'>) {
    this.#cloud = cloud
    this.#host = host
    this.#pools = new Pools(cloud, probe, host)
  }

  /** As known last. */
  async status(signal: AbortSignal) {
    if (this.#defect !== null) throw this.#defect
    this.#lookAgain()
    const landed = this.#landed
    const { purchase } = landed ?? (await this.#offered(signal))
    return {
      specHash: landed?.hash ?? null,
      bound: landed === null ? {} : this.#cloud.bound(landed.spec),
      // A balancer that is gone has none.
      pools: landed === null ? [] : this.#pools.names,
      ...(purchase && { purchase }),
    }
  }

  /** One that a caller no longer waits for goes on once it has begun, and else is not begun: it comes again with whoever asks again. */
  async configure(spec: BalancerSpec, signal: AbortSignal): Promise<void> {
    const mine = this.#configuring.then(() => {
      signal.throwIfAborted()
      return this.#configure(spec, this.#closed.signal)
    })
    this.#configuring = mine.catch(() => {})
    await unlessGone(mine, signal)
  }

  async members(pool: string, signal: AbortSignal) {
    return await this.#pools.keeper(pool).members(signal)
  }

  async put(pool: string, members: Parameters<Balancer['put']>[1], signal: AbortSignal): Promise<void> {
    await this.#pools.keeper(pool).put(members, signal)
  }

  async drop(pool: string, ids: readonly string[], signal: AbortSignal): Promise<void> {
    await this.#pools.keeper(pool).drop(ids, signal)
  }

  async close(): Promise<void> {
    this.#closed.abort(new Error('the balancer is closed'))
    await Promise.allSettled([this.#configuring, this.#looking, this.#asking])
    await this.#pools.close()
  }

  #lookAgain(): void {
    const landed = this.#landed
    if (landed === null || this.#looking !== null || this.#host.clock.now() - landed.at < LOOK_MS) return
    this.#looking = this.#look(landed).finally(() => {
      this.#looking = null
    })
  }

  async #look(landed: Landed): Promise<void> {
    const { clock, log } = this.#host
    let holds = true
    try {
      holds = await this.#cloud.holds(landed.spec, this.#closed.signal)
    } catch (error) {
      if (this.#closed.signal.aborted) return
      if (!(error instanceof Fault)) this.#defect = error
      else
        log.warn(`${landed.spec.name}: whether it is as configured is not known: ${error.message}`, {
          code: error.code,
        })
    }
    // Another configuration may have begun, or landed, meanwhile.
    if (this.#landed === landed) this.#landed = holds ? { ...landed, at: clock.now() } : null
  }

  /** Read anew for whoever asks; he waits for it only where nothing is known, and it goes on when he has gone. */
  async #offered(signal: AbortSignal): Promise<Offer> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null
    })
    this.#asking.catch(() => {}) // who asks next is told
    return this.#offer ?? (await unlessGone(this.#asking, signal))
  }

  async #ask(): Promise<Offer> {
    try {
      this.#offer = { purchase: await this.#cloud.purchase?.(this.#closed.signal) }
      return this.#offer
    } catch (error) {
      this.#offer = null
      throw error
    }
  }

  /** The balancer, then groups, for listeners send to them; whoever is no longer needed last. */
  async #configure(spec: BalancerSpec, signal: AbortSignal): Promise<void> {
    const hash = hash64(canonical(spec as unknown as Json))
    this.#landed = null
    await this.#cloud.have(signal)
    const moving = await this.#pools.prepare(spec.pools, signal)
    await this.#cloud.listen(spec, signal)
    await this.#pools.move(moving, spec.pools, signal)
    await this.#pools.settle(spec.pools, signal)
    const purchase = await this.#cloud.purchase?.(signal)
    this.#landed = { spec, hash, purchase, at: this.#host.clock.now() }
    this.#offer = null
  }
}
