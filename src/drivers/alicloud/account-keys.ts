import type { DriverKeys } from '../../core/driver.ts'
import type { ReportField } from '../../core/driver-fields.ts'
import { missing, type Raw, readMap, readText, textKey } from './read-keys.ts'

/** Where keys come from, and in whose name they are used. */
export interface CredentialsConfig {
  /** Of `aliyun configure`. */
  readonly profile: string | null
  /** The RAM role of the ECS server on which Tidegate runs. */
  readonly ecsRole: string | null
  /** The ARN of a role that is taken with these, or with those of the usual places. */
  readonly role: string | null
  readonly externalId: string | null
}

/** Whose cloud it is, and where. */
export interface AccountConfig {
  readonly region: string
  /** Stands for every product's own; null = those of the region. */
  readonly endpoint: string | null
  readonly credentials: CredentialsConfig
}

const CREDENTIALS: DriverKeys = {
  profile: textKey('A profile of `aliyun configure`.'),
  'ecs-role': textKey('The RAM role of the ECS server that Tidegate runs on.'),
  role: textKey('The ARN of a role that is taken with these keys, such as that of another account.'),
  'external-id': textKey('What the owner of `role` asks for beside the keys.'),
}

/** What every driver of this cloud adds to its section. */
export const ACCOUNT_KEYS: DriverKeys = {
  region: { ...textKey('The region, such as `cn-hangzhou`.'), required: true },
  endpoint: textKey('Where all of the cloud is called instead, with its scheme: a sandbox or a proxy.'),
  credentials: {
    help: 'Where keys come from. Default: the usual places, the environment first.',
    keys: CREDENTIALS,
  },
}

const REGION = /^[a-z]+(-[a-z0-9]+)+$/
const ARN = /^acs:ram::\d+:role\/\S+$/

/** Whose account the file names, as far as it does: a role is of one, whatever keys it is taken with. */
export function accountOf({ profile, role }: CredentialsConfig): string | null {
  const number = role === null ? undefined : /^acs:ram::(\d+):/.exec(role)?.[1]
  return number ?? (profile === null ? null : `profile "${profile}"`)
}

export function readAccount(raw: Raw, report: ReportField): AccountConfig {
  return {
    region: readRegion(raw.region, report),
    endpoint: readEndpoint(raw.endpoint, report),
    credentials: readCredentials(raw.credentials, report),
  }
}

function readRegion(value: unknown, report: ReportField): string {
  const region = readText(value, ['region'], report)
  if (region === '' || (region !== null && REGION.test(region))) return region
  return missing('region', 'a region such as cn-hangzhou', report)
}

function readEndpoint(value: unknown, report: ReportField): string | null {
  const endpoint = readText(value, ['endpoint'], report)
  if (endpoint === null || endpoint === '') return null
  const isUrl = URL.canParse(endpoint) && /^https?:$/.test(new URL(endpoint).protocol)
  if (!isUrl) report(['endpoint'], 'expected an address with its scheme, such as http://127.0.0.1:9900')
  return endpoint
}

function readCredentials(value: unknown, report: ReportField): CredentialsConfig {
  const raw = readMap(value, { key: 'credentials', known: Object.keys(CREDENTIALS) }, report)
  const read = (key: string) => readText(raw[key], ['credentials', key], report)
  const [profile, ecsRole, role, externalId] = [
    read('profile'),
    read('ecs-role'),
    read('role'),
    read('external-id'),
  ]
  if (profile !== null && ecsRole !== null)
    report(['credentials', 'ecs-role'], 'keys come from one place; expected profile or ecs-role')
  if (role !== null && !ARN.test(role))
    report(['credentials', 'role'], 'expected the ARN of a role, such as acs:ram::123456789012:role/tidegate')
  if (externalId !== null && role === null)
    report(['credentials', 'external-id'], 'only a role asks for it; expected role beside it')
  return { profile, ecsRole, role, externalId }
}
