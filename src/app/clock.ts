import { setTimeout as timeout } from 'node:timers/promises'
import type { Clock } from '../core/time.ts'

/** The one real clock: the wall at start plus monotonic time since, so that a jump of the wall moves nothing. */
export function systemClock(): Clock {
  const wallAtStart = Date.now()
  const monotonicAtStart = performance.now()
  return {
    now: () => wallAtStart + performance.now() - monotonicAtStart,
    after: (ms, ring) => {
      const timer = setTimeout(ring, ms)
      return () => clearTimeout(timer)
    },
    sleep: async (ms, signal) => {
      await timeout(ms, undefined, { signal })
    },
  }
}
