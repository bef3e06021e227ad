import type { Millis } from './time.ts'

/** How long the attempts of a request may take, and whether a second one may run beside the first. Null = no such limit. */
export interface AttemptSpec {
  /** From an attempt's start to the head of its answer; then another server may be tried. */
  readonly tryMs: Millis | null
  /** From a request's arrival to the head of its answer, all attempts and waiting together: 504. */
  readonly totalMs: Millis | null
  /** A safe request without an answer after this time is sent to a second server too, and the first answer counts. */
  readonly hedgeMs: Millis | null
}

/** Beyond these, requests are answered 503 at once instead of piling up. Most hold over all workers. Null = no such limit. */
export interface BreakerSpec {
  /** Requests in flight in the pool, waiting ones too. */
  readonly requests: number | null
  /** Requests in flight on one server: a full one is passed over. */
  readonly serverRequests: number | null
  /** Open connections to all servers of the pool. */
  readonly connections: number | null
  /** Requests that wait for a connection in the pool. */
  readonly pending: number | null
  /** The least of the limit of requests in flight that each worker finds by itself (balancing/adaptive-limit.ts). */
  readonly adaptive?: number | null
}
