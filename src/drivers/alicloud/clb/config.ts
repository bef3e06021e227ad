import type { Json } from '../../../core/canonical.ts'
import type { DriverKeys, Parsed } from '../../../core/driver.ts'
import type { ReportField } from '../../../core/driver-fields.ts'
import { wholeForm } from '../../../core/form.ts'
import { ACCOUNT_KEYS, type AccountConfig, readAccount } from '../account-keys.ts'
import { ADOPT_KEY, readAdopts } from '../balancer/adopts.ts'
import { readInstance } from '../balancer/which-instance.ts'
import { filledKey, type Raw, readFilled, readWhole, textKey } from '../read-keys.ts'
import { type ClbOrder, ORDER_KEYS, readOrder } from './order.ts'

export interface ClbConfig extends AccountConfig {
  /** Takes over what others have made where the file has something. */
  readonly adopts: boolean
  /** The id of one that is there, or what Tidegate is to have created. */
  readonly loadBalancer: string | ClbOrder
}

/** What a pool says of its servers. */
export interface ClbPool {
  /** A virtual group, or `default`: the one that each instance has; null = one of Tidegate's own. */
  readonly serverGroup: string | null
  /** Of `default` alone: its servers take traffic at one port, which their listener says. */
  readonly port?: number
}

export const CLB_KEYS: DriverKeys = {
  ...ACCOUNT_KEYS,
  'load-balancer': textKey('The id of a CLB instance that is there, `lb-...`.'),
  create: {
    help: 'In place of `load-balancer`: Tidegate creates one, finds it again by its tags, and keeps it like this. It stays until `tidegate down --balancers` deletes it.',
    keys: ORDER_KEYS,
  },
  ...ADOPT_KEY,
}

export const CLB_POOL_KEYS: DriverKeys = {
  'server-group': filledKey(
    'The id of a virtual server group of this CLB, `rsp-...`, or `default`, the group that each CLB has. Default: one that Tidegate makes for this pool.',
  ),
  'server-port': {
    ...wholeForm(1, 65_535),
    help: 'Of `server-group: default`: the port of all its servers. A listener that has been made keeps it.',
  },
}

export function parseClb(raw: Raw): Parsed<ClbConfig> {
  const problems: { path: readonly (string | number)[]; message: string }[] = []
  const report: ReportField = (path, message) => problems.push({ path, message })
  const instance = { what: 'a CLB instance, lb-...', readOrder }
  const config = {
    ...readAccount(raw, report),
    loadBalancer: readInstance(raw, instance, report),
    adopts: readAdopts(raw, report),
  }
  return problems.length === 0 ? { ok: true, config } : { ok: false, problems }
}

export function parseClbPool(raw: Raw): Parsed<Json> {
  const problems: { path: readonly (string | number)[]; message: string }[] = []
  const report: ReportField = (path, message) => problems.push({ path, message })
  const pool = readPool(raw, report)
  return problems.length === 0 ? { ok: true, config: pool } : { ok: false, problems }
}

function readPool(raw: Raw, report: ReportField) {
  const serverGroup = readFilled(raw, 'server-group', report)
  const port = raw['server-port'] ?? null
  if (serverGroup === 'default')
    return { serverGroup, port: readWhole(port, { path: ['server-port'], min: 1, max: 65_535 }, report) }
  if (port !== null)
    report(['server-port'], 'its servers have ports of their own; expected server-group: default beside it')
  return { serverGroup }
}

/** Reads back what `parseClbPool` made. */
export function clbPool(part: Json | undefined): ClbPool {
  return (part ?? { serverGroup: null }) as unknown as ClbPool
}
