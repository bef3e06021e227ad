import type { FleetStatus } from '../core/admin.ts'
import { replacementText } from '../core/replacement.ts'
import type { Decision, Opinion, Reason, Trace } from '../core/scaling.ts'
import type { DecisionRecord } from '../core/store.ts'
import type { Millis } from '../core/time.ts'
import { formatDuration } from '../core/units.ts'
import { budgetLine, changeCostText, costLine } from './cost-lines.ts'
import { alertLine, orderLines, readingText, stepLine, timeOf, whenOf, windowLine } from './format.ts'
import { learnedLines } from './learned.ts'
import { tuningLines } from './tuning-lines.ts'

/** Why a fleet has the number of servers that it has now, and why not another: one heading, then indented sections. `change` is the
 *  last decision that changed something. */
export function explanation(fleet: FleetStatus, change: DecisionRecord | undefined): string[] {
  const { name, decision, lastTickAt } = fleet
  const heading = decision ? `${changeText(decision)} at ${timeOf(lastTickAt)}` : 'no decision yet'
  return [
    `${name}: ${heading}`,
    ...section(
      'blind',
      fleet.blind === null ? [] : [`${fleet.blind}; nothing is changed until it can be seen`],
    ),
    ...section(
      'alerts',
      fleet.alerts.map((alert) => alertLine(alert, lastTickAt)),
    ),
    ...section('cost', costLines(fleet)),
    ...section('read', readingLines(fleet)),
    ...section('why', decision ? decision.because.map((reason) => reasonLine(reason, lastTickAt)) : []),
    ...section('policies', decision ? decision.opinions.flatMap(opinionLines) : []),
    ...section(
      'others',
      fleet.others.map(({ says }) => says),
    ),
    ...section(
      'calendar',
      fleet.windows.map((window) => windowLine(window, lastTickAt)),
    ),
    ...section('orders', orderLines(fleet)),
    ...section(
      'replacement',
      fleet.replacement === null ? [] : [replacementText(fleet.name, fleet.replacement)],
    ),
    ...section('launches', backoffLines(fleet)),
    ...section('learned', learnedLines(fleet.learned)),
    ...section('tuning', tuningLines(fleet)),
    ...section('last change', change ? changeLines(change, fleet) : []),
    ...section(
      'open',
      fleet.open.map((open) => `${stepLine(open.step)}: ${detailed(open.state, open.detail)}`),
    ),
    ...section('servers not serving', waiting(fleet)),
  ]
}

/** `they wait until 12:03:04: a server never became healthy`. */
export function backoffLines({ backoff, lastTickAt }: FleetStatus): string[] {
  return backoff === null ? [] : [`they wait until ${whenOf(backoff.untilAt, lastTickAt)}: ${backoff.why}`]
}

function costLines({ cost, decision }: FleetStatus): string[] {
  if (cost === null || cost.each === null) return []
  const change = changeCostText(decision?.costPerHour, cost.currency)
  return [
    costLine(cost),
    ...(cost.budget === null ? [] : [budgetLine(cost.budget)]),
    ...(change === '' ? [] : [`this change ${change}`]),
  ]
}

function changeLines({ at, decision, steps }: DecisionRecord, { cost, lastTickAt }: FleetStatus): string[] {
  const change = changeCostText(decision.costPerHour, cost?.currency ?? '')
  return [
    `${changeText(decision)} at ${whenOf(at, lastTickAt)}`,
    ...(change === '' ? [] : [`it ${change}`]),
    ...steps.map(({ step }) => stepLine(step)),
  ]
}

/** `2 -> 4 servers`, `stays at 2 servers`. */
export function changeText({ have, want }: Decision): string {
  const servers = want === 1 ? 'server' : 'servers'
  return have === want ? `stays at ${want} ${servers}` : `${have} -> ${want} ${servers}`
}

/** `cpu 62%, 1.2s old, from fleet`. */
function readingLines({ readings, metrics, measuredBy, lastTickAt }: FleetStatus): string[] {
  return Object.entries(readings).map(([name, reading]) => {
    const ageMs = lastTickAt - (reading.ok ? reading.sample.at : reading.at)
    const by = measuredBy[name] === undefined ? '' : `, from ${measuredBy[name]}`
    const detail = !reading.ok && reading.detail ? ` (${reading.detail})` : ''
    return `${name} ${readingText(name, reading, metrics)}, ${formatDuration(Math.max(0, ageMs))} old${by}${detail}`
  })
}

/** A reason that holds the number back shows as from = to. */
export function reasonLine({ by, from, to, says, untilAt }: Reason, at: Millis): string {
  const change = from === to ? `holds ${to}` : `${from} -> ${to}`
  return `${by}: ${change}: ${says}${untilAt === null ? '' : ` (until ${whenOf(untilAt, at)})`}`
}

function opinionLines({ policy, want, why, trace }: Opinion): string[] {
  const line = `${policy}: ${want === null ? 'abstains' : `wants ${want}`}: ${why}`
  return [line, ...(trace ? indent(traceLines(trace)) : [])]
}

function traceLines({ text, value, parts }: Trace): string[] {
  return [
    `${text} = ${valueText(value)}`,
    ...indent(parts.filter((part) => !isLiteral(part)).flatMap(traceLines)),
  ]
}

/** `80%` explains itself. */
function isLiteral({ text, parts }: Trace): boolean {
  return parts.length === 0 && /^[\d.]/.test(text)
}

function valueText(value: Trace['value']): string {
  if (value === null) return 'no data'
  return typeof value === 'number' ? String(Number(value.toPrecision(4))) : String(value)
}

function waiting(fleet: FleetStatus): string[] {
  return fleet.servers
    .filter(({ state }) => state !== 'serving')
    .map(({ id, state, detail }) => `${id}: ${detailed(state, detail)}`)
}

function detailed(state: string, detail: string | null): string {
  return detail ? `${state}, ${detail}` : state
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : indent([title, ...indent(lines)])
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`)
}
