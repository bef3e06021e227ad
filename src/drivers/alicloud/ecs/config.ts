import { canonical, type Json } from '../../../core/canonical.ts'
import type { DriverKeys, Parsed } from '../../../core/driver.ts'
import { numberKey, type ReportField } from '../../../core/driver-fields.ts'
import { choiceForm, shareForm, textForm, wholeForm } from '../../../core/form.ts'
import { ACCOUNT_KEYS, type AccountConfig, readAccount } from '../account-keys.ts'
import {
  listKey,
  missing,
  orEmpty,
  type Raw,
  readMap,
  readText,
  readTexts,
  readWhole,
  textKey,
} from '../read-keys.ts'
import { readTags, type Tags, tagsKey } from '../tags-key.ts'

/** What a launch asks for. */
export interface EcsTemplate {
  /** In order of preference, unless their prices decide. */
  readonly instanceTypes: readonly string[]
  /** Each stands in a zone. */
  readonly vSwitches: readonly string[]
  /** '' = the launch template says. */
  readonly image: string
  readonly securityGroups: readonly string[]
  readonly launchTemplate: { readonly id: string; readonly version: string } | null
  readonly name: string
  /** As a text; it may hold placeholders of secrets until it is launched. */
  readonly userData: string
  readonly keyPair: string
  readonly ramRole: string
  readonly disk: { readonly category: string; readonly gib: number } | null
  readonly tags: Tags
  /** Capacity that is paid for already: `open` = any that fits and then what everybody buys, an id = that alone, '' = none. */
  readonly privatePool: string
  /** Which type is tried first: that which the file names first, or the cheapest now. */
  readonly prefer: 'order' | 'price'
  /** null = no spot servers. */
  readonly spot: Spot | null
}

/** How many are bought on demand, whatever the market has. */
export interface Spot {
  /** So many of the first. */
  readonly base: number
  /** Of the others so many are spot servers, from 0 to 1. */
  readonly share: number
  /** By the hour; null = as the market goes. */
  readonly priceLimit: number | null
}

export interface EcsConfig extends AccountConfig {
  /** Where its servers take traffic. */
  readonly port: number
  /** So many servers that leave are stopped and kept. */
  readonly warm: number
  readonly template: EcsTemplate
}

const MOST_WARM = 1_000
const MAX_USER_DATA_BYTES = 32 * 1024
const PREFER: readonly EcsTemplate['prefer'][] = ['order', 'price']

export const ECS_KEYS: DriverKeys = {
  ...ACCOUNT_KEYS,
  vswitches: {
    ...listKey('vSwitches, each in a zone: servers are spread evenly over them.'),
    required: true,
  },
  'instance-types': listKey(
    'Types of instances: the next one is taken where there is no stock of one. Default: that of the launch template.',
  ),
  prefer: {
    ...choiceForm(PREFER),
    help: 'Which type is tried first: the one that is named first, or the one that costs least at that time.',
    default: 'order',
  },
  image: textKey('The image. Default: that of the launch template.'),
  'security-groups': listKey('Security groups. Default: those of the launch template.'),
  'launch-template': {
    help: 'A launch template of ECS, which says what the keys here do not.',
    keys: {
      id: { ...textKey('Its id, `lt-...`.'), required: true },
      version: { ...wholeForm(1, 1_000_000), help: 'Which version of it. Default: its default version.' },
    },
  },
  port: {
    ...wholeForm(1, 65_535),
    help: 'Where servers take traffic, at their private address.',
    required: true,
  },
  warm: {
    ...wholeForm(0, MOST_WARM),
    help: 'So many servers that leave are stopped and not released: only their disks are paid for, and a launch starts them before it buys others.',
    default: 0,
  },
  name: textKey('What servers are called. Default: the name of the fleet.'),
  'user-data': orEmpty({
    ...textForm('text', /\S/),
    help: 'A script or cloud-init text that a server runs when it first starts; at most 32 KiB.',
  }),
  'key-pair': textKey('The name of an SSH key pair.'),
  'ram-role': textKey('The RAM role of the servers.'),
  'system-disk': {
    help: 'The system disk. Default: that of the launch template or the image.',
    keys: {
      category: { ...textKey('Such as `cloud_essd`.'), required: true },
      size: { ...wholeForm(20, 32_768), help: 'In GiB.', required: true },
    },
  },
  'private-pool': textKey(
    'Capacity that is paid for already by an elasticity assurance or a capacity reservation: the id of its private pool, which alone is then used, or `open` for any that fits before what everybody buys. Spot servers use none.',
  ),
  tags: tagsKey('each server'),
  spot: {
    help: 'Servers are bought on the spot market, and on demand where it has none.',
    keys: {
      base: { ...wholeForm(0, 10_000), help: 'So many of the fleet are on demand first.', default: 0 },
      share: { ...shareForm(), help: 'So many of the others are spot servers.', default: '100%' },
      'price-limit': numberKey(
        0.001,
        1_000_000,
        'Most that a spot server may cost an hour. Default: as the market goes.',
      ),
    },
  },
}

