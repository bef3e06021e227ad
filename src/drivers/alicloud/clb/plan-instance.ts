import { Fault } from '../../../core/fault.ts'
import { tagList } from '../balancer/own-tags.ts'
import type { Parameters } from '../client/parameters.ts'
import type { Tags } from '../tags-key.ts'
import type { ClbOrder } from './order.ts'
import type { SeenInstance } from './seen-instance.ts'

/** One call that brings it nearer to what is ordered. */
export interface InstanceCall {
  readonly action: string
  readonly query: Parameters
  /** For people: what it changes. */
  readonly change: string
}

/** What CreateLoadBalancer is asked for. Pure. */
export function creation(order: ClbOrder, name: string, tags: Tags): Parameters {
  const { specification, address, vswitch, zones, isProtected } = order
  return {
    LoadBalancerName: name,
    AddressType: address,
    ...(vswitch !== null && { VSwitchId: vswitch }),
    MasterZoneId: zones[0],
    SlaveZoneId: zones[1],
    ...(specification === null
      ? { InstanceChargeType: 'PayByCLCU' }
      : { InstanceChargeType: 'PayBySpec', LoadBalancerSpec: specification }),
    ...(address === 'internet' && paid(order)),
    DeleteProtection: onOff(isProtected),
    Tag: tagList(tags),
  }
}

/** What is to be called so that it is as ordered. Tags that others have given it stay. Pure. Throws Fault for what cannot be changed. */
export function instanceChanges(order: ClbOrder, seen: SeenInstance, tags: Tags): readonly InstanceCall[] {
  refuseFixed(order, seen)
  const { specification, bandwidth, isProtected } = order
  const missing = Object.entries(tags).filter(([key, value]) => seen.tags[key] !== value)
  const calls: InstanceCall[] = []
  const isToUse = specification === null && seen.specification !== null
  if (isToUse)
    calls.push({
      action: 'ModifyLoadBalancerInstanceChargeType',
      query: {
        LoadBalancerId: seen.id,
        InstanceChargeType: 'PayByCLCU',
        ...(order.address === 'internet' && paid(order)),
      },
      change: `billing by specification ${seen.specification} -> by use, for good`,
    })
  if (specification !== null && specification !== seen.specification)
    calls.push({
      action: 'ModifyLoadBalancerInstanceSpec',
      query: { LoadBalancerId: seen.id, LoadBalancerSpec: specification },
      change: `specification ${seen.specification} -> ${specification}`,
    })
  if (bandwidth !== seen.bandwidth && !isToUse)
    calls.push({
      action: 'ModifyLoadBalancerInternetSpec',
      query: { LoadBalancerId: seen.id, ...paid(order) },
      change: `paid ${paidText(seen)} -> ${paidText(order)}`,
    })
  if (isProtected !== seen.isProtected)
    calls.push({
      action: 'SetLoadBalancerDeleteProtection',
      query: { LoadBalancerId: seen.id, DeleteProtection: onOff(isProtected) },
      change: `deletion protection ${onOff(seen.isProtected)} -> ${onOff(isProtected)}`,
    })
  if (missing.length > 0)
    calls.push({
      action: 'TagResources',
      query: { ResourceType: 'instance', ResourceId: [seen.id], Tag: tagList(Object.fromEntries(missing)) },
      change: `tags ${missing.map(([key]) => key).join(', ')}`,
    })
  return calls
}

/** The cloud changes none of these, and billing only to that by use: whoever wants them other wants another instance.
 *  https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-modifyloadbalancerinstancechargetype */
function refuseFixed(order: ClbOrder, seen: SeenInstance): void {
  const differs = [
    { key: 'address', is: seen.address, wanted: order.address },
    { key: 'vswitch', is: seen.vswitch, wanted: order.vswitch ?? '' },
    ...order.zones.map((wanted, nth) => ({ key: 'zones', is: seen.zones[nth] ?? '', wanted })),
    ...(seen.specification === null && order.specification !== null
      ? [{ key: 'billing', is: 'by use', wanted: `by specification ${order.specification}` }]
      : []),
  ].find(({ is, wanted }) => is !== wanted)
  if (differs === undefined) return
  const { key, is, wanted } = differs
  throw new Fault(
    'balancer.refused',
    `${seen.id} was created with ${key} ${is || 'none'}, which cannot become ${wanted || 'none'}; put it back, or give the balancer another name, and a new one is created`,
    { source: 'user', retry: 'no' },
  )
}

function paid({ bandwidth }: ClbOrder): Parameters {
  return bandwidth === null
    ? { InternetChargeType: 'paybytraffic' }
    : { InternetChargeType: 'paybybandwidth', Bandwidth: bandwidth }
}

function paidText({ bandwidth }: Pick<ClbOrder, 'bandwidth'>): string {
  return bandwidth === null ? 'by traffic' : `for ${bandwidth}Mbps`
}

function onOff(is: boolean): 'on' | 'off' {
  return is ? 'on' : 'off'
}
