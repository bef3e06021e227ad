import type { Balancer } from '../../src/core/balancer.ts'
import { type AlbConfig, parseAlb } from '../../src/drivers/alicloud/alb/config.ts'
import { openAlb } from '../../src/drivers/alicloud/alb/open.ts'
import { removeAlb } from '../../src/drivers/alicloud/alb/remove.ts'
import { put } from '../../src/sandbox/alb/resources.ts'
import type { Edition } from '../../src/sandbox/alb/state.ts'
import { BALANCER } from './alb-cloud.ts'
import { REGION } from './cloud.ts'
import { Market } from './shop.ts'

/** By the id of an instance, or with one that is ordered. */
export function albConfigOf(
  loadBalancer: string | Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>> = {},
): AlbConfig {
  const key = typeof loadBalancer === 'string' ? 'load-balancer' : 'create'
  const parsed = parseAlb({ region: REGION, [key]: loadBalancer, ...more })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.config
}

/** With one ALB instance, whose making is over. */
export class AlbShop extends Market {
  readonly id: string

  constructor(LoadBalancerEdition: Edition = 'Standard') {
    super()
    const { cloud } = this
    this.id = cloud.ask('alb', 'CreateLoadBalancer', { ...BALANCER, LoadBalancerEdition }).LoadBalancerId
    const made = cloud.world.alb.of.loadbalancer.get(this.id)!
    cloud.world = put(cloud.world, 'loadbalancer', { ...made, work: null })
  }

  /** As a controller opens it: another one remembers nothing of this. */
  balancer(config: AlbConfig = albConfigOf(this.id)): Balancer {
    return this.opened((about, host) => openAlb(config, about, host, this.cloud.transport))
  }

  /** As `tidegate down --balancers` does. */
  remove(config: AlbConfig): Promise<string | null> {
    const about = { name: 'shop', signal: new AbortController().signal }
    return this.cloud.until(removeAlb(config, about, this.host(), this.cloud.transport))
  }
}
