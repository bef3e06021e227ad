import type { Millis } from '../../core/time.ts'

/** What was measured in one span of `SPAN_MS`, which begins at `at`. */
export interface Span {
  readonly at: Millis
  readonly sum: number
  readonly count: number
  readonly minimum: number
  readonly maximum: number
}

/** The finest that the cloud has: points of every period are made of these. */
export const SPAN_MS = 15_000
/** One metric of one thing, such as the CPU of an instance. */
export interface Series {
  readonly account: string
  readonly namespace: string
  readonly metric: string
  readonly dimensions: Readonly<Record<string, string>>
  /** Oldest first. */
  readonly spans: readonly Span[]
}

/** How often an account has asked in a month. */
export interface Usage {
  /** `2026-01`, in the cloud's time zone. */
  readonly month: string
  readonly calls: number
}

export interface Cms {
  readonly series: ReadonlyMap<string, Series>
  /** By account. */
  readonly usage: ReadonlyMap<string, Usage>
  /** Calls a month that are answered without a contract. */
  readonly freeCalls: number
}

export function emptyCms(): Cms {
  return { series: new Map(), usage: new Map(), freeCalls: 1_000_000 }
}

/** What somebody has measured at the moment. */
export type Measurement = Omit<Series, 'spans'> & { readonly value: number }
