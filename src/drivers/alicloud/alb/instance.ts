import { Fault } from '../../../core/fault.ts'
import { Ordered, type Workshop } from '../balancer/ordered.ts'
import { ownTags, tagList } from '../balancer/own-tags.ts'
import type { Tags } from '../tags-key.ts'
import type { Alb } from './alb.ts'
import type { AlbConfig } from './config.ts'
import { nameOf } from './naming.ts'
import { zoneMappings } from './networks.ts'
import type { AlbOrder } from './order.ts'
import { creation, creationText, instanceChanges, priceText } from './plan-instance.ts'
import { type SeenInstance, seenInstance } from './seen-instance.ts'

/** Users tell of a minute or two. */
const LOOK_MS = 2_000
const PATIENCE_MS = 300_000

type Config = Pick<AlbConfig, 'region' | 'loadBalancer'>

/** The ALB instance of one balancer. */
export function albInstance(
  alb: Alb,
  { region, loadBalancer }: Config,
  { installation, name }: { readonly installation: string; readonly name: string },
): Ordered<AlbOrder, SeenInstance> {
  const called = nameOf(installation, name)
  const workshop = new AlbWorkshop(alb, region, { name: called, tags: ownTags(installation, name) })
  return new Ordered(workshop, loadBalancer, called, alb.means.clock)
}

class AlbWorkshop implements Workshop<AlbOrder, SeenInstance> {
  readonly creationText = creationText
  readonly priceText = priceText
  readonly #alb: Alb
  readonly #region: string
  readonly #name: string
  readonly #own: Tags

  constructor(alb: Alb, region: string, own: { readonly name: string; readonly tags: Tags }) {
    this.#alb = alb
    this.#region = region
    this.#name = own.name
    this.#own = own.tags
  }

  async ids(signal: AbortSignal): Promise<readonly string[]> {
    return await this.#alb.list(
      { action: 'ListLoadBalancers', name: 'LoadBalancers', query: { Tag: tagList(this.#own) } },
      (balancer) => balancer.text('LoadBalancerId'),
      'the load balancers cannot be read',
      signal,
    )
  }

  async create(order: AlbOrder, token: string, signal: AbortSignal): Promise<string> {
    const places = await zoneMappings(this.#alb, { ...order, region: this.#region }, signal)
    const query = { ...creation(order, this.#name, { ...order.tags, ...this.#own }), ...places }
    return await this.#alb.call(
      { action: 'CreateLoadBalancer', query: { ...query, ClientToken: token } },
      (answer) => answer.text('LoadBalancerId'),
      `a load balancer cannot be created for ${this.#own['tidegate:balancer']}`,
      signal,
    )
  }

  async mend(order: AlbOrder, seen: SeenInstance, signal: AbortSignal): Promise<void> {
    const active = await this.#active(seen, signal)
    for (const { action, query } of this.changes(order, active))
      await this.#alb.call({ action, query }, () => null, `${seen.id} cannot be changed (${action})`, signal)
  }

  /** As it is when it can be configured. */
  async #active(seen: SeenInstance, signal: AbortSignal): Promise<SeenInstance> {
    const { clock } = this.#alb.means
    const endAt = clock.now() + PATIENCE_MS
    let now = seen
    while (now.status === 'Provisioning' && clock.now() < endAt) {
      await clock.sleep(LOOK_MS, signal)
      now = await this.read(seen.id, signal)
    }
    if (now.status !== 'Provisioning' && now.status !== 'CreateFailed') return now
    const message = `${seen.id} was created and is not ready: its status is ${now.status}`
    throw new Fault('balancer.unreachable', message, { source: 'vendor', retry: 'yes' })
  }

  /** One that the cloud is still making has not all of what it was ordered with. */
  changes(order: AlbOrder, seen: SeenInstance) {
    if (seen.status === 'Provisioning') return []
    return instanceChanges(order, seen, { ...order.tags, ...this.#own })
  }

  read(id: string, signal: AbortSignal): Promise<SeenInstance> {
    return this.#alb.call(
      { action: 'GetLoadBalancerAttribute', query: { LoadBalancerId: id } },
      seenInstance,
      `${id} cannot be read`,
      signal,
    )
  }
}
