import type { Clock, Millis } from './time.ts'
import { formatDuration } from './units.ts'

/** Runs with a signal that aborts after `ms`, or with the caller's. */
export async function within<T>(
  clock: Clock,
  ms: Millis,
  signal: AbortSignal,
  run: (either: AbortSignal) => Promise<T>,
): Promise<T> {
  const done = new AbortController()
  const late = new AbortController()
  clock.sleep(ms, done.signal).then(
    () => late.abort(new Error(`no answer within ${formatDuration(ms)}`)),
    () => {}, // done in time
  )
  try {
    return await run(AbortSignal.any([signal, late.signal]))
  } finally {
    done.abort()
  }
}
