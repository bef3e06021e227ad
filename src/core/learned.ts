import type { Millis } from './time.ts'

/** A number, and between which two the true one lies in 95 of 100 cases; `high` null = nothing seen bounds it. */
export interface Estimate {
  readonly value: number
  readonly low: number
  readonly high: number | null
}

/** What one server of a fleet carries, learned from what its servers carried. Rates in requests a second. */
export interface Capacity {
  /** `queue`: by how requests pile up as the rate rises; `cpu`: by how the CPU is used as the rate rises. */
  readonly by: 'queue' | 'cpu'
  /** All that it can do, for as long as it may take. */
  readonly mostRps: Estimate
  /** Where its latency knees: beyond, each further request costs more time than it brings throughput. */
  readonly kneeRps: number
  readonly kneeInFlight: number
  /** Requests that it works on at once. */
  readonly slots: number
  /** How many steps of the history this rests on. */
  readonly steps: number
  /** Only then may anything be built on it. */
  readonly confident: boolean
}

/** How long a server took from its launch until it served. */
export interface Start {
  readonly server: string
  /** When it served. */
  readonly at: Millis
  readonly tookMs: Millis
}

/** The newest starts of a fleet together. */
export interface Startup {
  readonly medianMs: Millis
  readonly p95Ms: Millis
  readonly count: number
}

/** What a fleet's servers have taught, and what the file says in its place. */
export interface Learned {
  /** null = not known yet. */
  readonly capacity: Capacity | null
  readonly startup: Startup | null
  /** null = as learned. */
  readonly fixed: { readonly capacityRps: number | null; readonly startupMs: Millis | null }
}
