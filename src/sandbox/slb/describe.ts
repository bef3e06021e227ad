import { toTheMinute } from '../ecs/describe.ts'
import { tagsOf } from '../ecs/tags.ts'
import type { Call, Done } from '../operation.ts'
import { pageByNumber } from '../paging.ts'
import type { Given } from '../parameters.ts'
import { invalid } from '../refusal.ts'
import { tagsAnswer, toTheSecond } from './answers.ts'
import { backendsAnswer } from './backends.ts'
import { balancerNamed, isOf } from './balancers.ts'
import type { LoadBalancer } from './state.ts'

const MAX_NAMED = 10

export function describeLoadBalancers(call: Call): Done {
  const { world, given } = call
  const wanted = { ...tagsOf(given), ...tagsInJson(given) }
  const fits = (balancer: LoadBalancer) =>
    isOf(call, balancer) &&
    isAmong(given, 'LoadBalancerId', balancer.id) &&
    isAmong(given, 'LoadBalancerName', balancer.name) &&
    isAmong(given, 'Address', balancer.address) &&
    isAmong(given, 'AddressType', balancer.addressType) &&
    isAmong(given, 'VpcId', balancer.vpc) &&
    isAmong(given, 'VSwitchId', balancer.vSwitch) &&
    isAmong(given, 'LoadBalancerStatus', statusOf(balancer)) &&
    (!given.has('ServerId') || balancer.backends.some(({ server }) => server === given.text('ServerId'))) &&
    Object.entries(wanted).every(([key, value]) => balancer.tags[key] === value)
  const found = [...world.slb.balancers.values()].filter(fits)
  const { page, ...rest } = pageByNumber(found, given, { usual: 50, most: 100 })
  const items = page.map((balancer) => ({
    ...common(balancer),
    CreateTime: toTheMinute(balancer.createdAt),
    // As numbers in lists.
    InternetChargeType: balancer.internetChargeType === 'paybytraffic' ? '4' : '3',
    Tags: tagsAnswer(balancer.tags),
  }))
  return { world, body: { ...rest, LoadBalancers: { LoadBalancer: items } } }
}

export function describeLoadBalancerAttribute(call: Call): Done {
  const balancer = balancerNamed(call)
  const { internetChargeType, createdAt, tags, backends, listeners } = balancer
  const body = {
    ...common(balancer),
    CreateTime: toTheSecond(createdAt),
    InternetChargeType: internetChargeType,
    Tags: tagsAnswer(tags),
    BackendServers: backendsAnswer(backends),
    ListenerPorts: { ListenerPort: listeners.map(({ port }) => port) },
    ListenerPortsAndProtocol: {
      ListenerPortAndProtocol: listeners.map(({ port, protocol, settings }) => ({
        ListenerPort: port,
        ListenerProtocol: protocol,
        Description: settings.Description,
      })),
    },
  }
  return { world: call.world, body }
}

function common(balancer: LoadBalancer) {
  return {
    LoadBalancerId: balancer.id,
    LoadBalancerName: balancer.name,
    LoadBalancerStatus: statusOf(balancer),
    Address: balancer.address,
    AddressIPVersion: 'ipv4',
    AddressType: balancer.addressType,
    RegionId: balancer.region,
    RegionIdAlias: balancer.region,
    MasterZoneId: balancer.masterZone,
    SlaveZoneId: balancer.slaveZone,
    NetworkType: balancer.vpc === '' ? 'classic' : 'vpc',
    VpcId: balancer.vpc,
    VSwitchId: balancer.vSwitch,
    PayType: 'PayOnDemand',
    InstanceChargeType: balancer.instanceChargeType,
    LoadBalancerSpec: balancer.spec,
    Bandwidth: balancer.bandwidth,
    DeleteProtection: balancer.isProtected ? 'on' : 'off',
    CreateTimeStamp: balancer.createdAt,
  }
}

function statusOf({ isActive }: LoadBalancer): 'active' | 'inactive' {
  return isActive ? 'active' : 'inactive'
}

/** Several are parted by commas. */
function isAmong(given: Given, name: string, value: string): boolean {
  if (!given.has(name)) return true
  const values = given.text(name).split(',')
  if (values.length > MAX_NAMED) throw invalid(name)
  return values.includes(value)
}

/** The older way to ask by tags: `[{"TagKey":"a","TagValue":"1"}]`. */
function tagsInJson(given: Given): Readonly<Record<string, string>> {
  const tags = given.json('Tags') ?? []
  if (!Array.isArray(tags) || tags.length > MAX_NAMED) throw invalid('Tags')
  return Object.fromEntries(tags.map(({ TagKey, TagValue }) => [String(TagKey), String(TagValue ?? '')]))
}
