import type { Call, Done } from '../operation.ts'
import type { Given } from '../parameters.ts'
import { Refusal } from '../refusal.ts'
import { withEcs } from './instances.ts'
import type { Rule, SecurityGroup } from './state.ts'

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
