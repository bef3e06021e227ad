import type { Millis } from '../../../core/time.ts'
import { formatDuration } from '../../../core/units.ts'

/** What an account asks for nothing in a month, of all operations that read metrics together
 *  (https://www.alibabacloud.com/help/en/cms/developer-reference/api-cms-2019-01-01-describemetriclast). Beyond it, it pays or is refused. */
export const FREE_CALLS = 1_000_000
/** Of one call (same page). */
export const SERVERS_A_CALL = 50
/** The longest that there is. */
export const MONTH_MS: Millis = 31 * 24 * 3_600_000

/** Calls of one round: a call for each query of a balancer, and as many as its servers need for each of servers. */
export function callsARound(queries: readonly { readonly servers: number | null }[]): number {
  return queries.reduce((sum, { servers }) => sum + Math.ceil((servers ?? 1) / SERVERS_A_CALL), 0)
}

/** How often a round may be asked, so that a month's calls last the month: `everyMs`, or longer. */
export function pacedEvery(everyMs: Millis, calls: number, callsAMonth: number): Millis {
  const leastMs = (calls * MONTH_MS) / callsAMonth
  return leastMs <= everyMs ? everyMs : Math.ceil(leastMs / 1000) * 1000
}

/** What is to be said of a pace that calls do not last for; null = they last. */
export function overBudget(everyMs: Millis, calls: number, callsAMonth: number): string | null {
  const lastMs = runsOutAfter(everyMs, calls, callsAMonth)
  if (lastMs === null) return null
  const asked = Math.round((calls * MONTH_MS) / everyMs)
  const instead = formatDuration(pacedEvery(everyMs, calls, callsAMonth))
  return `${asked} calls a month would be used up after ${formatDuration(roughly(lastMs))} of it, for there are ${callsAMonth}: each metric is asked every ${instead} instead of every ${formatDuration(everyMs)}`
}

/** To the hour. */
function roughly(ms: Millis): Millis {
  return Math.max(1, Math.round(ms / 3_600_000)) * 3_600_000
}

/** When a month's calls are used up, from its beginning, with a round each `everyMs`; null = they last. */
export function runsOutAfter(everyMs: Millis, calls: number, callsAMonth: number): Millis | null {
  const lastsMs = calls === 0 ? MONTH_MS : (callsAMonth / calls) * everyMs
  return lastsMs < MONTH_MS ? lastsMs : null
}
