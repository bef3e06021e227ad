import type { Purchase } from '../../../core/balancer.ts'
import { Ordered } from '../balancer/ordered.ts'
import { ownTags, tagList } from '../balancer/own-tags.ts'
import { type Means, patiently } from '../balancer/patience.ts'
import type { Tags } from '../tags-key.ts'
import type { ClbConfig } from './config.ts'
import type { ClbOrder } from './order.ts'
import { creationText, priceText } from './order-text.ts'
import { creation, instanceChanges } from './plan-instance.ts'
import { type SeenInstance, seenInstance } from './seen-instance.ts'

/** The CLB instance of one balancer: one that is there, or one that Tidegate creates, finds by its tags, and keeps as ordered. */
export class ClbInstance {
  readonly #means: Means
  readonly #config: Pick<ClbConfig, 'region' | 'loadBalancer'>
  readonly #name: string
  readonly #own: Tags
  readonly #ordered: Ordered<SeenInstance>
  #last: Pick<SeenInstance, 'id' | 'ip'> | null = null

  constructor(
    means: Means,
    config: Pick<ClbConfig, 'region' | 'loadBalancer'>,
    { installation, name }: { readonly installation: string; readonly name: string },
  ) {
    this.#means = means
    this.#config = config
    this.#name = `tidegate-${installation}-${name}`
    this.#own = ownTags(installation, name)
    this.#ordered = new Ordered(
      {
        ids: (signal) => this.#ids(signal),
        read: (id, signal) => this.#read(id, signal),
        create: (token, signal) => this.#create(token, signal),
        mend: (seen, signal) => this.#mend(seen, signal),
      },
      this.#name,
      means.clock,
    )
  }

  /** Known once it has been had. */
  get id(): string {
    return this.#last?.id ?? ''
  }

  /** Where it listens; likewise. */
  get ip(): string {
    return this.#last?.ip ?? ''
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
    const { loadBalancer } = this.#config
    if (typeof loadBalancer === 'string') return true
    const seen = await this.find(signal)
    return seen?.id === this.id && this.#changes(loadBalancer, seen).length === 0
  }

  /** What is to be done for an order, and what it costs; undefined = there is no order. Throws Fault. */
  async purchase(signal: AbortSignal): Promise<Purchase | undefined> {
    const { loadBalancer: order } = this.#config
    if (typeof order === 'string') return undefined
    const seen = await this.find(signal)
    const changes =
      seen === null ? [creationText(order)] : this.#changes(order, seen).map(({ change }) => change)
    return { id: seen?.id ?? null, changes, price: priceText(order) }
  }

  /** The one that Tidegate has created, by its tags; null = there is none. Throws Fault. */
  async find(signal: AbortSignal): Promise<SeenInstance | null> {
    return await this.#ordered.find(signal)
  }

  #ids(signal: AbortSignal): Promise<readonly string[]> {
    return patiently(
      this.#means,
      {
        product: 'slb',
        action: 'DescribeLoadBalancers',
        query: { RegionId: this.#config.region, Tag: tagList(this.#own) },
        read: (answer) =>
          answer
            .inside('LoadBalancers')
            .list('LoadBalancer')
            .map((balancer) => balancer.text('LoadBalancerId')),
      },
      'the load balancers cannot be read',
      signal,
    )
  }

  async #mend(seen: SeenInstance, signal: AbortSignal): Promise<void> {
    for (const { action, query } of this.#changes(this.#order, seen))
      await patiently(
        this.#means,
        {
          product: 'slb',
          action,
          query: { RegionId: this.#config.region, ...query },
          read: () => null,
        },
        `${seen.id} cannot be changed (${action})`,
        signal,
      )
  }

  get #order(): ClbOrder {
    return this.#config.loadBalancer as ClbOrder
  }

  #changes(order: ClbOrder, seen: SeenInstance) {
    return instanceChanges(order, seen, { ...order.tags, ...this.#own })
  }

  async #create(token: string, signal: AbortSignal): Promise<string> {
    const order = this.#order
    return await patiently(
      this.#means,
      {
        product: 'slb',
        action: 'CreateLoadBalancer',
        query: {
          RegionId: this.#config.region,
          ClientToken: token,
          ...creation(order, this.#name, { ...order.tags, ...this.#own }),
        },
        read: (answer) => answer.text('LoadBalancerId'),
      },
      `a load balancer cannot be created for ${this.#own['tidegate:balancer']}`,
      signal,
    )
  }

  #read(id: string, signal: AbortSignal): Promise<SeenInstance> {
    return patiently(
      this.#means,
      {
        product: 'slb',
        action: 'DescribeLoadBalancerAttribute',
        query: { RegionId: this.#config.region, LoadBalancerId: id },
        read: seenInstance,
      },
      `${id} cannot be read`,
      signal,
    )
  }
}
