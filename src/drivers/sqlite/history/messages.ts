import type { FaultCode, FaultRetry, FaultSource } from '../../../core/fault.ts'
import type { HistoryQuery, SeriesName } from '../../../core/history.ts'
import type { HistoryLimits } from '../../../core/history-book.ts'
import type { Millis } from '../../../core/time.ts'

/** What the writer's thread starts with. */
export interface ThreadInit {
  readonly path: string
  readonly limits: HistoryLimits
}

/** What it is asked; `now` is the asker's clock. Samples come as columns: sample i is of `names[series[i]]`. */
export type Question =
  | {
      readonly kind: 'append'
      readonly now: Millis
      readonly names: readonly SeriesName[]
      readonly series: Uint32Array
      readonly ats: Float64Array
      readonly values: Float64Array
    }
  | { readonly kind: 'read'; readonly now: Millis; readonly query: HistoryQuery }
  | { readonly kind: 'series' }
  | {
      readonly kind: 'import'
      readonly now: Millis
      readonly name: SeriesName
      readonly ats: Float64Array
      readonly values: Float64Array
    }
  | { readonly kind: 'close' }

export interface Asked {
  readonly id: number
  readonly question: Question
}

export type Answered = { readonly id: number } & (
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false
      readonly code: FaultCode
      readonly message: string
      readonly source: FaultSource
      readonly retry: FaultRetry
    }
)
