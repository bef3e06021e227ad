import { formatDuration } from '../../core/units.ts'
import type { Energy } from '../energy.ts'
import type { Outcome } from '../run.ts'

/** An outcome, what it cost where a price is known, and its energy and carbon where they are. */
export type Priced = Outcome & Partial<Energy> & { readonly cost?: number }

export interface Column {
  readonly heading: string
  cell(outcome: Priced): string
}

/** What people read of each outcome, its name first; what is known of none has no column. */
export function columnsOf(outcomes: readonly Priced[]): readonly Column[] {
  const known = (heading: string, figure: 'cost' | keyof Energy, unit = 1): readonly Column[] =>
    outcomes.some((one) => one[figure] !== undefined)
      ? [{ heading, cell: (one) => ((one[figure] ?? Number.NaN) / unit).toFixed(2) }]
      : []
  return [
    { heading: 'POLICY', cell: ({ name }) => name },
    { heading: 'VIOLATIONS', cell: ({ violationsPct }) => `${violationsPct.toFixed(2)}%` },
    { heading: 'DROPPED', cell: ({ droppedPct }) => `${droppedPct.toFixed(2)}%` },
    { heading: 'P95 WAIT', cell: ({ p95WaitMs }) => formatDuration(p95WaitMs) },
    { heading: 'P99 WAIT', cell: ({ p99WaitMs }) => formatDuration(p99WaitMs) },
    { heading: 'SERVER-HOURS', cell: ({ serverHours }) => hoursText(serverHours) },
    ...known('COST', 'cost'),
    ...known('KWH', 'kilowattHours'),
    ...known('KG CO2E', 'carbonGrams', 1000),
    { heading: 'TO CLAIRVOYANT', cell: ({ costToClairvoyant }) => costToClairvoyant.toFixed(2) },
    { heading: 'TO FIXED PEAK', cell: ({ costToFixedPeak }) => costToFixedPeak.toFixed(2) },
    { heading: 'CHANGES A DAY', cell: ({ changesPerDay }) => changesPerDay.toFixed(0) },
  ]
}

/** Of some hours the parts matter. */
export function hoursText(serverHours: number): string {
  return serverHours.toFixed(serverHours < 100 ? 2 : 0)
}
