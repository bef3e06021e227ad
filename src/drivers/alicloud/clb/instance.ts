import type { Purchase } from '../../../core/balancer.ts'
import { Fault } from '../../../core/fault.ts'
import { hash64 } from '../../../core/hash.ts'
import { ownTags, tagList } from '../balancer/own-tags.ts'
import { type Means, patiently } from '../balancer/patience.ts'
import type { Tags } from '../tags-key.ts'
import type { ClbConfig } from './config.ts'
import type { ClbOrder } from './order.ts'
import { creationText, priceText } from './order-text.ts'
import { creation, instanceChanges } from './plan-instance.ts'
import { type SeenInstance, seenInstance } from './seen-instance.ts'

/** A restarted controller that does not find in the list yet what was created just before, repeats the call within this time; what was
 *  deleted since is created anew after it. */
const TOKEN_MS = 60_000

/** The CLB instance of one balancer: one that is there, or one that Tidegate creates, finds by its tags, and keeps as ordered. */
export class ClbInstance {
  readonly #means: Means
  readonly #config: Pick<ClbConfig, 'region' | 'loadBalancer'>
  readonly #name: string
  readonly #own: Tags
  /** Of a creation whose outcome is not known. */
  #token: string | null = null
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
    const seen =
      typeof loadBalancer === 'string'
        ? await this.#read(loadBalancer, signal)
        : await this.#ordered(loadBalancer, signal)
    this.#last = seen
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
    const ids = await patiently(
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
    const [id, other] = ids
    if (other !== undefined)
      throw new Fault(
        'balancer.refused',
        `${ids.join(', ')} bear the same tags of Tidegate; take the tag tidegate:balancer from those that it is not to have`,
        { source: 'user', retry: 'no' },
      )
    return id === undefined ? null : await this.#read(id, signal)
  }

  async #ordered(order: ClbOrder, signal: AbortSignal): Promise<SeenInstance> {
    let seen = await this.find(signal)
    if (seen === null) {
      const id = await this.#create(order, signal)
      seen = await this.find(signal)
      if (seen === null)
        throw new Fault('balancer.unreachable', `${id} was created and cannot be seen yet`, {
          source: 'vendor',
          retry: 'yes',
        })
    }
    this.#token = null
    for (const { action, query } of this.#changes(order, seen))
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
    return seen
  }

  #changes(order: ClbOrder, seen: SeenInstance) {
    return instanceChanges(order, seen, { ...order.tags, ...this.#own })
  }

  async #create(order: ClbOrder, signal: AbortSignal): Promise<string> {
    const minute = Math.floor(this.#means.clock.now() / TOKEN_MS)
    this.#token ??= `tidegate.${hash64(this.#name)}.${minute}`
    return await patiently(
      this.#means,
      {
        product: 'slb',
        action: 'CreateLoadBalancer',
        query: {
          RegionId: this.#config.region,
          ClientToken: this.#token,
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
