import type { Permission } from '../../../core/driver.ts'
import type { EcsConfig } from './config.ts'

/** Operations that change instances, each with what it is for: they are allowed on this installation's own alone. */
const ON_OWN: Readonly<Record<string, string>> = {
  'ecs:ModifyInstanceAutoReleaseTime': 'a server that has joined releases itself no more',
  'ecs:DeleteInstances': 'a server that is not needed any more is given back',
}

/** Of a fleet that keeps some. */
const ON_OWN_WARM: Readonly<Record<string, string>> = {
  'ecs:StopInstances': 'a server that is kept is stopped',
  'ecs:StartInstances': 'a server that is kept is started again',
  'ecs:TagResources': 'a server that is kept, or started again, is marked so',
}

/** The others. The cloud knows RunInstances and the lists on all resources only:
 *  https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-ram. */
const ON_ANY: Readonly<Record<string, string>> = {
  'ecs:DescribeInstances': 'the list of servers, by tag',
  'ecs:DescribeInstanceHistoryEvents': 'servers that the cloud is about to disturb are replaced before',
  'ecs:DescribePrice': 'what servers cost: the dearest leave first, and `prefer: price` takes the cheapest',
  'ecs:DescribeSpotPriceHistory': 'the same of spot servers',
  'ecs:RunInstances': 'launches of servers, with their tags',
  'ecs:DescribeImages': 'doctor: whether the image is there',
  'ecs:DescribeAvailableResource': 'doctor: what is in stock',
  'ecs:DescribeInstanceTypes': 'doctor: how many vCPUs max of the fleet takes',
  'ecs:DescribeAccountAttributes': 'doctor: how many the account may have',
  'vpc:DescribeVSwitches': 'doctor: free addresses, zones and VPC of the vSwitches',
  'ecs:DescribeSecurityGroupAttribute': 'doctor: which ports are open',
}

/** Of a fleet that takes reserved capacity. */
const ON_ANY_RESERVED: Readonly<Record<string, string>> = {
  'ecs:DescribeElasticityAssurances': 'doctor: what is reserved, and how much of it is used',
  'ecs:DescribeCapacityReservations': 'doctor: the same of capacity reservations',
}

/** A launch writes its tags with `ecs:RunInstances` alone; `ecs:TagResources` on any would make anybody's server ours to delete. */
export function ecsPermissions({ region, template, warm }: EcsConfig): readonly Permission[] {
  const own = rows({ ...ON_OWN, ...(warm > 0 && ON_OWN_WARM) }).map((row) => ({
    ...row,
    resource: `acs:ecs:${region}:*:instance/*`,
    isOwnOnly: true,
  }))
  const reads = { ...ON_ANY, ...(template.privatePool !== '' && ON_ANY_RESERVED) }
  const any = rows(reads).map((row) => ({ ...row, resource: '*', isOwnOnly: false }))
  const role = {
    action: 'ram:PassRole',
    why: 'servers get the role that `ram-role` names',
    resource: `acs:ram:*:*:role/${template.ramRole}`,
    isOwnOnly: false,
  }
  return [...any, ...own, ...(template.ramRole === '' ? [] : [role])]
}

function rows(table: Readonly<Record<string, string>>): readonly Pick<Permission, 'action' | 'why'>[] {
  return Object.entries(table).map(([action, why]) => ({ action, why }))
}
