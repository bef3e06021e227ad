import type { Millis } from './time.ts'

/** Answers to GET are kept and given again (RFC 9111), in each worker. */
export interface CacheSpec {
  /** Of all answers of the rule, in bytes a worker. */
  readonly memoryBytes: number
  /** A longer answer is not kept. */
  readonly largestBytes: number
  /** Addresses whose answers are kept. */
  readonly entries: number
  /** RFC 5861, for answers that do not say it themselves; 0 = not at all. */
  readonly staleWhileRevalidateMs: Millis
  readonly staleIfErrorMs: Millis
}

/** What a cache forgets. An address is `http://host/path?query`, as clients ask for it. */
export type Purge =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'prefix'; readonly url: string }
  | { readonly kind: 'everything' }

export interface PurgeResult {
  /** Addresses, counted once a worker that knew them. */
  readonly forgotten: number
}
