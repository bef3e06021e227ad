import type * as z from 'zod'
import type { AttemptSpec, BreakerSpec } from '../core/attempts.ts'
import type { PoolSpec } from '../core/balancer.ts'
import type { BREAKER, HEDGE, TIMEOUTS } from './attempt-schema.ts'
import type { Path } from './document.ts'
import type { Report } from './report.ts'

interface Parsed {
  readonly timeouts: z.output<typeof TIMEOUTS>
  readonly hedge: z.output<typeof HEDGE>
  readonly breaker: z.output<typeof BREAKER>
}

/** Only what the file sets: a pool without it has none. */
export function readAttempts(
  { timeouts, hedge, breaker }: Parsed,
  path: Path,
  report: Report,
): Pick<PoolSpec, 'attempts' | 'breaker'> {
  const attempts: AttemptSpec = {
    tryMs: timeouts.try ?? null,
    totalMs: timeouts.total ?? null,
    hedgeMs: hedge.after ?? null,
  }
  const limits: BreakerSpec = {
    requests: breaker.requests ?? null,
    serverRequests: breaker['server-requests'] ?? null,
    connections: breaker.connections ?? null,
    pending: breaker.pending ?? null,
    ...(breaker.adaptive !== undefined && { adaptive: breaker.adaptive }),
  }
  const { tryMs, totalMs } = attempts
  if (tryMs !== null && totalMs !== null && tryMs >= totalMs) {
    report.warn([...path, 'timeouts', 'try'], 'is not shorter than total: no second attempt will have time')
  }
  return { ...(isSet(attempts) && { attempts }), ...(isSet(limits) && { breaker: limits }) }
}

function isSet(spec: object): boolean {
  return Object.values(spec).some((value) => value !== null)
}
