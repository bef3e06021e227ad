import { orPlaceholder } from '../core/form.ts'
import { parseQuantity } from '../core/units.ts'
import type { Kind } from './fields.ts'

export const MAX_SERVERS = 10_000
/** 10 times as many servers at most are added at once. */
export const MAX_ADDED_RATIO = 10

/** A share of the servers, up to this ratio. */
export function shareKind(maxRatio: number): Kind {
  const most = `${maxRatio * 100}%`
  return {
    type: 'share',
    allowed: `above 0% to ${most}`,
    expects: `a share such as 50%, at most ${most}`,
    schema: orPlaceholder({ type: 'string', pattern: '^\\s*\\d+(\\.\\d+)?%$' }),
  }
}

/** `50%` as 0.5; undefined when it is none, 0 or above the ratio. */
export function readShare(raw: unknown, maxRatio: number): number | undefined {
  const ratio = typeof raw === 'string' && raw.endsWith('%') ? parseQuantity(raw, 'ratio') : null
  return ratio !== null && ratio > 0 && ratio <= maxRatio ? ratio : undefined
}
