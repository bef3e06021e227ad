import { ALB_HOURLY } from '../../core/alb-price.ts'
import { takenIn } from '../ecs/addresses.ts'
import { ADDRESSES } from '../ecs/state.ts'
import { tagsOf } from '../ecs/tags.ts'
import type { Call, Done } from '../operation.ts'
import { invalid, Refusal } from '../refusal.ts'
import { hasTags } from '../tag-rows.ts'
import { withId } from '../world.ts'
import { readFields, text, word } from './fields.ts'
import { begun, jobDone } from './jobs.ts'
import { denied, mismatched, notFound, wrongStatus } from './refusals.ts'
import { found, idle, listBody, owned, put, regionOf, selects, statusOf } from './resources.ts'
import { toTheSecond } from './server-groups.ts'
import type { LoadBalancer, ZoneMapping } from './state.ts'
import { tagList } from './tags.ts'

/** Of an account in a region, unless it asks for more. */
const MOST = 60
const MOST_ZONES = 10

/** https://www.alibabacloud.com/help/en/slb/application-load-balancer/developer-reference/api-alb-2020-06-16-createloadbalancer */
const NEW = {
  LoadBalancerEdition: word('', ['Basic', 'Standard', 'StandardWithWaf']),
  AddressType: word('', ['Internet', 'Intranet']),
  LoadBalancerName: text('', /^\p{L}[\p{L}\p{N}._-]{1,127}$/u),
} as const

export function createLoadBalancer(call: Call): Done {
  const { given, world, now } = call
  const count = owned(call, 'loadbalancer').length
  if (count >= MOST)
    throw new Refusal(
      'QuotaExceeded.LoadBalancersNum',
      `The quota of LoadBalancersNum is exceeded, usage ${count}/${MOST}.`,
    )
  if (given.object('LoadBalancerBillingConfig').text('PayType') !== 'PostPay') throw invalid('PayType')
  const fields = readFields(given, NEW)
  const edition = fields.LoadBalancerEdition as LoadBalancer['edition']
  const [named, id] = withId(world, 'alb-')
  const balancer: LoadBalancer = {
    id,
    account: call.account,
    region: regionOf(call),
    tags: tagsOf(given),
    createdAt: now,
    work: 'Create',
    name: fields.LoadBalancerName,
    edition,
    addressType: fields.AddressType as LoadBalancer['addressType'],
    vpc: given.text('VpcId'),
    zones: zonesOf(call),
    protectedSince: given.flag('DeletionProtectionEnabled') ? now : null,
    isFailed: false,
    price: ALB_HOURLY[edition],
  }
  const order = { action: 'CreateLoadBalancer', kind: 'loadbalancer', work: 'Create' } as const
  const [after] = begun({ ...call, world: named }, order, [balancer])
  return { world: after, body: { LoadBalancerId: id } }
}

/** Its listeners and their rules go with it. */
export function deleteLoadBalancer(call: Call): Done {
  const balancer = idle(call, 'loadbalancer', call.given.text('LoadBalancerId'))
  if (balancer.protectedSince !== null) throw denied('DeletionProtectionEnabled')
  const order = { action: 'DeleteLoadBalancer', kind: 'loadbalancer', work: 'Delete' } as const
  return jobDone(call, order, balancer)
}

export function enableDeletionProtection(call: Call): Done {
  return withProtection(call, call.now)
}

export function disableDeletionProtection(call: Call): Done {
  return withProtection(call, null)
}

export function getLoadBalancerAttribute(call: Call): Done {
  const balancer = found(call, 'loadbalancer', call.given.text('LoadBalancerId'))
  const zones = balancer.zones.map(({ zone, vSwitch, address }) => ({
    ZoneId: zone,
    VSwitchId: vSwitch,
    Status: 'Active',
    LoadBalancerAddresses: [{ Address: address, IntranetAddress: address }],
  }))
  return {
    world: call.world,
    body: { ...balancerAnswer(balancer), RegionId: balancer.region, ZoneMappings: zones },
  }
}