/** Parses the keys above and looks at no others; every problem is reported, not only the first. */
export function parseEcs(raw: Raw): Parsed<EcsConfig> {
  const problems: { path: readonly (string | number)[]; message: string }[] = []
  const report: ReportField = (path, message) => problems.push({ path, message })
  const fromTemplate = raw['launch-template'] !== undefined && raw['launch-template'] !== null
  const listed = (key: string, isNeeded: boolean) => readTexts(raw[key], { key, isNeeded }, report)
  const config: EcsConfig = {
    ...readAccount(raw, report),
    port: readWhole(raw.port, { path: ['port'], min: 1, max: 65_535 }, report),
    warm: readWhole(raw.warm ?? 0, { path: ['warm'], min: 0, max: MOST_WARM }, report),
    template: {
      vSwitches: listed('vswitches', true),
      instanceTypes: listed('instance-types', !fromTemplate),
      securityGroups: listed('security-groups', !fromTemplate),
      image:
        readText(raw.image, ['image'], report) ??
        (fromTemplate ? '' : missing('image', 'the id of an image, or a launch-template', report)),
      launchTemplate: fromTemplate ? readLaunchTemplate(raw['launch-template'], report) : null,
      name: readText(raw.name, ['name'], report) ?? '',
      userData: readUserData(raw['user-data'], report),
      keyPair: readText(raw['key-pair'], ['key-pair'], report) ?? '',
      ramRole: readText(raw['ram-role'], ['ram-role'], report) ?? '',
      disk: readDisk(raw['system-disk'], report),
      tags: readTags(raw.tags, report),
      privatePool: readText(raw['private-pool'], ['private-pool'], report) ?? '',
      prefer: readPrefer(raw.prefer, report),
      spot: readSpot(raw.spot, report),
    },
  }
  return problems.length === 0 ? { ok: true, config } : { ok: false, problems }
}

export function templateOf({ template }: EcsConfig): Json {
  return JSON.parse(canonical(template)) as Json
}

/** Servers are no others when only the order has changed in which places and types are tried, how many are bought on the spot market, or
 *  out of which reservation. */
export function identityOf(template: Json): Json {
  const { prefer: _p, spot: _s, privatePool: _r, vSwitches, instanceTypes, ...rest } = readTemplate(template)
  return { ...rest, vSwitches: vSwitches.toSorted(), instanceTypes: instanceTypes.toSorted() }
}

/** Reads back what `templateOf` made: only this driver has made it. */
export function readTemplate(template: Json): EcsTemplate {
  return template as unknown as EcsTemplate
}

function readLaunchTemplate(value: unknown, report: ReportField): EcsTemplate['launchTemplate'] {
  const { id, version } = readMap(value, { key: 'launch-template', known: ['id', 'version'] }, report)
  if (typeof id !== 'string' || id === '') report(['launch-template', 'id'], 'expected its id, lt-...')
  const about = { path: ['launch-template', 'version'], min: 1, max: 1_000_000 }
  return { id: String(id), version: version === undefined ? '' : String(readWhole(version, about, report)) }
}

function readUserData(value: unknown, report: ReportField): string {
  const userData = readText(value, ['user-data'], report) ?? ''
  const bytes = Buffer.byteLength(userData)
  if (bytes > MAX_USER_DATA_BYTES) report(['user-data'], `expected at most 32 KiB, got ${bytes} bytes`)
  return userData
}

function readDisk(value: unknown, report: ReportField): EcsTemplate['disk'] {
  if (value === undefined || value === null) return null
  const { category, size } = readMap(value, { key: 'system-disk', known: ['category', 'size'] }, report)
  if (typeof category !== 'string' || category === '')
    report(['system-disk', 'category'], 'expected cloud_essd or the like')
  return {
    category: String(category),
    gib: readWhole(size, { path: ['system-disk', 'size'], min: 20, max: 32_768 }, report),
  }
}

function readPrefer(value: unknown, report: ReportField): EcsTemplate['prefer'] {
  const found = PREFER.find((one) => one === (value ?? 'order'))
  if (found === undefined) report(['prefer'], `expected ${PREFER.join(' or ')}`)
  return found ?? 'order'
}

function readSpot(value: unknown, report: ReportField): Spot | null {
  if (value === undefined || value === null) return null
  const known = ['base', 'share', 'price-limit']
  const { base = 0, share, 'price-limit': limit } = readMap(value, { key: 'spot', known }, report)
  const priceLimit = limit === undefined || limit === null ? null : Number(limit)
  if (priceLimit !== null && !(priceLimit >= 0.001 && priceLimit <= 1_000_000))
    report(['spot', 'price-limit'], 'expected a price by the hour, such as 0.25')
  return {
    base: readWhole(base, { path: ['spot', 'base'], min: 0, max: 10_000 }, report),
    share: readShare(share, report),
    priceLimit,
  }
}

function readShare(value: unknown, report: ReportField): number {
  const percent = /^\s*(\d+(?:\.\d+)?)%\s*$/.exec(String(value ?? '100%'))?.[1]
  const share = Number(percent) / 100
  if (share >= 0 && share <= 1) return share
  report(['spot', 'share'], 'expected a share from 0% to 100%')
  return 1
}
