import type { Finding } from '../../../core/finding.ts'
import type { Fields } from '../client/fields.ts'
import { type Look, unanswered } from './look.ts'

export interface VSwitch {
  readonly id: string
  readonly vpc: string
  readonly zone: string
  /** `10.0.1.0/24` */
  readonly network: string
  readonly free: number
}

/** The vSwitches of the fleet that are there, and what is to be said of them. */
export async function lookAtVSwitches(
  look: Look,
): Promise<{ readonly vSwitches: readonly VSwitch[]; readonly findings: readonly Finding[] }> {
  const about = 'vswitches'
  const vSwitches: VSwitch[] = []
  const findings: Finding[] = []
  for (const id of look.config.template.vSwitches) {
    const outcome = await look.call(
      {
        product: 'vpc',
        action: 'DescribeVSwitches',
        query: { RegionId: look.config.region, VSwitchId: id },
        read: (answer) => answer.inside('VSwitches').list('VSwitch').map(vSwitchOf),
      },
      look.signal,
    )
    if (!outcome.ok) findings.push(unanswered(about, outcome.fault))
    else if (outcome.value[0] !== undefined) vSwitches.push(outcome.value[0])
    else findings.push(absent(id, look.config.region))
  }
  findings.push(...vSwitches.map((one) => addressesOf(one, look, vSwitches.length)))
  findings.push(...spreadOf(vSwitches))
  return { vSwitches, findings }
}

function vSwitchOf(fields: Fields): VSwitch {
  return {
    id: fields.text('VSwitchId'),
    vpc: fields.text('VpcId'),
    zone: fields.text('ZoneId'),
    network: fields.text('CidrBlock'),
    free: fields.number('AvailableIpAddressCount'),
  }
}

function absent(id: string, region: string): Finding {
  const fix = 'name a vSwitch of this region, as the VPC console lists them'
  return { level: 'problem', about: 'vswitches', says: `${id} is not in ${region}`, fix }
}

function addressesOf({ id, zone, free }: VSwitch, { patient }: Look, count: number): Finding {
  const about = 'vswitches'
  const share = Math.ceil(patient.max / count)
  const says = `${id} in ${zone}: ${free} addresses are free`
  if (free >= share) return { level: 'ok', about, says }
  return {
    level: free === 0 ? 'problem' : 'warning',
    about,
    says: `${says}, and its share of max of ${patient.fleet} is ${share}`,
    fix: 'add a vSwitch with more addresses, or lower max',
  }
}

/** `vpc-1 (vsw-a, vsw-b), vpc-2 (vsw-c)`. */
export function vpcsOf(vSwitches: readonly VSwitch[]): string {
  const byVpc = Map.groupBy(vSwitches, ({ vpc }) => vpc)
  return [...byVpc].map(([vpc, those]) => `${vpc} (${those.map(({ id }) => id).join(', ')})`).join(', ')
}

function spreadOf(vSwitches: readonly VSwitch[]): readonly Finding[] {
  const about = 'vswitches'
  const [zones, vpcs] = [new Set(vSwitches.map(({ zone }) => zone)), new Set(vSwitches.map(({ vpc }) => vpc))]
  const findings: Finding[] = []
  if (vpcs.size > 1) {
    const fix = 'name vSwitches of one VPC: a security group holds in its own alone'
    findings.push({
      level: 'problem',
      about,
      says: `they are of ${vpcs.size} VPCs: ${vpcsOf(vSwitches)}`,
      fix,
    })
  }
  if (zones.size === 1) {
    const fix = 'add a vSwitch of another zone: one zone that fails takes all servers with it'
    findings.push({ level: 'warning', about, says: `all servers stand in ${[...zones].join()}`, fix })
  }
  return findings
}