export function listLoadBalancers(call: Call): Done {
  const { given, world } = call
  const equals = (name: string, value: string) => !given.has(name) || given.text(name) === value
  const balancers = owned(call, 'loadbalancer').filter(
    (one) =>
      selects(given, 'LoadBalancerIds', one.id) &&
      selects(given, 'LoadBalancerNames', one.name) &&
      selects(given, 'VpcIds', one.vpc) &&
      equals('AddressType', one.addressType) &&
      equals('LoadBalancerStatus', balancerStatus(one)) &&
      (!given.has('ZoneId') || one.zones.some(({ zone }) => equals('ZoneId', zone))) &&
      hasTags(given, one.tags),
  )
  return { world, body: listBody(given, 'LoadBalancers', balancers, balancerAnswer) }
}

export function describeZones(call: Call): Done {
  const zones = call.world.ecs.regions[regionOf(call)] ?? []
  const Zones = zones.map((ZoneId) => ({ ZoneId, LocalName: ZoneId }))
  return { world: call.world, body: { Zones } }
}

/** Throws a Refusal unless its listeners can be changed. */
export function activeBalancer(call: Call, id: string): LoadBalancer {
  const balancer = idle(call, 'loadbalancer', id)
  if (balancer.isFailed) throw wrongStatus('LoadBalancer', id)
  return balancer
}

function withProtection(call: Call, protectedSince: number | null): Done {
  const balancer = found(call, 'loadbalancer', call.given.text('ResourceId'))
  return { world: put(call.world, 'loadbalancer', { ...balancer, protectedSince }), body: {} }
}

function zonesOf(call: Call): readonly ZoneMapping[] {
  const { given, world } = call
  const asked = given.objects('ZoneMappings')
  const least = Math.min(2, world.ecs.regions[regionOf(call)]?.length ?? 0)
  const distinct = new Set(asked.map((one) => one.text('ZoneId')))
  if (asked.length < least || asked.length > MOST_ZONES || distinct.size < asked.length)
    throw invalid('ZoneMappings', `must be from ${least} to ${MOST_ZONES} different zones`)
  return asked.map((one) => zoneOf(call, one.text('ZoneId'), one.text('VSwitchId')))
}

function zoneOf({ given, world }: Call, zone: string, id: string): ZoneMapping {
  const vSwitch = world.ecs.vSwitches.find((one) => one.id === id)
  if (vSwitch === undefined) throw notFound('VSwitch', id)
  if (vSwitch.zone !== zone) throw mismatched('ZoneIdAndVSwitchId', zone, id)
  if (vSwitch.vpc !== given.text('VpcId')) throw mismatched('VpcId', given.text('VpcId'), id)
  const taken = takenIn(world, id)
  // From the top: instances get theirs from the bottom.
  for (let host = ADDRESSES; host > 0; host--) {
    const address = `${vSwitch.prefix}.${host}`
    if (!taken.has(address)) return { zone, vSwitch: id, address }
  }
  throw new Refusal('ResourceNotEnough.VSwitchIp', `The specified resource ${id} is not enough.`)
}

function balancerStatus({ work, isFailed }: LoadBalancer): string {
  return statusOf('loadbalancer', work, isFailed ? 'CreateFailed' : 'Active')
}

function balancerAnswer(balancer: LoadBalancer) {
  const { id, region, protectedSince } = balancer
  return {
    LoadBalancerId: id,
    LoadBalancerName: balancer.name,
    LoadBalancerEdition: balancer.edition,
    LoadBalancerStatus: balancerStatus(balancer),
    LoadBalancerBussinessStatus: 'Normal',
    LoadBalancerBillingConfig: { PayType: 'PostPay' },
    LoadBalancerOperationLocks: [],
    AddressType: balancer.addressType,
    AddressIpVersion: 'IPv4',
    AddressAllocatedMode: 'Fixed',
    DNSName: `${id}.${region}.alb.aliyuncs.com`,
    VpcId: balancer.vpc,
    CreateTime: toTheSecond(balancer.createdAt),
    DeletionProtectionConfig: {
      Enabled: protectedSince !== null,
      EnabledTime: protectedSince === null ? '' : toTheSecond(protectedSince),
    },
    Tags: tagList(balancer.tags),
  }
}
