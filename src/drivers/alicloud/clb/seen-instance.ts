import type { Fields } from '../client/fields.ts'
import type { Tags } from '../tags-key.ts'

/** A CLB instance as DescribeLoadBalancerAttribute has it, or as it soon will be:
 *  https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-describeloadbalancerattribute */
export interface SeenInstance {
  readonly id: string
  /** Where it listens. */
  readonly ip: string
  readonly address: string
  readonly vswitch: string
  readonly zones: readonly [master: string, slave: string]
  /** null = billed by use. */
  readonly specification: string | null
  /** In Mbit/s; null = what is sent is paid. */
  readonly bandwidth: number | null
  readonly isProtected: boolean
  readonly tags: Tags
}

export function seenInstance(answer: Fields): SeenInstance {
  const text = (name: string) => (answer.has(name) ? answer.text(name) : '')
  // A change of what is paid, ordered today, is in force from midnight.
  const coming = text('ReservedInfoInternetChargeType') === '' ? '' : 'ReservedInfo'
  const isByBandwidth = text(`${coming}InternetChargeType`) === 'paybybandwidth'
  return {
    id: answer.text('LoadBalancerId'),
    ip: answer.text('Address'),
    address: answer.text('AddressType'),
    vswitch: text('VSwitchId'),
    zones: [text('MasterZoneId'), text('SlaveZoneId')],
    specification: text('InstanceChargeType') === 'PayByCLCU' ? null : text('LoadBalancerSpec'),
    bandwidth: isByBandwidth ? answer.number(`${coming}Bandwidth`) : null,
    isProtected: text('DeleteProtection') === 'on',
    tags: answer.has('Tags') ? tagsIn(answer.inside('Tags')) : {},
  }
}

function tagsIn(answer: Fields): Tags {
  return Object.fromEntries(answer.list('Tag').map((tag) => [tag.text('TagKey'), tag.text('TagValue')]))
}
