import type { Json } from '../../../core/canonical.ts'
import type { ConfigProblem, DriverKeys, Parsed } from '../../../core/driver.ts'
import type { ReportField } from '../../../core/driver-fields.ts'
import { choiceForm } from '../../../core/form.ts'
import { ACCOUNT_KEYS, type AccountConfig, readAccount } from '../account-keys.ts'
import { ADOPT_KEY, readAdopts } from '../balancer/adopts.ts'
import { readInstance } from '../balancer/which-instance.ts'
import { filledKey, orEmpty, type Raw, readFilled, textKey } from '../read-keys.ts'
import { type AlbOrder, ORDER_KEYS, readOrder } from './order.ts'
import { readWord } from './words.ts'

export interface AlbConfig extends AccountConfig {
  /** Takes over what others have made where the file has something. */
  readonly adopts: boolean
  /** The id of one that is there, or what Tidegate is to have created. */
  readonly loadBalancer: string | AlbOrder
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
  'load-balancer': textKey('The id of an ALB instance that is there, `alb-...`.'),
  create: {
    help: 'In place of `load-balancer`: Tidegate creates one, finds it again by its tags, and keeps it like this. It stays until `tidegate down --balancers` deletes it.',
    keys: ORDER_KEYS,
  },
  ...ADOPT_KEY,
}

export const ALB_POOL_KEYS: DriverKeys = {
  'server-group': filledKey(
    'The id of a server group, `sgp-...`, whose own settings stay as they are. Default: one that Tidegate makes for this pool.',
  ),
  'server-type': {
    ...orEmpty({
      ...choiceForm(Object.keys(SERVER_TYPES)),
      help: 'What members of a group that Tidegate makes are: instances of the region, or addresses, which may be of another VPC or of a data centre.',
    }),
    default: 'instance',
  },
  'server-protocol': {
    ...orEmpty({
      ...choiceForm(Object.keys(SERVER_PROTOCOLS)),
      help: 'How ALB speaks to the members of a group that Tidegate makes.',
    }),
    default: 'http',
  },
}

export function parseAlb(raw: Raw): Parsed<AlbConfig> {
  const problems: ConfigProblem[] = []
  const report: ReportField = (path, message) => problems.push({ path, message })
  const instance = { what: 'an ALB instance, alb-...', readOrder }
  const config = {
    ...readAccount(raw, report),
    loadBalancer: readInstance(raw, instance, report),
    adopts: readAdopts(raw, report),
  }
  return problems.length === 0 ? { ok: true, config } : { ok: false, problems }
}

export function parseAlbPool(raw: Raw): Parsed<Json> {
  const problems: ConfigProblem[] = []
  const report: ReportField = (path, message) => problems.push({ path, message })
  const serverGroup = readFilled(raw, 'server-group', report)
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
