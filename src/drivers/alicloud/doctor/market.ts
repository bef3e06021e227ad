import type { Finding } from '../../../core/finding.ts'
import type { Fields } from '../client/fields.ts'
import type { Instance } from '../ecs/instances.ts'
import { Prices } from '../ecs/prices.ts'
import { type Look, unanswered } from './look.ts'

export async function lookAtImage({ call, config, signal }: Look): Promise<readonly Finding[]> {
  const about = 'image'
  const { image } = config.template
  if (image === '') return []
  const outcome = await call(
    {
      product: 'ecs',
      action: 'DescribeImages',
      query: { RegionId: config.region, ImageId: image },
      read: (answer) =>
        answer
          .inside('Images')
          .list('Image')
          .map((one) => one.text('Status')),
    },
    signal,
  )
  if (!outcome.ok) return [unanswered(about, outcome.fault)]
  if (outcome.value.includes('Available')) return [{ level: 'ok', about, says: `${image} is there` }]
  const fix = 'name an image of this region; an image of another region can be copied to it'
  return [{ level: 'problem', about, says: `${image} is not to be had in ${config.region}`, fix }]
}

/** What of each type is in stock in the zones of the fleet. */
export async function lookAtStock(look: Look, zones: readonly string[]): Promise<readonly Finding[]> {
  const about = 'stock'
  const findings: Finding[] = []
  // It is told elsewhere that there are no vSwitches.
  if (zones.length === 0) return findings
  for (const type of look.config.template.instanceTypes) {
    const outcome = await look.call(
      {
        product: 'ecs',
        action: 'DescribeAvailableResource',
        query: { RegionId: look.config.region, DestinationResource: 'InstanceType', InstanceType: type },
        read: (answer) => zonesWith(answer, type),
      },
      look.signal,
    )
    findings.push(outcome.ok ? stockOf(type, zones, outcome.value) : unanswered(about, outcome.fault))
  }
  // One that has is enough.
  if (findings.length === 0 || findings.some(({ level }) => level !== 'problem'))
    return findings.map((one) => (one.level === 'problem' ? { ...one, level: 'warning' } : one))
  return findings
}

function stockOf(type: string, zones: readonly string[], having: readonly string[]): Finding {
  const about = 'stock'
  const [has, lacks] = [
    zones.filter((zone) => having.includes(zone)),
    zones.filter((zone) => !having.includes(zone)),
  ]
  const fix =
    having.length === 0
      ? 'name another type: no zone of the region has this one now'
      : `name another type, or a vSwitch in a zone that has it: ${having.join(', ')}`
  if (has.length === 0) return { level: 'problem', about, says: `${type}: none in ${zones.join(', ')}`, fix }
  if (lacks.length > 0) return { level: 'warning', about, says: `${type}: none in ${lacks.join(', ')}`, fix }
  return { level: 'ok', about, says: `${type}: in stock in ${has.join(', ')}` }
}

function zonesWith(answer: Fields, type: string): readonly string[] {
  const zones = answer.inside('AvailableZones').list('AvailableZone')
  return zones
    .filter((zone) =>
      zone
        .inside('AvailableResources')
        .list('AvailableResource')
        .flatMap((resource) => resource.inside('SupportedResources').list('SupportedResource'))
        .some((one) => one.text('Value') === type && one.text('Status') === 'Available'),
    )
    .map((zone) => zone.text('ZoneId'))
}

/** What the fleet costs at most: every server of the dearest type, and on demand. */
export async function lookAtCosts({
  call,
  config,
  clock,
  patient,
  signal,
}: Look): Promise<readonly Finding[]> {
  const prices = new Prices({ call, region: config.region, clock })
  const offers = config.template.instanceTypes.map((instanceType) => ({ instanceType, spot: false }))
  await prices.refresh(offers, signal)
  const priced = offers.map(({ instanceType, spot }) => ({
    instanceType,
    price: prices.of({ instanceType, spot }, null) ?? 0,
  }))
  const dearest = priced.reduce((most, one) => (one.price > most.price ? one : most), {
    instanceType: '',
    price: 0,
  })
  if (dearest.price === 0) return []
  const { fleet, max } = patient
  const most = (dearest.price * max).toFixed(2)
  const says = `${fleet} costs at most ${most} an hour, beside disks and traffic: ${max} of ${dearest.instanceType} at ${dearest.price}`
  return [{ level: 'ok', about: 'costs', says }]
}

/** Whether the account may have as many virtual CPUs as the fleet may come to need. */
export async function lookAtQuota(look: Look, own: readonly Instance[]): Promise<readonly Finding[]> {
  const { template } = look.config
  const types = template.instanceTypes
  if (types.length === 0) return []
  const cpus = await cpusOf(look, types)
  if (!cpus.ok) return [cpus.finding]
  const { max } = look.patient
  const onDemand = template.spot === null ? max : Math.min(max, template.spot.base)
  const kinds = [
    { kind: 'postpaid', name: 'on demand', servers: onDemand },
    { kind: 'spot', name: 'on the spot market', servers: max - onDemand },
  ] as const
  const findings: Finding[] = []
  for (const { kind, name, servers } of kinds.filter((one) => one.servers > 0)) {
    const held = own.filter(({ isSpot }) => isSpot === (kind === 'spot')).length
    findings.push(
      ...(await quotaOf(look, { kind, name, need: (servers - Math.min(held, servers)) * cpus.most })),
    )
  }
  return findings
}

async function quotaOf(
  { call, config, patient, signal }: Look,
  { kind, name, need }: { readonly kind: 'postpaid' | 'spot'; readonly name: string; readonly need: number },
): Promise<readonly Finding[]> {
  const about = 'quota'
  const [max, used] = [`max-${kind}-instance-vcpu-count`, `used-${kind}-instance-vcpu-count`]
  const outcome = await call(
    {
      product: 'ecs',
      action: 'DescribeAccountAttributes',
      query: { RegionId: config.region, AttributeName: [max, used] },
      read: (answer) => {
        const items = answer.inside('AccountAttributeItems').list('AccountAttributeItem')
        return new Map(items.map((item) => [item.text('AttributeName'), quantityOf(item)]))
      },
    },
    signal,
  )
  if (!outcome.ok) return [unanswered(about, outcome.fault)]
  const [whole, taken] = [outcome.value.get(max), outcome.value.get(used)]
  if (whole === undefined || taken === undefined) return []
  const free = whole - taken
  const says = `vCPUs ${name}: ${free} of ${whole} are free, and max of ${patient.fleet} takes ${need} more`
  if (free >= need) return [{ level: 'ok', about, says }]
  return [{ level: 'warning', about, says, fix: 'raise the quota in the Quota Center, or lower max' }]
}

function quantityOf(item: Fields): number | undefined {
  return item.inside('AttributeValues').list('ValueItem')[0]?.number('Value')
}

/** Of the largest of the types. */
async function cpusOf(
  { call, signal }: Look,
  types: readonly string[],
): Promise<{ readonly ok: true; readonly most: number } | { readonly ok: false; readonly finding: Finding }> {
  const outcome = await call(
    {
      product: 'ecs',
      action: 'DescribeInstanceTypes',
      query: { InstanceTypes: types },
      read: (answer) =>
        answer
          .inside('InstanceTypes')
          .list('InstanceType')
          .map((one) => one.number('CpuCoreCount')),
    },
    signal,
  )
  if (!outcome.ok) return { ok: false, finding: unanswered('quota', outcome.fault) }
  return { ok: true, most: Math.max(0, ...outcome.value) }
}
