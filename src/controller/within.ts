import { Fault } from '../core/fault.ts'
import type { Clock, Millis } from '../core/time.ts'
import { formatDuration } from '../core/units.ts'

const NEVER = new AbortController().signal

/** The answer of `run`, or Fault `timeout` after `ms`; the signal that it is given ends when nobody waits for it any more, and with the
 *  caller's. */
export function within<T>(
  clock: Clock,
  ms: Millis,
  run: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal = NEVER,
): Promise<T> {
  // By hand, since AbortSignal.any is many times as dear as all else that an answer costs here.
  const over = new AbortController()
  return new Promise((resolve, reject) => {
    const giveUp = (reason: unknown) => {
      done()
      reject(reason)
      over.abort(reason)
    }
    const stop = () => giveUp(signal.reason)
    const cancel = clock.after(ms, () => giveUp(late(ms)))
    const done = () => {
      cancel()
      signal.removeEventListener('abort', stop)
    }
    signal.addEventListener('abort', stop)
    if (signal.aborted) stop()
    new Promise<T>((answer) => answer(run(over.signal))).finally(done).then(resolve, reject)
  })
}

function late(ms: Millis): Fault {
  const message = `no answer within ${formatDuration(ms)}`
  return new Fault('timeout', message, { source: 'network', retry: 'unknown' })
}

/** Waits for `done`, but not longer than `ms`. */
export function atMost(clock: Clock, ms: Millis, done: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, resolve)
    done.then(resolve, reject).finally(cancel)
  })
}
