import type { Fields } from '../client/fields.ts'
import type { Tags } from '../tags-key.ts'

/** An ALB instance as GetLoadBalancerAttribute has it:
 *  https://www.alibabacloud.com/help/en/slb/application-load-balancer/developer-reference/api-alb-2020-06-16-getloadbalancerattribute */
export interface SeenInstance {
  readonly id: string
  /** `Basic`, `Standard`, `StandardWithWaf`. */
  readonly edition: string
  readonly vpc: string
  /** By which clients reach it: its addresses may change. */
  readonly name: string
  /** `Provisioning`, `Active`, `CreateFailed` and others. */
  readonly status: string
  readonly address: string
  readonly vswitches: readonly string[]
  readonly isProtected: boolean
  readonly tags: Tags
}

export function seenInstance(answer: Fields): SeenInstance {
  const guard = answer.has('DeletionProtectionConfig') ? answer.inside('DeletionProtectionConfig') : null
  const tags = answer.has('Tags') ? answer.list('Tags') : []
  return {
    id: answer.text('LoadBalancerId'),
    edition: answer.text('LoadBalancerEdition'),
    vpc: answer.text('VpcId'),
    name: answer.text('DNSName'),
    status: answer.text('LoadBalancerStatus'),
    address: answer.text('AddressType'),
    vswitches: answer.list('ZoneMappings').map((zone) => zone.text('VSwitchId')),
    isProtected: guard?.has('Enabled') === true && guard.flag('Enabled'),
    tags: Object.fromEntries(tags.map((tag) => [tag.text('Key'), tag.text('Value')])),
  }
}
