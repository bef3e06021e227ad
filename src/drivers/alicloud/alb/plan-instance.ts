import { ALB_HOURLY } from '../../../core/alb-price.ts'
import { Fault } from '../../../core/fault.ts'
import { tagList } from '../balancer/own-tags.ts'
import type { Parameters } from '../client/parameters.ts'
import type { Tags } from '../tags-key.ts'
import type { AlbOrder } from './order.ts'
import type { SeenInstance } from './seen-instance.ts'

/** One call that brings it nearer to what is ordered. */
export interface InstanceCall {
  readonly action: string
  readonly query: Parameters
  /** For people: what it changes. */
  readonly change: string
}

/** What CreateLoadBalancer is asked for, but for its zones. Pure. */
export function creation({ edition, address, isProtected }: AlbOrder, name: string, tags: Tags): Parameters {
  return {
    LoadBalancerName: name,
    LoadBalancerEdition: edition,
    AddressType: address,
    LoadBalancerBillingConfig: { PayType: 'PostPay' },
    DeletionProtectionEnabled: isProtected,
    Tag: tagList(tags),
  }
}

/** For people: what it will be. */
export function creationText({ edition, address, vswitches }: AlbOrder): string {
  return `create ALB ${edition} at an ${address.toLowerCase()} address, in ${vswitches.join(', ')}`
}

/** For people: what it will cost. */
export function priceText({ edition, address }: AlbOrder): string {
  const rest = address === 'Internet' ? ', its capacity units and what it sends' : ' and its capacity units'
  return `about ${ALB_HOURLY[edition]} CNY an hour${rest} (list price)`
}

/** What is to be called so that it is as ordered. Tags that others have given it stay. Pure. Throws Fault for what cannot be changed. */
export function instanceChanges(order: AlbOrder, seen: SeenInstance, tags: Tags): readonly InstanceCall[] {
  refuseFixed(order, seen)
  const missing = Object.entries(tags).filter(([key, value]) => seen.tags[key] !== value)
  const calls: InstanceCall[] = []
  if (order.isProtected !== seen.isProtected)
    calls.push({
      action: order.isProtected ? 'EnableDeletionProtection' : 'DisableDeletionProtection',
      query: { ResourceId: seen.id },
      change: `deletion protection ${onOff(seen.isProtected)} -> ${onOff(order.isProtected)}`,
    })
  if (missing.length > 0)
    calls.push({
      action: 'TagResources',
      query: {
        ResourceType: 'loadbalancer',
        ResourceId: [seen.id],
        Tag: tagList(Object.fromEntries(missing)),
      },
      change: `tags ${missing.map(([key]) => key).join(', ')}`,
    })
  return calls
}

/** The cloud can change these, with what that costs and breaks: people do it there, and write it into the file. */
function refuseFixed(order: AlbOrder, seen: SeenInstance): void {
  const differs = [
    { key: 'edition', is: seen.edition, wanted: order.edition },
    { key: 'address', is: seen.address, wanted: order.address },
    { key: 'vswitches', is: inOrder(seen.vswitches), wanted: inOrder(order.vswitches) },
  ].find(({ is, wanted }) => is !== wanted)
  if (differs === undefined) return
  const { key, is, wanted } = differs
  throw new Fault(
    'balancer.refused',
    `${seen.id} has ${key} ${is}, and the file orders ${wanted}; change it in the console, or put the file back`,
    { source: 'user', retry: 'no' },
  )
}

function inOrder(ids: readonly string[]): string {
  return [...ids].sort().join(' ')
}

function onOff(is: boolean): 'on' | 'off' {
  return is ? 'on' : 'off'
}
