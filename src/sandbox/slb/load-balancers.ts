import { CLB_SPECIFICATIONS } from '../../core/clb-price.ts'
import { tagsOf } from '../ecs/tags.ts'
import type { Call, Done } from '../operation.ts'
import type { Given } from '../parameters.ts'
import { invalid, Refusal } from '../refusal.ts'
import { type World, withId } from '../world.ts'
import { balancerNamed, changed, freeBalancer, withBalancer, withSlb } from './balancers.ts'
import { paid, spentOn } from './charges.ts'
import type { LoadBalancer } from './state.ts'

/** Of an account, https://www.alibabacloud.com/help/en/slb/classic-load-balancer/product-overview/limits. */
const QUOTA = 60
/** The highest that one may buy by itself, in Mbit/s. */
const MAX_BANDWIDTH = 5000

export function createLoadBalancer(call: Call): Done {
  const owned = [...call.world.slb.balancers.values()].filter(({ account }) => account === call.account)
  if (owned.length >= QUOTA)
    throw new Refusal('ORDER.QUANTITY_INVALID', 'The maximum number of SLB instances is exceeded.')
  const [made, id] = withId(call.world, 'lb-')
  const balancer = ordered({ ...call, world: made }, id)
  const { name, address, vpc, vSwitch } = balancer
  return {
    world: withBalancer(made, balancer),
    body: {
      LoadBalancerId: id,
      LoadBalancerName: name,
      Address: address,
      AddressIPVersion: 'ipv4',
      NetworkType: vpc === '' ? 'classic' : 'vpc',
      VpcId: vpc,
      VSwitchId: vSwitch,
    },
  }
}

function ordered(call: Call, id: string): LoadBalancer {
  const { world, given, now, account, region } = call
  const [masterZone, slaveZone] = zonesOf(call)
  const vSwitch = world.ecs.vSwitches.find((one) => one.id === given.text('VSwitchId'))
  if (given.has('VSwitchId') && vSwitch === undefined)
    throw new Refusal('InvalidParameter', 'The vpc subnet is not exist.')
  // With a network it is for that one.
  const addressType =
    vSwitch === undefined ? choice(given, 'AddressType', ['internet', 'intranet']) : 'intranet'
  const internetChargeType = choice(given, 'InternetChargeType', ['paybytraffic', 'paybybandwidth'])
  return {
    id,
    account,
    region,
    name: given.has('LoadBalancerName') ? given.text('LoadBalancerName') : 'auto_named_slb',
    address: freeAddress(world),
    addressType,
    vpc: vSwitch?.vpc ?? '',
    vSwitch: vSwitch?.id ?? '',
    masterZone,
    slaveZone,
    spec: given.has('LoadBalancerSpec') ? specOf(given) : '',
    instanceChargeType: choice(given, 'InstanceChargeType', ['PayBySpec', 'PayByCLCU']),
    internetChargeType,
    bandwidth: internetChargeType === 'paybybandwidth' ? bandwidthOf(given) : MAX_BANDWIDTH,
    tags: tagsOf(given),
    isActive: true,
    isProtected: choice(given, 'DeleteProtection', ['off', 'on']) === 'on',
    createdAt: now,
    busyUntil: 0,
    backends: [],
    listeners: [],
    spent: 0,
    hoursPaid: 0,
    sentBytes: 0,
  }
}

/** The first one where it is left out. */
function choice<T extends string>(given: Given, name: string, choices: readonly [T, ...T[]]): T {
  if (!given.has(name)) return choices[0]
  const chosen = choices.find((one) => one === given.text(name))
  if (chosen === undefined) throw invalid(name)
  return chosen
}

function specOf(given: Given): string {
  const spec = given.text('LoadBalancerSpec')
  if (!Object.hasOwn(CLB_SPECIFICATIONS, spec)) throw invalid('LoadBalancerSpec')
  return spec
}

function bandwidthOf(given: Given): number {
  const bandwidth = given.number('Bandwidth', 1)
  if (bandwidth < 1 || bandwidth > MAX_BANDWIDTH)
    throw new Refusal('InvalidParameter', 'The specified Bandwidth is invalid.')
  return bandwidth
}

