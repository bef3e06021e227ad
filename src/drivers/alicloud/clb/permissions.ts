import { type BalancerSpec, isHttp, type ListenerSpec, type PoolSpec } from '../../../core/balancer.ts'
import type { Permission } from '../../../core/driver.ts'
import { type ClbConfig, clbPool } from './config.ts'
import type { ClbOrder } from './order.ts'
import { wordsOf } from './words.ts'

type Table = Readonly<Record<string, string>>

/** Operations on the balancer itself, each with what it is for; here those that any file needs. */
const ON_BALANCER: Table = {
  DescribeLoadBalancerAttribute: 'its address is shown',
  DescribeHealthStatus: "what its checks find is the members' state",
  DescribeLoadBalancerListeners: "listeners are told from other people's",
}

const OF_OWN_GROUPS: Table = {
  DescribeVServerGroups: 'the server groups of Tidegate are found by name',
  CreateVServerGroup: 'a pool without `server-group` gets one',
  DeleteVServerGroup: 'a server group of Tidegate goes when no pool has it',
}

const OF_VIRTUAL_GROUPS: Table = {
  DescribeVServerGroupAttribute: 'members are read before and after each change',
  AddVServerGroupBackendServers: 'servers join',
  SetVServerGroupAttribute: 'weights grow, and servers drain at weight 0',
  RemoveVServerGroupBackendServers: 'servers leave',
}

const OF_DEFAULT_GROUP: Table = {
  AddBackendServers: 'servers join the default group',
  SetBackendServers: 'weights of the default group grow, and servers drain at weight 0',
  RemoveBackendServers: 'servers leave the default group',
}

const OF_LISTENERS: Table = {
  StartLoadBalancerListener: 'listeners of the file run',
  DeleteLoadBalancerListener: 'listeners that the file no longer has go',
}

const ofProtocol = (protocol: string): Table => ({
  [`CreateLoadBalancer${protocol}Listener`]: 'listeners of the file are made',
  [`SetLoadBalancer${protocol}ListenerAttribute`]: 'listeners are kept as the file has them',
  [`DescribeLoadBalancer${protocol}ListenerAttribute`]: 'listeners are compared with the file',
})

const OF_RULES: Table = {
  DescribeRules: 'rules are compared with the file',
  CreateRules: 'rules of the file are made',
  SetRule: 'rules are kept as the file has them',
  DeleteRules: 'rules that the file no longer has go',
}

const OF_SERVER_NAMES: Table = {
  DescribeDomainExtensions: 'certificates of server names are compared with the file',
  CreateDomainExtension: 'a listener shows a certificate for each server name of the file',
  SetDomainExtensionAttribute: 'certificates of server names are renewed',
  DeleteDomainExtension: 'server names that the file no longer has go',
}

const ON_ANY: Table = {
  'ecs:DescribeInstances': 'a server of the file is found by its address',
}

const ON_CERTIFICATES: Table = {
  'slb:DescribeServerCertificates': 'certificates that were uploaded are found',
  'slb:UploadServerCertificate': 'certificates of the file are uploaded, and again when they are renewed',
  'slb:DeleteServerCertificate': 'former certificates of Tidegate go',
}

/** The same on one that it has created. */
const ON_CREATED: Table = {
  ModifyLoadBalancerInstanceSpec: 'its specification is kept as ordered',
  ModifyLoadBalancerInstanceChargeType: 'it is billed by use where ordered so',
  ModifyLoadBalancerInternetSpec: 'its bandwidth is kept as ordered',
  SetLoadBalancerDeleteProtection: 'its deletion protection is kept as ordered',
  TagResources: 'it keeps the tags of the file',
  DeleteLoadBalancer: '`tidegate down --balancers` deletes it',
}

const TO_CREATE: Table = {
  'slb:DescribeLoadBalancers': 'what Tidegate has created is found by its tags',
  'slb:CreateLoadBalancer': 'the file orders a load balancer',
}

/** The same with an order that says where. */
const OF_ZONES: Table = { 'ecs:DescribeZones': 'doctor: whether the zones are there' }
const OF_VSWITCH: Table = {
  'vpc:DescribeVSwitches': 'doctor: free addresses, zones and VPC of the vSwitches',
}

/** What it has created, it may touch by the tag of this installation; of others it may touch the one that the file names. */
export function clbPermissions(
  { region, loadBalancer }: ClbConfig,
  { listeners, pools }: Pick<BalancerSpec, 'listeners' | 'pools'>,
): readonly Permission[] {
  const isOwnOnly = typeof loadBalancer !== 'string'
  const resource = `acs:slb:${region}:*:loadbalancer/${isOwnOnly ? '*' : loadBalancer}`
  const isTls = listeners.some(({ protocol }) => protocol === 'https')
  const onBalancer = {
    ...ON_BALANCER,
    ...ofGroups(pools),
    ...(listeners.length > 0 && OF_LISTENERS),
    ...ofProtocols(listeners),
    ...(listeners.some(({ protocol }) => isHttp(protocol)) && OF_RULES),
    ...(isTls && OF_SERVER_NAMES),
    ...(isOwnOnly && ON_CREATED),
  }
  const onAny = {
    ...ON_ANY,
    ...(isTls && ON_CERTIFICATES),
    ...(typeof loadBalancer !== 'string' && toCreate(loadBalancer)),
  }
  return [
    ...Object.entries(onBalancer).map(([action, why]) => ({
      action: `slb:${action}`,
      why,
      resource,
      isOwnOnly,
    })),
    ...Object.entries(onAny).map(([action, why]) => ({ action, why, resource: '*', isOwnOnly: false })),
  ]
}

function toCreate({ zones, vswitch }: ClbOrder): Table {
  return { ...TO_CREATE, ...(zones.length > 0 && OF_ZONES), ...(vswitch !== null && OF_VSWITCH) }
}

function ofGroups(pools: readonly PoolSpec[]): Table {
  const parts = pools.map(({ part }) => clbPool(part))
  return {
    ...(parts.some(({ serverGroup }) => serverGroup === null) && OF_OWN_GROUPS),
    ...(parts.some(({ port }) => port === undefined) && OF_VIRTUAL_GROUPS),
    ...(parts.some(({ port }) => port !== undefined) && OF_DEFAULT_GROUP),
  }
}

function ofProtocols(listeners: readonly ListenerSpec[]): Table {
  const rows = listeners.flatMap(({ protocol }) => Object.entries(ofProtocol(wordsOf(protocol).operation)))
  return Object.fromEntries(rows)
}
