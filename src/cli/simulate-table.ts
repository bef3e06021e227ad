import { formatDuration } from '../core/units.ts'
import type { Outcome } from '../simulator/run.ts'
import type { Say } from '../words/translate.ts'
import { table } from './table.ts'

/** An outcome, and what it cost where a price is known. */
export type Priced = Outcome & { readonly cost?: number }

/** For people, a line a policy. */
export function outcomeTable(outcomes: readonly Priced[], say: Say): string[] {
  const priced = outcomes.some(({ cost }) => cost !== undefined)
  const headings = [
    'POLICY',
    '>VIOLATIONS',
    '>DROPPED',
    '>P95 WAIT',
    '>P99 WAIT',
    '>SERVER-HOURS',
    ...(priced ? ['>COST'] : []),
    '>TO CLAIRVOYANT',
    '>TO FIXED PEAK',
    '>CHANGES A DAY',
  ]
  return table(headings, outcomes.map(row), say)
}

function row(outcome: Priced): string[] {
  return [
    outcome.name,
    percent(outcome.violationsPct),
    percent(outcome.droppedPct),
    formatDuration(outcome.p95WaitMs),
    formatDuration(outcome.p99WaitMs),
    hoursText(outcome.serverHours),
    ...(outcome.cost === undefined ? [] : [outcome.cost.toFixed(2)]),
    outcome.costToClairvoyant.toFixed(2),
    outcome.costToFixedPeak.toFixed(2),
    outcome.changesPerDay.toFixed(0),
  ]
}

/** Of some hours the parts matter. */
export function hoursText(serverHours: number): string {
  return serverHours.toFixed(serverHours < 100 ? 2 : 0)
}

function percent(value: number): string {
  return `${value.toFixed(2)}%`
}
