import type { Permission } from '../../../core/driver.ts'
import type { AlbConfig } from './config.ts'

/** Operations of ALB, each with what it is for. RAM knows groups, listeners and rules by ids that are not known before they are made. */
const OF_ALB: Readonly<Record<string, string>> = {
  GetLoadBalancerAttribute: 'its edition, network and name are known',
  ListAsynJobs: 'changes are followed until they are done',
  GetListenerHealthStatus: "what its checks find is the members' state",
  ListServerGroups: 'the server groups of Tidegate are found by tag',
  CreateServerGroup: 'a pool without `server-group` gets one',
  UpdateServerGroupAttribute: 'its settings are kept as the file has them',
  DeleteServerGroup: 'a server group of Tidegate goes when no pool has it',
  ListServerGroupServers: 'members are read before and after each change',
  AddServersToServerGroup: 'servers join',
  UpdateServerGroupServersAttribute: 'weights grow, and servers drain at weight 0',
  RemoveServersFromServerGroup: 'servers leave',
  ListListeners: "listeners are told from other people's",
  CreateListener: 'listeners of the file are made',
  UpdateListenerAttribute: 'listeners are kept as the file has them',
  StartListener: 'listeners of the file run',
  DeleteListener: 'listeners that the file no longer has go',
  ListRules: 'rules are compared with the file',
  CreateRules: 'rules of the file are made',
  UpdateRulesAttribute: 'rules are kept as the file has them',
  DeleteRules: 'rules that the file no longer has go',
  ListListenerCertificates: 'certificates of a listener are compared with the file',
  AssociateAdditionalCertificatesWithListener: 'listeners show the certificates of the file',
  DissociateAdditionalCertificatesFromListener: 'listeners show no former certificate',
}

const ON_ANY: Readonly<Record<string, string>> = {
  'yundun-cert:ListUserCertificateOrder': 'certificates that were uploaded are found',
  'yundun-cert:GetUserCertificateDetail': 'certificates that were uploaded are found',
  'yundun-cert:UploadUserCertificate':
    'certificates of the file are uploaded, and again when they are renewed',
  'yundun-cert:DeleteUserCertificate': 'former certificates of Tidegate go',
  'ecs:DescribeInstances': 'a server of the file is found by its address',
  'vpc:DescribeVSwitches': 'the zones of vSwitches, and which addresses are of the VPC',
}

const TO_ADOPT: Readonly<Record<string, string>> = {
  TagResources: 'listeners that are taken over get its tag',
}

/** Beside these, where the file orders the instance itself. */
const TO_CREATE: Readonly<Record<string, string>> = {
  ListLoadBalancers: 'what Tidegate has created is found by its tags',
  CreateLoadBalancer: 'the file orders a load balancer',
  EnableDeletionProtection: 'its deletion protection is kept as ordered',
  DisableDeletionProtection: 'its deletion protection is kept as ordered',
  TagResources: 'it keeps the tags of the file',
  DeleteLoadBalancer: '`tidegate down --balancers` deletes it',
}

export function albPermissions({ region, loadBalancer, adopts }: AlbConfig): readonly Permission[] {
  const ofAlb = {
    ...OF_ALB,
    ...(adopts && TO_ADOPT),
    ...(typeof loadBalancer !== 'string' && TO_CREATE),
  }
  const rows = (table: Readonly<Record<string, string>>, prefix: string, resource: string) =>
    Object.entries(table).map(([action, why]) => ({
      action: `${prefix}${action}`,
      why,
      resource,
      isOwnOnly: false,
    }))
  return [...rows(ofAlb, 'alb:', `acs:alb:${region}:*:*`), ...rows(ON_ANY, '', '*')]
}
