import type { Clock, Millis } from '../core/time.ts'
import { stampOf } from './stamp.ts'
import { nap } from './supervisor.ts'

const LOOK_MS: Millis = 1_000

/** Calls `changed` whenever one of the files is another than when it was called last, and has been the same for two looks: whoever
 *  writes has finished. By looking at what each path leads to, which holds for editors that rename and for links that are swapped.
 *  The first look counts as a change. Until the signal aborts. */
export async function watchFiles(
  files: () => readonly string[],
  changed: () => Promise<void>,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  let done = ''
  let last = ''
  while (!signal.aborted) {
    const now = files().map(stampOf).join('\n')
    if (now === last && now !== done) {
      done = now
      await changed()
    }
    last = now
    await nap(clock, LOOK_MS, signal)
  }
}
