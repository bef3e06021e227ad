import type { Permission } from '../../../core/driver.ts'
import type { ClbConfig } from './config.ts'

const LISTENERS = ['TCP', 'UDP', 'HTTP', 'HTTPS'].flatMap((protocol): [string, string][] => [
  [`CreateLoadBalancer${protocol}Listener`, 'listeners of the file are made'],
  [`SetLoadBalancer${protocol}ListenerAttribute`, 'listeners are kept as the file has them'],
  [`DescribeLoadBalancer${protocol}ListenerAttribute`, 'listeners are compared with the file'],
])

/** Operations on the balancer itself, each with what it is for. */
const ON_BALANCER: Readonly<Record<string, string>> = {
  DescribeLoadBalancerAttribute: 'its address is shown',
  DescribeHealthStatus: "what its checks find is the members' state",
  DescribeVServerGroups: 'the server groups of Tidegate are found by name',
  CreateVServerGroup: 'a pool without `server-group` gets one',
  DeleteVServerGroup: 'a server group of Tidegate goes when no pool has it',
  DescribeVServerGroupAttribute: 'members are read before and after each change',
  AddVServerGroupBackendServers: 'servers join',
  SetVServerGroupAttribute: 'weights grow, and servers drain at weight 0',
  RemoveVServerGroupBackendServers: 'servers leave',
  AddBackendServers: 'servers join the default group',
  SetBackendServers: 'weights of the default group grow, and servers drain at weight 0',
  RemoveBackendServers: 'servers leave the default group',
  DescribeLoadBalancerListeners: "listeners are told from other people's",
  StartLoadBalancerListener: 'listeners of the file run',
  DeleteLoadBalancerListener: 'listeners that the file no longer has go',
  DescribeRules: 'rules are compared with the file',
  CreateRules: 'rules of the file are made',
  SetRule: 'rules are kept as the file has them',
  DeleteRules: 'rules that the file no longer has go',
  DescribeDomainExtensions: 'certificates of server names are compared with the file',
  CreateDomainExtension: 'a listener shows a certificate for each server name of the file',
  SetDomainExtensionAttribute: 'certificates of server names are renewed',
  DeleteDomainExtension: 'server names that the file no longer has go',
  ...Object.fromEntries(LISTENERS),
}

const ON_ANY: Readonly<Record<string, string>> = {
  'slb:DescribeServerCertificates': 'certificates that were uploaded are found',
  'slb:UploadServerCertificate': 'certificates of the file are uploaded, and again when they are renewed',
  'slb:DeleteServerCertificate': 'former certificates of Tidegate go',
  'ecs:DescribeInstances': 'a server of the file is found by its address',
}

/** The same on one that it has created. */
const ON_CREATED: Readonly<Record<string, string>> = {
  ModifyLoadBalancerInstanceSpec: 'its specification is kept as ordered',
  ModifyLoadBalancerInstanceChargeType: 'it is billed by use where ordered so',
  ModifyLoadBalancerInternetSpec: 'its bandwidth is kept as ordered',
  SetLoadBalancerDeleteProtection: 'its deletion protection is kept as ordered',
  TagResources: 'it keeps the tags of the file',
  DeleteLoadBalancer: '`tidegate down --balancers` deletes it',
}

const TO_CREATE: Readonly<Record<string, string>> = {
  'slb:DescribeLoadBalancers': 'what Tidegate has created is found by its tags',
  'slb:CreateLoadBalancer': 'the file orders a load balancer',
}

/** What it has created, it may touch by the tag of this installation; of others it may touch the one that the file names. */
export function clbPermissions({ region, loadBalancer }: ClbConfig): readonly Permission[] {
  const isOwnOnly = typeof loadBalancer !== 'string'
  const resource = `acs:slb:${region}:*:loadbalancer/${isOwnOnly ? '*' : loadBalancer}`
  const onBalancer = isOwnOnly ? { ...ON_BALANCER, ...ON_CREATED } : ON_BALANCER
  const onAny = isOwnOnly ? { ...ON_ANY, ...TO_CREATE } : ON_ANY
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
