import type { Decision, Opinion, Reason, Trace } from '../core/scaling.ts'
import type { Millis } from '../core/time.ts'
import { formatDuration, formatValue } from '../core/units.ts'
import { kindOf } from './rules/check.ts'
import { parse } from './rules/parse.ts'
import { servers } from './words.ts'

/** A decision for people, a line an item: the number, every reason in its order, then what each policy saw, also those that wanted
 *  nothing. With `now`, ends are told as time left. */
export function explainDecision(decision: Decision, now?: Millis): string[] {
  const { have, want, because, opinions } = decision
  const headline = have === want ? `stays at ${servers(have)}` : `from ${have} to ${servers(want)}`
  return [
    headline,
    ...because.map((reason) => `  ${reasonLine(reason, now)}`),
    ...opinions.flatMap(opinionLines),
  ]
}

function reasonLine({ by, from, to, says, untilAt }: Reason, now: Millis | undefined): string {
  const change = from === to ? '' : ` ${from} -> ${to}`
  const ends = untilAt === null ? '' : ` (${endsIn(untilAt, now)})`
  return `${by}${change}: ${says}${ends}`
}

function endsIn(untilAt: Millis, now: Millis | undefined): string {
  if (now === undefined) return `until ${new Date(untilAt).toISOString()}`
  return untilAt > now ? `${formatDuration(untilAt - now)} left` : 'ends now'
}

function opinionLines({ policy, want, why, trace }: Opinion): string[] {
  const wants = want === null ? 'abstains' : `wants ${want}`
  return [`policy ${policy} ${wants}: ${why}`, ...(trace ? traceLines(trace, '  ') : [])]
}

/** One line a part; quantities are left out, they say it themselves. */
function traceLines(trace: Trace, indent: string): string[] {
  const parts = trace.parts.filter((part) => !isQuantity(part))
  return [
    `${indent}${trace.text} = ${shown(trace)}`,
    ...parts.flatMap((part) => traceLines(part, `${indent}  `)),
  ]
}

function isQuantity({ text, parts }: Trace): boolean {
  return parts.length === 0 && /^[(\s]*[0-9]/.test(text)
}

function shown({ text, value }: Trace): string {
  if (value === null) return 'no data'
  if (typeof value === 'boolean') return String(value)
  // A trace keeps the text of its part, and the text tells the unit.
  const expression = parse(text)
  const kind = expression.kind === 'error' ? expression : kindOf(expression)
  const unit = typeof kind === 'string' && kind !== 'condition' && kind !== 'plain' ? kind : 'count'
  return formatValue(value, unit)
}
