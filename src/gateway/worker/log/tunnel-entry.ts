import type { AccessEntry } from './access-line.ts'

/** What is not there to be known. */
type Unknown =
  | 'class'
  | 'at'
  | 'ms'
  | 'phases'
  | 'trace'
  | 'method'
  | 'host'
  | 'path'
  | 'protocol'
  | 'referer'
  | 'userAgent'
  | 'status'

/** What the log tells of bytes that nobody looked into. `startedMs` as of `performance.now()`. */
export function tunnelEntry(startedMs: number, known: Omit<AccessEntry, Unknown>): AccessEntry {
  const ms = performance.now() - startedMs
  return {
    at: Date.now() - ms,
    ms,
    phases: null,
    trace: null,
    class: null,
    method: '',
    host: '',
    path: '',
    protocol: '',
    referer: null,
    userAgent: null,
    status: 0,
    ...known,
  }
}
