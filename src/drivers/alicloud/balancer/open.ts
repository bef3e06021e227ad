import type { Balancer, BalancerSpec, Bind, Purchase } from '../../../core/balancer.ts'
import { canonical, type Json } from '../../../core/canonical.ts'
import { hash64 } from '../../../core/hash.ts'
import type { Probe } from '../../../core/health.ts'
import type { Host, Millis } from '../../../core/time.ts'
import { type CloudGroups, Pools } from './pools.ts'

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

interface Landed {
  readonly spec: BalancerSpec
  readonly hash: string
  readonly purchase: Purchase | undefined
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
  /** What is so in the cloud, and when that was seen last. */
  #landed: Landed | null = null
  /** One configuration after the other. */
  #configuring: Promise<unknown> = Promise.resolve()

  constructor(cloud: CloudBalancer, probe: Probe, host: Pick<Host, 'clock' | 'log' | 'installation'>) {
    this.#cloud = cloud
    this.#host = host
    this.#pools = new Pools(cloud, probe, host)
  }

  async status(signal: AbortSignal) {
    await this.#look(signal)
    const landed = this.#landed
    const purchase = landed === null ? await this.#cloud.purchase?.(signal) : landed.purchase
    return {
      specHash: landed?.hash ?? null,
      bound: landed === null ? {} : this.#cloud.bound(landed.spec),
      // A balancer that is gone has none.
      pools: landed === null ? [] : this.#pools.names,
      ...(purchase && { purchase }),
    }
  }

  /** One that a caller no longer waits for goes on. */
  async configure(spec: BalancerSpec, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const mine = this.#configuring.then(() => this.#configure(spec, this.#closed.signal))
    this.#configuring = mine.catch(() => {})
    await mine
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
    await this.#configuring
    await this.#pools.close()
  }

  async #look(signal: AbortSignal): Promise<void> {
    const landed = this.#landed
    const now = this.#host.clock.now()
    if (landed === null || now - landed.at < LOOK_MS) return
    const holds = await this.#cloud.holds(landed.spec, signal)
    // Another configuration may have landed meanwhile.
    if (this.#landed === landed) this.#landed = holds ? { ...landed, at: now } : null
  }

  /** The balancer, then groups, for listeners send to them; whoever is no longer needed last. */
  async #configure(spec: BalancerSpec, signal: AbortSignal): Promise<void> {
    const hash = hash64(canonical(spec as unknown as Json))
    this.#landed = null
    await this.#cloud.have(signal)
    const moving = await this.#pools.prepare(spec.pools, signal)
    await this.#cloud.listen(spec, signal)
    this.#pools.move(moving, spec.pools)
    await this.#pools.settle(spec.pools, signal)
    const purchase = await this.#cloud.purchase?.(signal)
    this.#landed = { spec, hash, purchase, at: this.#host.clock.now() }
  }
}
