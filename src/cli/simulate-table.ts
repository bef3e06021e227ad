import { formatDuration } from '../core/units.ts'
import type { Energy } from '../simulator/energy.ts'
import type { Outcome } from '../simulator/run.ts'
import type { Say } from '../words/translate.ts'
import { table } from './table.ts'

/** An outcome, what it cost where a price is known, and its energy and carbon where they are. */
export type Priced = Outcome & Partial<Energy> & { readonly cost?: number }

/** For people, a line a policy. */
export function outcomeTable(outcomes: readonly Priced[], say: Say): string[] {
  const has = (figure: 'cost' | keyof Energy) => outcomes.some((one) => one[figure] !== undefined)
  const headings = [
    'POLICY',
    '>VIOLATIONS',
    '>DROPPED',
    '>P95 WAIT',
    '>P99 WAIT',
    '>SERVER-HOURS',
    ...(has('cost') ? ['>COST'] : []),
    ...(has('kilowattHours') ? ['>KWH'] : []),
    ...(has('carbonGrams') ? ['>KG CO2E'] : []),
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
    ...(outcome.kilowattHours === undefined ? [] : [outcome.kilowattHours.toFixed(2)]),
    ...(outcome.carbonGrams === undefined ? [] : [(outcome.carbonGrams / 1000).toFixed(2)]),
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
