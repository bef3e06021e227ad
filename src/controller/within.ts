import { Fault } from '../core/fault.ts'
import type { Clock, Millis } from '../core/time.ts'
import { formatDuration } from '../core/units.ts'

const NEVER = new AbortController().signal
/** One reason for all: making an error for each answer that came in time costs more than the answer. */
const ANSWERED = new Error('answered')

/** The answer of `run`, or Fault `timeout` after `ms`; the signal that it is given ends with either. */
export async function within<T>(
  clock: Clock,
  ms: Millis,
  run: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal = NEVER,
): Promise<T> {
  const over = new AbortController()
  // Not by AbortSignal.any, which is many times as dear as all the rest of this.
  const end = () => over.abort(signal.reason)
  if (signal.aborted) end()
  signal.addEventListener('abort', end)
  const late = clock.sleep(ms, over.signal).then(() => {
    throw new Fault('timeout', `no answer within ${formatDuration(ms)}`, {
      source: 'network',
      retry: 'unknown',
    })
  })
  late.catch(() => {}) // nobody listens any more once `run` has answered
  try {
    return await Promise.race([run(over.signal), late])
  } finally {
    signal.removeEventListener('abort', end)
    over.abort(ANSWERED)
  }
}

/** Waits for `done`, but not longer than `ms`. */
export async function atMost(clock: Clock, ms: Millis, done: Promise<void>): Promise<void> {
  const over = new AbortController()
  const enough = clock.sleep(ms, over.signal).catch(() => {})
  try {
    await Promise.race([done, enough])
  } finally {
    over.abort(ANSWERED)
  }
}
