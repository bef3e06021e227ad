import type { Millis } from '../../core/time.ts'

/** Wall time at the process's start plus monotonic time since: it never goes back. */
export function now(): Millis {
  return performance.timeOrigin + performance.now()
}

/** The worker's module, as source or compiled. */
export function workerEntry(): URL {
  return new URL(`../worker/entry.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)
}
