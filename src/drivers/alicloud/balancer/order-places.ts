import type { Finding } from '../../../core/finding.ts'
import type { CallCloud } from '../client/client.ts'
import { unanswered } from '../doctor/look.ts'

const ABOUT = 'balancers'

interface Look {
  readonly call: CallCloud
  readonly region: string
  readonly signal: AbortSignal
}

/** vSwitches of an order that are not there. */
export async function absentVSwitches(
  { call, region, signal }: Look,
  ids: readonly string[],
): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  for (const VSwitchId of ids) {
    const outcome = await call(
      {
        product: 'vpc',
        action: 'DescribeVSwitches',
        query: { RegionId: region, VSwitchId },
        read: (answer) => answer.inside('VSwitches').list('VSwitch').length,
      },
      signal,
    )
    const fix = 'name a vSwitch of this region, as the VPC console lists them'
    if (!outcome.ok) findings.push(unanswered(ABOUT, outcome.fault))
    else if (outcome.value === 0)
      findings.push({ level: 'problem', about: ABOUT, says: `${VSwitchId} is not in ${region}`, fix })
  }
  return findings
}

/** Zones of an order that the region has not. */
export async function absentZones(
  { call, region, signal }: Look,
  zones: readonly string[],
): Promise<readonly Finding[]> {
  if (zones.length === 0) return []
  const outcome = await call(
    {
      product: 'ecs',
      action: 'DescribeZones',
      query: { RegionId: region },
      read: (answer) =>
        answer
          .inside('Zones')
          .list('Zone')
          .map((one) => one.text('ZoneId')),
    },
    signal,
  )
  if (!outcome.ok) return [unanswered(ABOUT, outcome.fault)]
  const known = outcome.value
  const fix = `name zones of this region: ${known.join(', ')}`
  return zones
    .filter((zone) => !known.includes(zone))
    .map((zone) => ({ level: 'problem', about: ABOUT, says: `${zone} is not in ${region}`, fix }))
}
