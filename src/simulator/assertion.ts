import { parseDuration } from '../core/units.ts'
import type { Outcome } from './run.ts'

type Figure = Exclude<keyof Outcome, 'name'>
type Unit = 'percent' | 'duration' | 'number'

const FIGURES: Readonly<Record<string, readonly [Figure, Unit]>> = {
  violations: ['violationsPct', 'percent'],
  dropped: ['droppedPct', 'percent'],
  'p95-wait': ['p95WaitMs', 'duration'],
  'p99-wait': ['p99WaitMs', 'duration'],
  'server-hours': ['serverHours', 'number'],
  'cost-to-clairvoyant': ['costToClairvoyant', 'number'],
  'cost-to-fixed-peak': ['costToFixedPeak', 'number'],
  'changes-per-day': ['changesPerDay', 'number'],
  'under-provisioned': ['underProvisionedPct', 'percent'],
  'over-provisioned': ['overProvisionedPct', 'percent'],
  'under-time': ['underTimePct', 'percent'],
  'over-time': ['overTimePct', 'percent'],
}

/** What must be true of an outcome. */
export interface Assertion {
  /** As it was written. */
  readonly text: string
  /** Name of the policy that it is about; null = `tidegate` where that takes part, else everybody. */
  readonly policy: string | null
  readonly figure: Figure
  readonly operator: '<' | '<=' | '>' | '>='
  readonly value: number
}

/** `violations < 0.5%` or `hpa@60: p95-wait <= 100ms`; text = what is wrong. */
export function readAssertion(text: string): Assertion | string {
  const match = /^(?:([^:<>]+):)?\s*([\w-]+)\s*(<=|>=|<|>)\s*(\S+)$/.exec(text.trim())
  if (!match)
    return `expected a figure, <, <=, > or >=, and a value, such as "violations < 0.5%", got "${text}"`
  const [, policy, name, operator, valueText] = match
  const known = Object.hasOwn(FIGURES, name!) ? FIGURES[name!] : undefined
  if (!known) return `there is no figure "${name}"; expected one of ${Object.keys(FIGURES).join(', ')}`
  const [figure, unit] = known
  const value = parsed(valueText!, unit)
  if (value === null) return `expected ${EXAMPLES[unit]} for ${name}, got "${valueText}"`
  return {
    text: text.trim(),
    policy: policy?.trim() ?? null,
    figure,
    operator: operator as Assertion['operator'],
    value,
  }
}

const EXAMPLES = {
  percent: 'a percentage such as 0.5%',
  duration: 'a duration such as 100ms',
  number: 'a number such as 1.25',
}

function parsed(text: string, unit: Unit): number | null {
  if (unit === 'duration') return parseDuration(text)
  const bare = unit === 'percent' ? text.replace(/%$/, '') : text
  return /^\d+(\.\d+)?$/.test(bare) ? Number(bare) : null
}

/** A sentence for each outcome of which it is not true, and one where there is none that it could be about. */
export function brokenBy(assertion: Assertion, outcomes: readonly Outcome[]): readonly string[] {
  const about = outcomesFor(assertion.policy, outcomes)
  if (about.length === 0) return [`${assertion.text}: no policy "${assertion.policy}" was simulated`]
  return about
    .filter((outcome) => !holds(outcome[assertion.figure], assertion))
    .map(
      ({ name, [assertion.figure]: value }) =>
        `${assertion.text}: ${name} has ${Number(value.toPrecision(4))}`,
    )
}

/** `tidegate` also means `tidegate@60`. */
function outcomesFor(policy: string | null, outcomes: readonly Outcome[]): readonly Outcome[] {
  const named = (wanted: string) =>
    outcomes.filter(({ name }) => name === wanted || name.startsWith(`${wanted}@`))
  if (policy !== null) return named(policy)
  const own = named('tidegate')
  return own.length > 0 ? own : outcomes
}

function holds(is: number, { operator, value }: Assertion): boolean {
  switch (operator) {
    case '<':
      return is < value
    case '<=':
      return is <= value
    case '>':
      return is > value
    case '>=':
      return is >= value
    default:
      return operator satisfies never
  }
}
