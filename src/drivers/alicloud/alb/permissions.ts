import type { BalancerSpec } from '../../../core/balancer.ts'
import type { Permission } from '../../../core/driver.ts'
import { type AlbConfig, albPool } from './config.ts'

type Table = Readonly<Record<string, string>>

/** Operations of ALB, each with what it is for; here those that any file needs. RAM knows groups, listeners and rules by ids that are not
 *  known before they are made. */
const OF_ALB: Table = {
  GetLoadBalancerAttribute: 'its edition, network and name are known',
  ListAsynJobs: 'changes are followed until they are done',
  GetListenerHealthStatus: "what its checks find is the members' state",
  ListServerGroups: 'the server groups of Tidegate are found by tag',
  ListServerGroupServers: 'members are read before and after each change',
  AddServersToServerGroup: 'servers join',
  UpdateServerGroupServersAttribute: 'weights grow, and servers drain at weight 0',
  RemoveServersFromServerGroup: 'servers leave',
  ListListeners: "listeners are told from other people's",
}

const OF_OWN_GROUPS: Table = {
  CreateServerGroup: 'a pool without `server-group` gets one',
  UpdateServerGroupAttribute: 'its settings are kept as the file has them',
  DeleteServerGroup: 'a server group of Tidegate goes when no pool has it',
}

const OF_LISTENERS: Table = {
  CreateListener: 'listeners of the file are made',
  UpdateListenerAttribute: 'listeners are kept as the file has them',
  StartListener: 'listeners of the file run',
  DeleteListener: 'listeners that the file no longer has go',
  ListRules: 'rules are compared with the file',
  CreateRules: 'rules of the file are made',
  UpdateRulesAttribute: 'rules are kept as the file has them',
  DeleteRules: 'rules that the file no longer has go',
}

const OF_TLS: Table = {
  ListListenerCertificates: 'certificates of a listener are compared with the file',
  AssociateAdditionalCertificatesWithListener: 'listeners show the certificates of the file',
  DissociateAdditionalCertificatesFromListener: 'listeners show no former certificate',
}

const ON_ANY: Table = {
  'ecs:DescribeInstances': 'a server of the file is found by its address',
  'vpc:DescribeVSwitches': 'the zones of vSwitches, and which addresses are of the VPC',
}

const ON_CERTIFICATES: Table = {
  'yundun-cert:ListUserCertificateOrder': 'certificates that were uploaded are found',
  'yundun-cert:GetUserCertificateDetail': 'certificates that were uploaded are found',
  'yundun-cert:UploadUserCertificate':
    'certificates of the file are uploaded, and again when they are renewed',
  'yundun-cert:DeleteUserCertificate': 'former certificates of Tidegate go',
}

const TO_ADOPT: Table = {
  TagResources: 'listeners that are taken over get its tag',
}

/** Beside these, where the file orders the instance itself. */
const TO_CREATE: Table = {
  ListLoadBalancers: 'what Tidegate has created is found by its tags',
  CreateLoadBalancer: 'the file orders a load balancer',
  EnableDeletionProtection: 'its deletion protection is kept as ordered',
  DisableDeletionProtection: 'its deletion protection is kept as ordered',
  TagResources: 'it keeps the tags of the file',
  DeleteLoadBalancer: '`tidegate down --balancers` deletes it',
}

export function albPermissions(
  { region, loadBalancer, adopts }: AlbConfig,
  { listeners, pools }: Pick<BalancerSpec, 'listeners' | 'pools'>,
): readonly Permission[] {
  const isTls = listeners.some(({ protocol }) => protocol === 'https')
  const ofAlb = {
    ...OF_ALB,
    ...(pools.some(({ part }) => albPool(part).serverGroup === null) && OF_OWN_GROUPS),
    ...(listeners.length > 0 && OF_LISTENERS),
    ...(isTls && OF_TLS),
    ...(adopts && TO_ADOPT),
    ...(typeof loadBalancer !== 'string' && TO_CREATE),
  }
  const rows = (table: Table, prefix: string, resource: string) =>
    Object.entries(table).map(([action, why]) => ({
      action: `${prefix}${action}`,
      why,
      resource,
      isOwnOnly: false,
    }))
  const onAny = { ...ON_ANY, ...(isTls && ON_CERTIFICATES) }
  return [...rows(ofAlb, 'alb:', `acs:alb:${region}:*:*`), ...rows(onAny, '', '*')]
}
