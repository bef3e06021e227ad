import type { DriverKeys } from '../../../core/driver.ts'
import type { ReportField } from '../../../core/driver-fields.ts'
import { bandwidthForm, choiceForm, YES_NO } from '../../../core/form.ts'
import { parseQuantity } from '../../../core/units.ts'
import { listKey, type Raw, readMap, readText, readTexts, textKey } from '../read-keys.ts'
import { readTags, type Tags, tagsKey } from '../tags-key.ts'

/** A CLB instance that Tidegate is to have created. */
export interface ClbOrder {
  /** null = billed by use. */
  readonly specification: string | null
  readonly address: 'internet' | 'intranet'
  /** Of an address in a network of the account; null of one in the internet. */
  readonly vswitch: string | null
  /** The master's, then the slave's; fewer = the cloud chooses. */
  readonly zones: readonly string[]
  /** What is paid, in Mbit/s; null = what is sent is paid. */
  readonly bandwidth: number | null
  readonly isProtected: boolean
  readonly tags: Tags
}

/** In Mbit/s: https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-modifyloadbalancerinternetspec */
const MAX_BANDWIDTH = 5000
const ADDRESSES = ['internet', 'intranet'] as const

export const ORDER_KEYS: DriverKeys = {
  specification: textKey('Such as `slb.s2.small`, which it is billed by. Default: it is billed by use.'),
  address: {
    ...choiceForm(ADDRESSES),
    help: 'Where it listens: in the internet, or in the network of `vswitch`.',
    required: true,
  },
  vswitch: textKey('The vSwitch that gives it an `intranet` address.'),
  zones: listKey('The zone of the master, and that of the slave. Default: the cloud chooses.'),
  bandwidth: {
    ...bandwidthForm(),
    help: 'What it can send to the internet is paid, such as `20Mbps`. Default: what it sends is paid.',
  },
  'deletion-protection': { ...YES_NO, help: 'Nobody can delete it while this is on.', default: false },
  tags: tagsKey('the instance'),
}

/** Reports paths inside the order. */
export function readOrder(value: unknown, report: ReportField): ClbOrder {
  const raw = readMap(value, { key: 'create', known: Object.keys(ORDER_KEYS) }, report)
  const within: ReportField = (path, message) => report(['create', ...path], message)
  const specification = readText(raw.specification, ['specification'], within)
  const address = ADDRESSES.find((one) => one === raw.address)
  if (address === undefined) within(['address'], `expected ${ADDRESSES.join(' or ')}`)
  const isProtected = raw['deletion-protection'] ?? false
  if (typeof isProtected !== 'boolean') within(['deletion-protection'], 'expected true or false')
  return {
    specification,
    address: address ?? 'intranet',
    vswitch: readVSwitch(raw, within),
    zones: readZones(raw.zones, within),
    bandwidth: readBandwidth(raw, within),
    isProtected: isProtected === true,
    tags: readTags(raw.tags, within),
  }
}

function readVSwitch({ vswitch, address }: Raw, report: ReportField): string | null {
  const id = readText(vswitch, ['vswitch'], report)
  if (address === 'internet' && id !== null)
    report(['vswitch'], 'an address in the internet has none; expected no vswitch')
  if (address === 'intranet' && id === null)
    report(['vswitch'], 'expected the id of a vSwitch, which gives it its address')
  return id
}

function readZones(value: unknown, report: ReportField): readonly string[] {
  const zones = readTexts(value, { key: 'zones', isNeeded: false }, report)
  if (zones.length > 2) report(['zones'], 'expected two zones, of the master and of the slave')
  return zones
}

function readBandwidth({ bandwidth, address, specification }: Raw, report: ReportField): number | null {
  if (bandwidth === undefined || bandwidth === null) return null
  const bps = typeof bandwidth === 'string' ? parseQuantity(bandwidth, 'bits-per-second') : null
  const mbps = (bps ?? Number.NaN) / 1e6
  if (!Number.isInteger(mbps) || mbps < 1 || mbps > MAX_BANDWIDTH)
    report(['bandwidth'], `expected whole Mbps from 1Mbps to ${MAX_BANDWIDTH}Mbps`)
  if (address === 'intranet')
    report(['bandwidth'], 'only what goes to the internet is paid; expected no bandwidth')
  else if (specification === undefined || specification === null)
    report(['bandwidth'], 'billed by use, what it sends is paid; expected a specification beside it')
  return mbps
}
