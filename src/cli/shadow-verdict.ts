import type { ShadowStatus } from '../core/shadow.ts'
import type { Millis } from '../core/time.ts'
import { formatDuration } from '../core/units.ts'
import { holds, noFigure, readWritten, type Written } from '../simulator/assertion.ts'

/** `too-short`: not compared for long enough; `differs`: now more, now fewer, and about as many server-hours. */
export type Verdict = 'same' | 'cheaper' | 'dearer' | 'differs' | 'too-short' | 'failed'

/** Figures of a shadow in percent; null = there is nothing to compare it with. */
const FIGURES = {
  'server-hours': ({ serverMs, activeServerMs }: ShadowStatus) => share(serverMs, activeServerMs),
  cost: ({ cost, activeCost }: ShadowStatus) => share(cost, activeCost),
  changes: ({ changes, activeChanges }: ShadowStatus) => share(changes, activeChanges),
  refused: ({ refused, ticks }: ShadowStatus) => share(refused, ticks),
  more: ({ more, ticks }: ShadowStatus) => share(more, ticks),
  fewer: ({ fewer, ticks }: ShadowStatus) => share(fewer, ticks),
  differs: ({ more, fewer, ticks }: ShadowStatus) => share(more + fewer, ticks),
} as const

/** What must be true of the shadow of a fleet, in percent. */
export interface ShadowAssertion {
  readonly text: string
  /** null = each that has one. */
  readonly fleet: string | null
  readonly figure: keyof typeof FIGURES
  readonly operator: Written['operator']
  readonly value: number
}

/** What differs by so many percent is about the same. */
const ALIKE = 1
const ALL = 100

function share(part: number, whole: number): number | null {
  if (whole > 0) return (ALL * part) / whole
  return part > 0 ? null : ALL
}

/** By what was wanted, which is not what would have come of it. `leastMs`: so long both have to have been compared. */
export function verdictOf(shadow: ShadowStatus, leastMs: Millis): Verdict {
  if (shadow.failed !== null) return 'failed'
  if (shadow.ticks === 0 || shadow.comparedMs < leastMs) return 'too-short'
  const spent = shadow.activeCost > 0 ? FIGURES.cost(shadow) : FIGURES['server-hours'](shadow)
  if (spent === null || spent > ALL + ALIKE) return 'dearer'
  if (spent < ALL - ALIKE) return 'cheaper'
  return FIGURES.differs(shadow)! > ALIKE ? 'differs' : 'same'
}

/** `api: cheaper: 92% of the server-hours, ...`. */
export function verdictLine(fleet: string, shadow: ShadowStatus, verdict: Verdict): string {
  const { comparedMs, serverMs, activeServerMs, activeCost, failed } = shadow
  if (verdict === 'failed') return `${fleet}: failed: ${failed}`
  const span = formatDuration(Math.floor(comparedMs / 1000) * 1000)
  if (verdict === 'too-short') return `${fleet}: too-short: ${span} are compared so far`
  const of = (figure: keyof typeof FIGURES) => `${FIGURES[figure](shadow)?.toFixed(1)}%`
  const hours =
    activeServerMs > 0 || serverMs === 0
      ? `${of('server-hours')} of the server-hours`
      : 'servers where the active configuration wants none'
  const cost = activeCost > 0 ? `, ${of('cost')} of the cost` : ''
  const changed = FIGURES.changes(shadow) === null ? changesAlone(shadow) : `${of('changes')} of the changes`
  return `${fleet}: ${verdict}: ${hours}${cost}, ${changed}, otherwise in ${of('differs')} of the ticks, refused in ${of('refused')}, in ${span}`
}

/** Of which there is no share. */
function changesAlone({ changes }: ShadowStatus): string {
  return `the active configuration made no change and the shadow ${changes}`
}

/** `server-hours <= 100%` or `api: changes < 150%`; text = what is wrong. */
export function readShadowAssertion(text: string): ShadowAssertion | string {
  const written = readWritten(text, 'server-hours <= 100%')
  if (typeof written === 'string') return written
  const { subject, name, operator, valueText } = written
  if (!isFigure(name)) return noFigure(name, Object.keys(FIGURES))
  if (!/^\d+(\.\d+)?%$/.test(valueText))
    return `expected a percentage such as 100% for ${name}, got "${valueText}"`
  return { text: written.text, fleet: subject, figure: name, operator, value: Number.parseFloat(valueText) }
}

function isFigure(name: string): name is keyof typeof FIGURES {
  return Object.hasOwn(FIGURES, name)
}

/** A sentence for each shadow of which it is not true, and one where there is none that it could be about. */
export function brokenByShadows(
  assertion: ShadowAssertion,
  shadows: readonly { readonly name: string; readonly shadow: ShadowStatus }[],
): readonly string[] {
  const { text, fleet, figure } = assertion
  const about = shadows.filter(({ name }) => fleet === null || name === fleet)
  if (about.length === 0) return [`${text}: no fleet ${fleet ?? ''} has a shadow`.replace('  ', ' ')]
  return about.flatMap(({ name, shadow }) => {
    const value = figure === 'cost' && shadow.activeCost === 0 ? null : FIGURES[figure](shadow)
    if (value === null && figure === 'changes') return [`${text}: ${name}: ${changesAlone(shadow)}`]
    if (value === null) return [`${text}: ${name} has nothing to compare it with`]
    return holds(value, assertion) ? [] : [`${text}: ${name} has ${Number(value.toPrecision(4))}%`]
  })
}
