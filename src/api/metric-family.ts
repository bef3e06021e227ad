import type { FleetStatus, PoolStatus, Queries } from '../core/admin.ts'
import type { CanaryStatus } from '../core/canary.ts'
import type { GatewayStats } from '../core/control.ts'

/** Everything that one scrape shows, read once. */
export interface Scrape {
  readonly about: ReturnType<Queries['about']>
  readonly ready: boolean
  readonly historyDropped: number
  readonly stats: GatewayStats | null
  readonly pools: readonly PoolStatus[]
  readonly fleets: readonly FleetStatus[]
  readonly canaries: readonly CanaryStatus[]
  /** Members that are not shown because there are too many. */
  readonly leftOut: number
  /** Series that are not shown, those of members that are left out among them. */
  readonly dropped: number
}

export type Labels = Readonly<Record<string, string>>

export interface Series {
  readonly labels: Labels
  readonly value: number
}

/** Counts by bucket (the last one open), not cumulative. */
export interface HistogramSeries {
  readonly labels: Labels
  readonly counts: readonly number[]
  readonly sum: number
}

/** A metric. Counters are named without their `_total`, which the text adds. */
export type Family = { readonly name: string; readonly help: string } & (
  | { readonly type: 'gauge' | 'counter'; readonly read: (scrape: Scrape) => readonly Series[] }
  | {
      readonly type: 'histogram'
      /** Upper bounds of all buckets but the open one. */
      readonly bounds: readonly number[]
      readonly read: (scrape: Scrape) => readonly HistogramSeries[]
    }
)
