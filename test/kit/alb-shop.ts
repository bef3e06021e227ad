import type { Balancer } from '../../src/core/balancer.ts'
import { type AlbConfig, parseAlb } from '../../src/drivers/alicloud/alb/config.ts'
import { openAlb } from '../../src/drivers/alicloud/alb/open.ts'
import { put } from '../../src/sandbox/alb/resources.ts'
import type { Edition } from '../../src/sandbox/alb/state.ts'
import { BALANCER } from './alb-cloud.ts'
import { REGION } from './cloud.ts'
import { Market } from './shop.ts'

export function albConfigOf(loadBalancer: string): AlbConfig {
  const parsed = parseAlb({ region: REGION, 'load-balancer': loadBalancer })
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
}
