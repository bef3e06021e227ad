import type { Purchase } from '../../../core/balancer.ts'
import { Fault } from '../../../core/fault.ts'
import { Ordered } from '../balancer/ordered.ts'
import { ownTags, tagList } from '../balancer/own-tags.ts'
import type { Tags } from '../tags-key.ts'
import type { Alb } from './alb.ts'
import type { AlbConfig } from './config.ts'
import { nameOf } from './naming.ts'
import { zoneMappings } from './networks.ts'
import type { AlbOrder } from './order.ts'
import { creation, creationText, instanceChanges } from './plan-instance.ts'
import { type SeenInstance, seenInstance } from './seen-instance.ts'

/** Users tell of a minute or two. */
const LOOK_MS = 2_000
const PATIENCE_MS = 300_000

type Config = Pick<AlbConfig, 'region' | 'loadBalancer'>

/** The ALB instance of one balancer: one that is there, or one that Tidegate creates, finds by its tags, and keeps as ordered. */
export class AlbInstance {
  readonly #alb: Alb
  readonly #config: Config
  readonly #name: string
  readonly #own: Tags
  readonly #ordered: Ordered<SeenInstance>
  #last: SeenInstance | null = null

  constructor(
    alb: Alb,
    config: Config,
    { installation, name }: { readonly installation: string; readonly name: string },
  ) {
    this.#alb = alb
    this.#config = config
    this.#name = nameOf(installation, name)
    this.#own = ownTags(installation, name)
    this.#ordered = new Ordered(
      {
        ids: (signal) => this.#ids(signal),
        read: (id, signal) => this.#read(id, signal),
        create: (token, signal) => this.#create(token, signal),
        mend: (seen, signal) => this.#mend(seen, signal),
      },
      this.#name,
      alb.means.clock,
    )
  }

  /** As it was seen last. It has been had. */
  get seen(): SeenInstance {
    return this.#last!
  }

  /** It is there and as ordered; creates and changes it where it is not. Throws Fault. */
  async have(signal: AbortSignal): Promise<void> {
    const { loadBalancer } = this.#config
    this.#last =
      typeof loadBalancer === 'string'
        ? await this.#read(loadBalancer, signal)
        : await this.#ordered.have(signal)
  }

  /** Is one that was had still there, and as ordered? */
  async holds(signal: AbortSignal): Promise<boolean> {
    const { loadBalancer: order } = this.#config
    if (typeof order === 'string') return true
    const seen = await this.find(signal)
    return seen?.id === this.#last?.id && seen !== null && this.#changes(order, seen).length === 0
  }

  /** What is to be done for an order; undefined = there is no order. Throws Fault. */
  async purchase(signal: AbortSignal): Promise<Purchase | undefined> {
    const { loadBalancer: order } = this.#config
    if (typeof order === 'string') return undefined
    const seen = await this.find(signal)
    const changes =
      seen === null ? [creationText(order)] : this.#changes(order, seen).map(({ change }) => change)
    return { id: seen?.id ?? null, changes, price: null }
  }

  /** The one that Tidegate has created, by its tags; null = there is none. Throws Fault. */
  async find(signal: AbortSignal): Promise<SeenInstance | null> {
    return await this.#ordered.find(signal)
  }

  async #ids(signal: AbortSignal): Promise<readonly string[]> {
    return await this.#alb.list(
      { action: 'ListLoadBalancers', name: 'LoadBalancers', query: { Tag: tagList(this.#own) } },
      (balancer) => balancer.text('LoadBalancerId'),
      'the load balancers cannot be read',
      signal,
    )
  }

  async #create(token: string, signal: AbortSignal): Promise<string> {
    const order = this.#order
    const places = await zoneMappings(this.#alb, { ...order, region: this.#config.region }, signal)
    const query = { ...creation(order, this.#name, { ...order.tags, ...this.#own }), ...places }
    return await this.#alb.call(
      { action: 'CreateLoadBalancer', query: { ...query, ClientToken: token } },
      (answer) => answer.text('LoadBalancerId'),
      `a load balancer cannot be created for ${this.#own['tidegate:balancer']}`,
      signal,
    )
  }

  async #mend(seen: SeenInstance, signal: AbortSignal): Promise<void> {
    await this.#active(seen, signal)
    for (const { action, query } of this.#changes(this.#order, seen))
      await this.#alb.call({ action, query }, () => null, `${seen.id} cannot be changed (${action})`, signal)
  }

  /** Until it can be configured. */
  async #active({ id, status }: SeenInstance, signal: AbortSignal): Promise<void> {
    const { clock } = this.#alb.means
    const endAt = clock.now() + PATIENCE_MS
    let now = status
    while (now === 'Provisioning' && clock.now() < endAt) {
      await clock.sleep(LOOK_MS, signal)
      now = (await this.#read(id, signal)).status
    }
    if (now !== 'Provisioning' && now !== 'CreateFailed') return
    const message = `${id} was created and is not ready: its status is ${now}`
    throw new Fault('balancer.unreachable', message, { source: 'vendor', retry: 'yes' })
  }

  get #order(): AlbOrder {
    return this.#config.loadBalancer as AlbOrder
  }

  #changes(order: AlbOrder, seen: SeenInstance) {
    return instanceChanges(order, seen, { ...order.tags, ...this.#own })
  }

  #read(id: string, signal: AbortSignal): Promise<SeenInstance> {
    return this.#alb.call(
      { action: 'GetLoadBalancerAttribute', query: { LoadBalancerId: id } },
      seenInstance,
      `${id} cannot be read`,
      signal,
    )
  }
}
