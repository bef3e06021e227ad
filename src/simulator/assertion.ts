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
export interface Assertion extends Comparison {
  /** As it was written. */
  readonly text: string
  /** Name of the policy that it is about; null = `tidegate` where that takes part, else everybody. */
  readonly policy: string | null
  readonly figure: Figure
}

export interface Comparison {
  readonly operator: '<' | '<=' | '>' | '>='
  readonly value: number
}

/** An assertion as it is written, whatever its figures mean. */
export interface Written {
  readonly text: string
  /** What stands before a colon: whose figure. */
  readonly subject: string | null
  readonly name: string
  readonly operator: Comparison['operator']
  readonly valueText: string
}

/** `hpa@60: p95-wait <= 100ms` in its parts; text = what is wrong. */
export function readWritten(text: string, example: string): Written | string {
  const match = /^(?:([^:<>]+):)?\s*([\w-]+)\s*(<=|>=|<|>)\s*(\S+)$/.exec(text.trim())
  if (!match) return `expected a figure, <, <=, > or >=, and a value, such as "${example}", got "${text}"`
  const [, subject, name, operator, valueText] = match as unknown as [string, string?, ...string[]]
  return {
    text: text.trim(),
    subject: subject?.trim() ?? null,
    name: name!,
    operator: operator as Comparison['operator'],
    valueText: valueText!,
  }
}

/** `violations < 0.5%` or `hpa@60: p95-wait <= 100ms`; text = what is wrong. */
export function readAssertion(text: string): Assertion | string {
  const written = readWritten(text, 'violations < 0.5%')
  if (typeof written === 'string') return written
  const { subject, name, operator, valueText } = written
  const known = Object.hasOwn(FIGURES, name) ? FIGURES[name] : undefined
  if (!known) return noFigure(name, Object.keys(FIGURES))
  const [figure, unit] = known
  const value = parsed(valueText, unit)
  if (value === null) return `expected ${EXAMPLES[unit]} for ${name}, got "${valueText}"`
  return { text: written.text, policy: subject, figure, operator, value }
}

export function noFigure(name: string, known: readonly string[]): string {
  return `there is no figure "${name}"; expected one of ${known.join(', ')}`
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

export function holds(is: number, { operator, value }: Comparison): boolean {
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
