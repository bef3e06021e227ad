import type { Call, Done } from '../operation.ts'
import { pageByNumber, pageByToken } from '../paging.ts'
import type { Given } from '../parameters.ts'
import { Refusal } from '../refusal.ts'
import { equals, textsIn } from './filters.ts'
import { withEcs } from './instances.ts'
import type { Rule, SecurityGroup } from './state.ts'

/** Those of the region. Their names are their ids, and all of them are basic ones. */
export function describeSecurityGroups(call: Call): Done {
  const { world, region, given } = call
  const { regions, vSwitches, securityGroups } = world.ecs
  const isThere = (vpc: string) =>
    vSwitches.some((one) => one.vpc === vpc && regions[region]!.includes(one.zone))
  const ids = textsIn(given, 'SecurityGroupIds')
  const found = securityGroups.filter(
    ({ id, vpc }) =>
      isThere(vpc) &&
      (ids === null || ids.includes(id)) &&
      equals(given, 'VpcId', vpc) &&
      equals(given, 'SecurityGroupId', id) &&
      equals(given, 'SecurityGroupName', id) &&
      equals(given, 'SecurityGroupType', 'normal'),
  )
  const shown = (page: readonly SecurityGroup[]) => ({ SecurityGroup: page.map(groupAnswer) })
  if (given.has('PageNumber')) {
    const { page, ...rest } = pageByNumber(found, given, { usual: 10, most: 100 })
    return { world, body: { ...rest, RegionId: region, NextToken: '', SecurityGroups: shown(page) } }
  }
  const { page, NextToken } = pageByToken(found, given, { usual: 10, most: 100 })
  return {
    world,
    body: { TotalCount: found.length, RegionId: region, NextToken, SecurityGroups: shown(page) },
  }
}

function groupAnswer({ id, vpc, rules }: SecurityGroup) {
  return {
    SecurityGroupId: id,
    SecurityGroupName: id,
    SecurityGroupType: 'normal',
    Description: '',
    VpcId: vpc,
    RuleCount: rules.length,
    Tags: { Tag: [] },
  }
}

export function describeSecurityGroupAttribute(call: Call): Done {
  const { id, vpc, rules } = groupNamed(call)
  const permissions = rules.map(({ protocol, ports, source }) => ({
    IpProtocol: protocol.toUpperCase(),
    PortRange: ports,
    SourceCidrIp: source,
    Policy: 'Accept',
    Direction: 'ingress',
    NicType: 'intranet',
  }))
  const body = {
    SecurityGroupId: id,
    VpcId: vpc,
    RegionId: call.region,
    // As of every group that nobody has changed: its members reach each other.
    InnerAccessPolicy: 'Accept',
    Permissions: { Permission: permissions },
  }
  return { world: call.world, body }
}

/** One rule, or those of `Permissions`. What is there already is accepted again. */
export function authorizeSecurityGroup(call: Call): Done {
  const { world, given } = call
  const group = groupNamed(call)
  const listed = given.objects('Permissions')
  const rules = (listed.length === 0 ? [given] : listed).map(ruleOf)
  const isThere = (rule: Rule) => group.rules.some((one) => JSON.stringify(one) === JSON.stringify(rule))
  const next = { ...group, rules: [...group.rules, ...rules.filter((rule) => !isThere(rule))] }
  const securityGroups = world.ecs.securityGroups.map((one) => (one === group ? next : one))
  return { world: withEcs(world, { securityGroups }), body: {} }
}

function ruleOf(given: Given): Rule {
  const ports = given.text('PortRange')
  if (!/^\d+\/\d+$/.test(ports) && ports !== '-1/-1')
    throw new Refusal('InvalidPortRange.Malformed', 'The specified parameter "PortRange" is not valid.')
  return { protocol: given.text('IpProtocol').toLowerCase(), ports, source: given.text('SourceCidrIp') }
}

function groupNamed({ world, given }: Call): SecurityGroup {
  const group = world.ecs.securityGroups.find(({ id }) => id === given.text('SecurityGroupId'))
  if (group === undefined)
    throw new Refusal('InvalidSecurityGroupId.NotFound', 'The specified SecurityGroupId does not exist.', 404)
  return group
}
