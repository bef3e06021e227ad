import type { Permission } from '../../core/driver.ts'
import { TAGS } from './ecs/tags.ts'

interface Statement {
  readonly Effect: 'Allow'
  readonly Action: readonly string[]
  readonly Resource: readonly string[]
  readonly Condition?: { readonly StringEquals: Readonly<Record<string, readonly string[]>> }
}

/** A policy as RAM takes it: https://www.alibabacloud.com/help/en/ram/policy-structure-and-syntax. */
export interface RamPolicy {
  readonly Version: '1'
  readonly Statement: readonly Statement[]
}

/** Allows exactly these. Whoever holds it can, whatever a file says by mistake, change nothing that another has made. */
export function ramPolicy(permissions: readonly Permission[], installation: string): RamPolicy {
  const groups = Map.groupBy(permissions, ({ resource, isOwnOnly }) => `${isOwnOnly} ${resource}`)
  const Statement = [...groups.values()].map((group): Statement => {
    const [{ resource, isOwnOnly }] = group as [Permission]
    const tag = { StringEquals: { [`acs:ResourceTag/${TAGS.installation}`]: [installation] } }
    return {
      Effect: 'Allow',
      Action: [...new Set(group.map(({ action }) => action))],
      Resource: [resource],
      ...(isOwnOnly && { Condition: tag }),
    }
  })
  return { Version: '1', Statement }
}