function zonesOf({ world, given, region }: Call): readonly [master: string, slave: string] {
  const zones = world.ecs.regions[region]
  if (zones === undefined)
    throw new Refusal('InvalidRegionId.NotFound', 'The specified RegionId does not exist.', 404)
  const zoneOf = (name: string, usual: string) => {
    if (!given.has(name)) return usual
    if (!zones.includes(given.text(name))) throw invalid(name)
    return given.text(name)
  }
  const master = zoneOf('MasterZoneId', zones[0]!)
  return [master, zoneOf('SlaveZoneId', zones.find((zone) => zone !== master) ?? '')]
}

/** Of the network, above those of vSwitches. */
function freeAddress({ slb, network }: World): string {
  const taken = new Set([...slb.balancers.values()].map(({ address }) => address))
  for (let nth = 1; ; nth++) {
    const address = `${network}.${200 + (nth >> 8)}.${nth & 255}`
    if (!taken.has(address)) return address
  }
}

/** Its listeners and groups go with it. */
export function deleteLoadBalancer(call: Call): Done {
  const balancer = freeBalancer(call)
  if (balancer.isProtected)
    throw new Refusal(
      'OperationDenied.DeleteProtectionIsOn',
      "The loadbalancer can't be deleted due to DeleteProtection is enabled.",
    )
  const { balancers, groups, deleted } = call.world.slb
  const { id, tags } = balancer
  const world = withSlb(call.world, {
    balancers: new Map([...balancers].filter(([other]) => other !== id)),
    groups: new Map([...groups].filter(([, group]) => group.balancer !== id)),
    deleted: [...deleted, { id, tags, spent: spentOn(balancer, call.now) }],
  })
  return { world, body: {} }
}

export function setLoadBalancerDeleteProtection(call: Call): Done {
  const isProtected = choice(call.given, 'DeleteProtection', ['off', 'on']) === 'on'
  return { world: withBalancer(call.world, { ...balancerNamed(call), isProtected }), body: {} }
}

export function setLoadBalancerStatus(call: Call): Done {
  const isActive = choice(call.given, 'LoadBalancerStatus', ['active', 'inactive']) === 'active'
  return { world: changed(call.world, { ...freeBalancer(call), isActive }, call.now), body: {} }
}

export function setLoadBalancerName(call: Call): Done {
  const balancer = { ...balancerNamed(call), name: call.given.text('LoadBalancerName') }
  return { world: withBalancer(call.world, balancer), body: {} }
}

/** From by specification to by use, and never back. */
export function modifyLoadBalancerInstanceChargeType(call: Call): Done {
  const { given, now } = call
  const instanceChargeType = choice(given, 'InstanceChargeType', ['PayByCLCU'])
  const internetChargeType = choice(given, 'InternetChargeType', ['paybytraffic'])
  const balancer = { ...paid(freeBySpec(call), now), instanceChargeType, internetChargeType, spec: '' }
  return { world: changed(call.world, { ...balancer, bandwidth: MAX_BANDWIDTH }, now), body: {} }
}

export function modifyLoadBalancerInstanceSpec(call: Call): Done {
  const balancer = { ...paid(freeBySpec(call), call.now), spec: specOf(call.given) }
  return { world: changed(call.world, balancer, call.now), body: {} }
}

/** What is left out stays. Here everything changes at once; in the cloud another way of charging begins at the next midnight. */
export function modifyLoadBalancerInternetSpec(call: Call): Done {
  const { given, now } = call
  const before = freeBySpec(call)
  if (before.addressType === 'intranet')
    throw new Refusal(
      'ActionNotAllowed',
      "The Intranet LB's InternetChargeType is not allowed change to paybybandwidth.",
    )
  const internetChargeType = given.has('InternetChargeType')
    ? choice(given, 'InternetChargeType', ['paybytraffic', 'paybybandwidth'])
    : before.internetChargeType
  const bandwidth = given.has('Bandwidth') ? bandwidthOf(given) : before.bandwidth
  return {
    world: changed(call.world, { ...paid(before, now), internetChargeType, bandwidth }, now),
    body: {},
  }
}

function freeBySpec(call: Call): LoadBalancer {
  const balancer = freeBalancer(call)
  if (balancer.instanceChargeType === 'PayByCLCU')
    throw new Refusal(
      'OperationDenied.PayByCLCU',
      'The operation is not allowed because the instanceChargeType of loadbalancer is PayByCLCU.',
    )
  return balancer
}
