import type { Json } from '../../../core/canonical.ts'
import type { DriverKeys, Parsed } from '../../../core/driver.ts'
import type { ReportField } from '../../../core/driver-fields.ts'
import { ACCOUNT_KEYS, type AccountConfig, readAccount } from '../account-keys.ts'
import { missing, type Raw, readText, textKey } from '../read-keys.ts'

export interface ClbConfig extends AccountConfig {
  readonly loadBalancer: string
}

/** What a pool says of its servers. */
export interface ClbPool {
  /** null = one of Tidegate's own. */
  readonly serverGroup: string | null
}

export const CLB_KEYS: DriverKeys = {
  ...ACCOUNT_KEYS,
  'load-balancer': { ...textKey('The id of the CLB instance, `lb-...`.'), required: true },
}

export const CLB_POOL_KEYS: DriverKeys = {
  'server-group': textKey(
    'The id of a virtual server group of this CLB, `rsp-...`. Default: one that Tidegate makes for this pool.',
  ),
}

export function parseClb(raw: Raw): Parsed<ClbConfig> {
  const problems: { path: readonly (string | number)[]; message: string }[] = []
  const report: ReportField = (path, message) => problems.push({ path, message })
  const loadBalancer =
    readText(raw['load-balancer'], ['load-balancer'], report) ??
    missing('load-balancer', 'the id of a CLB instance, lb-...', report)
  const config = { ...readAccount(raw, report), loadBalancer }
  return problems.length === 0 ? { ok: true, config } : { ok: false, problems }
}

export function parseClbPool(raw: Raw): Parsed<Json> {
  const problems: { path: readonly (string | number)[]; message: string }[] = []
  const serverGroup = readText(raw['server-group'], ['server-group'], (path, message) =>
    problems.push({ path, message }),
  )
  if (problems.length > 0) return { ok: false, problems }
  const pool: ClbPool = { serverGroup }
  return { ok: true, config: { ...pool } }
}

/** Reads back what `parseClbPool` made. */
export function clbPool(part: Json | undefined): ClbPool {
  return (part ?? { serverGroup: null }) as unknown as ClbPool
}
