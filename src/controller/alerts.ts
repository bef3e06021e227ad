import {
  ALERTS,
  type Alert,
  type AlertMemory,
  type AlertName,
  type Condition,
  type Turn,
} from '../core/alerts.ts'
import { metricInfo } from '../core/metrics.ts'
import { replacementText } from '../core/replacement.ts'
import type { Decision, ScalingPolicy, ServerView } from '../core/scaling.ts'
import { straysText } from '../core/strays.ts'
import type { Millis } from '../core/time.ts'
import { budgetText } from '../scaling/guards/budget.ts'
import { describe } from './events.ts'
import type { FleetView } from './view.ts'

/** How long a condition must hold before its alert is raised. */
const RAISE_MS: Readonly<Record<AlertName, Millis>> = {
  'step-overdue': 0,
  'at-max': 60_000,
  'no-data': 60_000,
  flapping: 0,
  blind: 30_000,
  balancer: 30_000,
  ineffective: 0,
  strays: 60_000,
  budget: 60_000,
  'replacement-stopped': 0,
}
/** How long it must be gone before the alert ends: one that comes and goes is one alert. */
const CLEAR_MS: Millis = 60_000
/** These tell what cannot be done, which is over as soon as it can. */
const CLEAR_AT_ONCE: readonly string[] = ['blind', 'balancer'] satisfies readonly AlertName[]
const TURNS_MS: Millis = 600_000
const MOST_TURNS = 500
/** So often may one server turn bad, and so many may fail, at least. */
const TURNS = 3
const FAILED_SHARE = 0.1

type Holding = Pick<Condition, 'says' | 'afterMs'>

/** What alerts have to remember after this tick. Pure. */
export function nextAlerts(
  memory: AlertMemory,
  view: FleetView,
  decision: Decision,
  policies: readonly ScalingPolicy[],
): AlertMemory {
  const { now } = view
  const bad = view.servers.filter(isBad).map(({ id }) => id)
  const turns = view.blind.length > 0 ? memory.turns : turnsOf(memory, view)
  const holding: Readonly<Record<AlertName, string | Holding | null>> = {
    'step-overdue': overdue(view),
    'at-max': atMax(view, decision),
    'no-data': withoutData(view, policies),
    flapping: flapping(turns, view),
    blind: view.blind[0] ?? null,
    balancer: view.blind.length > 0 ? null : view.trouble,
    ineffective: decision.ineffective?.find(({ untilAt }) => untilAt > now)?.says ?? null,
    strays: straying(view),
    budget: budgetText(view),
    'replacement-stopped':
      view.replacing?.state === 'stopped' ? replacementText(view.fleet.name, view.replacing) : null,
  }
  const conditions = Object.entries(holding).flatMap(([name, holds]): [string, Condition][] => {
    const before = memory.conditions[name as AlertName]
    if (holds !== null) {
      const condition = typeof holds === 'string' ? { says: holds } : holds
      return [[name, { sinceAt: before?.sinceAt ?? now, lastAt: now, ...condition }]]
    }
    return before && now - before.lastAt < clearMs(name) && isRaised(name as AlertName, before)
      ? [[name, before]]
      : []
  })
  return {
    conditions: Object.fromEntries(conditions),
    turns,
    bad: view.blind.length > 0 ? memory.bad : bad,
  }
}

function clearMs(name: string): Millis {
  return CLEAR_AT_ONCE.includes(name) ? 0 : CLEAR_MS
}

/** Those that are raised, in the order of the table. */
export function raised({ conditions }: AlertMemory): readonly Alert[] {
  return (Object.keys(ALERTS) as AlertName[]).flatMap((name) => {
    const condition = conditions[name]
    if (!condition || !isRaised(name, condition)) return []
    return [{ name, sinceAt: condition.sinceAt, says: condition.says }]
  })
}

/** A sentence for each alert that was raised or has ended between two ticks. */
export function alertNews(before: AlertMemory, after: AlertMemory): readonly string[] {
  const [old, now] = [raised(before), raised(after)]
  const fresh = now.filter(({ name }) => !old.some((alert) => alert.name === name))
  const ended = old.filter(({ name }) => !now.some((alert) => alert.name === name))
  return [
    ...fresh.map(({ name, says }) => `alert ${name}: ${says}`),
    ...ended.map(({ name }) => `alert ${name} has ended`),
  ]
}

function isRaised(name: AlertName, { sinceAt, lastAt, afterMs = RAISE_MS[name] }: Condition): boolean {
  return lastAt - sinceAt >= afterMs
}

function overdue({ verdicts }: FleetView): string | null {
  const late = verdicts.find(({ state }) => state === 'overdue')
  return late ? `${describe(late.intent.step)}: ${late.detail}` : null
}

function straying({ measured: { strays } }: FleetView): string | null {
  return strays.length === 0 ? null : straysText(strays)
}

function atMax({ fleet, there }: FleetView, { raw }: Decision): string | null {
  return raw !== null && raw > fleet.max && there >= fleet.max
    ? `${raw} servers are wanted, and max is ${fleet.max}`
    : null
}

/** Where nobody serves there is nothing to measure. */
function withoutData(
  { readings, servers, fleet }: FleetView,
  policies: readonly ScalingPolicy[],
): Holding | null {
  if (!servers.some(({ state }) => state === 'serving')) return null
  const missing = [...new Set(policies.flatMap((policy) => policy.metrics))].flatMap((metric) => {
    const reading = readings[metric]
    if (!reading || reading.ok || reading.why === 'idle') return []
    // Of a source whose points come late nothing can be expected before one could be there.
    const { freshMs = 0 } = metricInfo(metric, fleet.metrics)
    const afterMs = Math.max(freshMs, RAISE_MS['no-data'])
    return [{ says: `${metric}: ${reading.detail ?? reading.why}`, afterMs }]
  })
  return missing.toSorted((a, b) => a.afterMs - b.afterMs)[0] ?? null
}

function flapping(turns: readonly Turn[], { servers }: FleetView): string | null {
  const byServer = Map.groupBy(turns, ({ server }) => server)
  const worst = [...byServer].toSorted(([, a], [, b]) => b.length - a.length)[0]
  if (worst && worst[1].length >= TURNS)
    return `${worst[0]} turned bad ${worst[1].length} times in 10 minutes`
  const failed = new Set(turns.filter((turn) => turn.failed).map(({ server }) => server)).size
  return failed >= Math.max(TURNS, servers.length * FAILED_SHARE)
    ? `${failed} servers failed in 10 minutes after they had served`
    : null
}

function turnsOf(memory: AlertMemory, view: FleetView): readonly Turn[] {
  const served = new Set(view.measured.memory.confirmed)
  const fresh = view.servers
    .filter((server) => isBad(server) && !memory.bad.includes(server.id) && served.has(server.id))
    .map(({ id, state }): Turn => ({ at: view.now, server: id, failed: state === 'failed' }))
  return [...memory.turns, ...fresh].filter(({ at }) => at > view.now - TURNS_MS).slice(-MOST_TURNS)
}

function isBad({ state, members }: ServerView): boolean {
  const unwell = Object.values(members).some(
    (member) => member.state === 'unhealthy' || member.state === 'ejected',
  )
  return state === 'failed' || (state === 'serving' && unwell)
}
