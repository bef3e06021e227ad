import type { Json } from '../../../core/canonical.ts'
import type { ConfigProblem, DriverKey, DriverKeys, Parsed } from '../../../core/driver.ts'
import type { ReportField } from '../../../core/driver-fields.ts'
import { ACCOUNT_KEYS, type AccountConfig, readAccount } from '../account-keys.ts'
import { missing, orEmpty, type Raw, readText, textKey } from '../read-keys.ts'

export interface AlbConfig extends AccountConfig {
  readonly loadBalancer: string
}

/** Of a server group, by the words of the file: what its members are, and how they are spoken to. Neither can be changed. */
export const SERVER_TYPES = { instance: 'Instance', ip: 'Ip' } as const
export const SERVER_PROTOCOLS = { http: 'HTTP', https: 'HTTPS', grpc: 'gRPC' } as const

/** What a pool says of its servers. */
export type AlbPool =
  /** They are in a group that somebody else has made. */
  { readonly serverGroup: string } | OwnPool

/** They are in a group of Tidegate's own. */
export interface OwnPool {
  readonly serverGroup: null
  readonly type: (typeof SERVER_TYPES)[keyof typeof SERVER_TYPES]
  readonly protocol: (typeof SERVER_PROTOCOLS)[keyof typeof SERVER_PROTOCOLS]
}

export const ALB_KEYS: DriverKeys = {
  ...ACCOUNT_KEYS,
  'load-balancer': { ...textKey('The id of the ALB instance, `alb-...`.'), required: true },
}

export const ALB_POOL_KEYS: DriverKeys = {
  'server-group': textKey(
    'The id of a server group, `sgp-...`, whose own settings stay as they are. Default: one that Tidegate makes for this pool.',
  ),
  'server-type': {
    ...wordKey(
      SERVER_TYPES,
      'What members of a group that Tidegate makes are: instances of the region, or addresses, which may be of another VPC or of a data centre.',
    ),
    default: 'instance',
  },
  'server-protocol': {
    ...wordKey(SERVER_PROTOCOLS, 'How ALB speaks to the members of a group that Tidegate makes.'),
    default: 'http',
  },
}

function wordKey(words: object, help: string): DriverKey {
  const names = Object.keys(words)
  return orEmpty({
    type: 'word',
    allowed: names.join(', '),
    schema: { type: 'string', enum: names },
    help,
  })
}

export function parseAlb(raw: Raw): Parsed<AlbConfig> {
  const problems: ConfigProblem[] = []
  const report: ReportField = (path, message) => problems.push({ path, message })
  const loadBalancer =
    readText(raw['load-balancer'], ['load-balancer'], report) ??
    missing('load-balancer', 'the id of an ALB instance, alb-...', report)
  const config = { ...readAccount(raw, report), loadBalancer }
  return problems.length === 0 ? { ok: true, config } : { ok: false, problems }
}

export function parseAlbPool(raw: Raw): Parsed<Json> {
  const problems: ConfigProblem[] = []
  const report: ReportField = (path, message) => problems.push({ path, message })
  const serverGroup = readText(raw['server-group'], ['server-group'], report)
  const type = readWord(
    raw,
    { key: 'server-type', words: SERVER_TYPES, usual: SERVER_TYPES.instance },
    report,
  )
  const protocol = readWord(
    raw,
    { key: 'server-protocol', words: SERVER_PROTOCOLS, usual: SERVER_PROTOCOLS.http },
    report,
  )
  if (serverGroup !== null)
    for (const key of ['server-type', 'server-protocol'])
      if (isGiven(raw[key])) report([key], 'expected nothing: the group of server-group has its own')
  if (problems.length > 0) return { ok: false, problems }
  const pool: AlbPool = serverGroup === null ? { serverGroup, type, protocol } : { serverGroup }
  return { ok: true, config: { ...pool } }
}

/** Reads back what `parseAlbPool` made. */
export function albPool(part: Json | undefined): AlbPool {
  return (part ?? {
    serverGroup: null,
    type: SERVER_TYPES.instance,
    protocol: SERVER_PROTOCOLS.http,
  }) as unknown as AlbPool
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null
}

function readWord<Words extends object>(
  raw: Raw,
  about: { readonly key: string; readonly words: Words; readonly usual: Words[keyof Words] },
  report: ReportField,
): Words[keyof Words] {
  const { key, words, usual } = about
  const word = raw[key]
  if (!isGiven(word)) return usual
  if (typeof word === 'string' && Object.hasOwn(words, word)) return words[word as keyof Words]
  report([key], `expected one of ${Object.keys(words).join(', ')}`)
  return usual
}
