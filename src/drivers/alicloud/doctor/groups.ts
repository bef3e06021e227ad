import type { Finding, NeededPort, Repair } from '../../../core/finding.ts'
import type { Fields } from '../client/fields.ts'
import { faultOf } from '../faults.ts'
import type { Looked } from './examination.ts'
import { type IngressRule, isAnywhere, keptOut, sourcesTo } from './ingress.ts'
import { type Here, type Look, unanswered } from './look.ts'
import { type VSwitch, vpcsOf } from './network.ts'

const ABOUT = 'security-groups'

export interface Group {
  readonly id: string
  readonly vpc: string
  /** Its members reach each other whatever the rules say. */
  readonly isOpenInside: boolean
  readonly rules: readonly IngressRule[]
}

/** Whether the groups let in what has to reach the servers, and what would open them. */
export async function lookAtGroups(
  look: Look,
  vSwitches: readonly VSwitch[],
  here: Here | null,
): Promise<Looked> {
  const findings: Finding[] = []
  const groups: Group[] = []
  for (const id of look.config.template.securityGroups) {
    const outcome = await readGroup(look, id)
    if (outcome.ok) groups.push(outcome.value)
    else findings.push(unanswered(ABOUT, outcome.fault))
  }
  for (const { id, vpc } of groups)
    if (vSwitches.length > 0 && !vSwitches.some((one) => one.vpc === vpc))
      findings.push({
        level: 'problem',
        about: ABOUT,
        says: `${id} is of ${vpc}, and the vSwitches are of ${vpcsOf(vSwitches)}`,
        fix: `name a security group of the VPC of the vSwitches, or vSwitches of ${vpc}`,
      })
  // Without all of them, nobody knows what is closed.
  if (groups.length === 0 || groups.length < look.config.template.securityGroups.length)
    return { findings, repairs: [] }
  const ports = look.patient.ports.map((need) => portOf(look, groups, need, here))
  const [first] = groups as [Group]
  const closed = ports.filter(({ level }) => level !== 'ok').map(({ need }) => need)
  // To whoever is known to come, else to the networks of the fleet's own vSwitches, and no further.
  const around = [...new Set(vSwitches.map(({ network }) => network))]
  const ours = here === null ? around : [`${here.ip}/32`]
  const networksOf = ({ from }: NeededPort) => {
    if (from === null) return ours
    return from.length === 0 ? around : from
  }
  return {
    findings: [...findings, ...ports.map(({ need: _, ...finding }) => finding)],
    repairs: closed
      // Where there is no vSwitch, nobody knows to whom.
      .filter((need) => networksOf(need).length > 0)
      .map((need) => opening(look, first, need, networksOf(need))),
  }
}

export async function readGroup({ call, config, signal }: Look, id: string) {
  return await call(
    {
      product: 'ecs',
      action: 'DescribeSecurityGroupAttribute',
      query: { RegionId: config.region, SecurityGroupId: id, Direction: 'ingress' },
      read: (answer): Group => ({
        id,
        vpc: answer.text('VpcId'),
        isOpenInside: answer.text('InnerAccessPolicy') === 'Accept',
        rules: answer.inside('Permissions').list('Permission').map(ruleOf),
      }),
    },
    signal,
  )
}

function ruleOf(fields: Fields): IngressRule {
  const filled = (name: string) => (fields.has(name) ? fields.text(name) : '')
  return {
    protocol: fields.text('IpProtocol').toLowerCase(),
    ports: fields.text('PortRange'),
    source:
      filled('SourceCidrIp') ||
      filled('Ipv6SourceCidrIp') ||
      filled('SourceGroupId') ||
      filled('SourcePrefixListId'),
    accepts: fields.text('Policy').toLowerCase() === 'accept',
    priority: fields.has('Priority') ? fields.number('Priority') : 1,
  }
}

function portOf(
  { config }: Look,
  groups: readonly Group[],
  need: NeededPort,
  here: Here | null,
): Finding & { readonly need: NeededPort } {
  const port = `${groups.map(({ id }) => id).join(', ')}: ${nameOf(need, config.port)}`
  const sources = sourcesTo(
    groups.flatMap(({ rules }) => rules),
    need,
    need.port ?? config.port,
  )
  const found = { about: ABOUT, need }
  const out = keptOut(need.from ?? [], sources)
  if (sources.length > 0 && out.length === 0) {
    const from = sources.some(isAnywhere) ? 'anywhere' : sources.join(', ')
    return { ...found, level: 'ok', says: `${port} is open to ${from}` }
  }
  const fix = '`tidegate doctor alicloud --open-ports` opens it'
  if (out.length > 0)
    return { ...found, level: 'problem', says: `${port} is closed to ${out.join(', ')}`, fix }
  if (need.from !== null) return { ...found, level: 'problem', says: `${port} is closed`, fix }
  const inside = groups.filter(({ isOpenInside }) => isOpenInside).map(({ id }) => id)
  const shared = inside.filter((id) => here?.groups.includes(id))
  if (shared.length > 0)
    return {
      ...found,
      level: 'ok',
      says: `${port} is open to this machine, a member of ${shared.join(', ')}`,
    }
  if (inside.length === 0 || here !== null)
    return { ...found, level: 'problem', says: `${port} is closed`, fix }
  const says = `${port} is closed but to members of ${inside.join(', ')}`
  return { ...found, level: 'warning', says, fix: `${fix}, where the gateway is no member` }
}

export function nameOf({ protocol, port, why }: NeededPort, traffic: number): string {
  return protocol === 'icmp' ? `icmp (${why})` : `${protocol} ${port ?? traffic} (${why})`
}

/** A repair that opens a port to these networks. */
export function opening(look: Look, group: Group, need: NeededPort, networks: readonly string[]): Repair {
  const { call, config } = look
  const port = need.port ?? config.port
  const PortRange = need.protocol === 'icmp' ? '-1/-1' : `${port}/${port}`
  const Permissions = networks.map((SourceCidrIp) => ({
    IpProtocol: need.protocol.toUpperCase(),
    PortRange,
    SourceCidrIp,
    Policy: 'accept',
    Priority: '1',
    Description: `Tidegate: ${need.why}`,
  }))
  const says = `open ${nameOf(need, config.port)} of ${group.id} to ${networks.join(', ')}`
  return {
    says,
    async run(signal) {
      const query = { RegionId: config.region, SecurityGroupId: group.id, Permissions }
      const outcome = await call(
        { product: 'ecs', action: 'AuthorizeSecurityGroup', query, read: () => null },
        signal,
      )
      if (!outcome.ok) throw faultOf('internal', `cannot ${says}`, outcome.fault)
    },
  }
}
