import { Ordered, type Workshop } from '../balancer/ordered.ts'
import { ownTags, tagList } from '../balancer/own-tags.ts'
import { type Means, patiently } from '../balancer/patience.ts'
import type { Tags } from '../tags-key.ts'
import type { ClbConfig } from './config.ts'
import type { ClbOrder } from './order.ts'
import { creationText, priceText } from './order-text.ts'
import { creation, instanceChanges } from './plan-instance.ts'
import { type SeenInstance, seenInstance } from './seen-instance.ts'

type Config = Pick<ClbConfig, 'region' | 'loadBalancer'>

/** The CLB instance of one balancer. */
export function clbInstance(
  means: Means,
  { region, loadBalancer }: Config,
  { installation, name }: { readonly installation: string; readonly name: string },
): Ordered<ClbOrder, SeenInstance> {
  const called = `tidegate-${installation}-${name}`
  const workshop = new ClbWorkshop(means, region, { name: called, tags: ownTags(installation, name) })
  return new Ordered(workshop, loadBalancer, called, means.clock)
}

class ClbWorkshop implements Workshop<ClbOrder, SeenInstance> {
  readonly creationText = creationText
  readonly priceText = priceText
  readonly #means: Means
  readonly #region: string
  readonly #name: string
  readonly #own: Tags

  constructor(means: Means, region: string, own: { readonly name: string; readonly tags: Tags }) {
    this.#means = means
    this.#region = region
    this.#name = own.name
    this.#own = own.tags
  }

  ids(signal: AbortSignal): Promise<readonly string[]> {
    return patiently(
      this.#means,
      {
        product: 'slb',
        action: 'DescribeLoadBalancers',
        query: { RegionId: this.#region, Tag: tagList(this.#own) },
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

  async mend(order: ClbOrder, seen: SeenInstance, signal: AbortSignal): Promise<void> {
    for (const { action, query } of this.changes(order, seen))
      await patiently(
        this.#means,
        {
          product: 'slb',
          action,
          query: { RegionId: this.#region, ...query },
          read: () => null,
        },
        `${seen.id} cannot be changed (${action})`,
        signal,
      )
  }

  changes(order: ClbOrder, seen: SeenInstance) {
    return instanceChanges(order, seen, { ...order.tags, ...this.#own })
  }

  async create(order: ClbOrder, token: string, signal: AbortSignal): Promise<string> {
    return await patiently(
      this.#means,
      {
        product: 'slb',
        action: 'CreateLoadBalancer',
        query: {
          RegionId: this.#region,
          ClientToken: token,
          ...creation(order, this.#name, { ...order.tags, ...this.#own }),
        },
        read: (answer) => answer.text('LoadBalancerId'),
      },
      `a load balancer cannot be created for ${this.#own['tidegate:balancer']}`,
      signal,
    )
  }

  read(id: string, signal: AbortSignal): Promise<SeenInstance> {
    return patiently(
      this.#means,
      {
        product: 'slb',
        action: 'DescribeLoadBalancerAttribute',
        query: { RegionId: this.#region, LoadBalancerId: id },
        read: seenInstance,
      },
      `${id} cannot be read`,
      signal,
    )
  }
}
