import type { Millis } from './time.ts'

/** What of a request is counted together. */
export type CountedBy =
  | { readonly by: 'source' | 'path' | 'rule' }
  | { readonly by: 'header' | 'cookie'; readonly name: string }

/** As many requests as come evenly at this rate, and `burst` more at once. Over all workers. */
export interface RateLimitSpec {
  readonly requests: number
  readonly perMs: Millis
  readonly burst: number
  readonly key: CountedBy
}

/** Requests of a rule that are under way at once, shared evenly between workers; more wait in a queue, first come, first served. */
export interface ConcurrencySpec {
  readonly requests: number
  readonly queue: number
  readonly waitMs: Millis
}

export const ENCODINGS = ['zstd', 'br', 'gzip'] as const
export type Encoding = (typeof ENCODINGS)[number]

/** Answers are compressed for clients that take it. */
export interface CompressSpec {
  /** The preferred one first, among those that the client likes equally. */
  readonly encodings: readonly Encoding[]
  /** A known length below this is not worth it. */
  readonly leastBytes: number
  /** Media types in lower case; `text/*` is any of that kind. */
  readonly types: readonly string[]
}

/** Sizes of bodies, in bytes; null = as the listener has it. */
export interface SizeLimitSpec {
  /** 413. */
  readonly requestBytes: number | null
  /** 502, or broken off when the length was not known. */
  readonly responseBytes: number | null
}
