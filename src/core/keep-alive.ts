import type { Millis } from './time.ts'

/** TCP's own probes on a connection (RFC 9293, 3.8.4): how the end of a peer is found out that told nobody of it. */
export interface KeepAliveSpec {
  /** Silence before the first probe; whole seconds. */
  readonly idleMs: Millis
  /** Between probes that nobody answers; whole seconds. */
  readonly intervalMs: Millis
  /** So many unanswered ones end the connection. */
  readonly count: number
}

/** Found out within ten minutes. */
export const KEEP_ALIVE: KeepAliveSpec = { idleMs: 300_000, intervalMs: 60_000, count: 5 }
