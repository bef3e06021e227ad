import { type Dearness, dearness, gramsAt, usualWhereUnknown } from '../core/carbon.ts'
import {
  type Added,
  type BudgetSpec,
  type CostStatus,
  expectedBy,
  type FleetCost,
  NO_PRICE,
  type Period,
  pricesAt,
  type Spend,
  spanOf,
  usualFromMs,
} from '../core/cost.ts'
import { wattsAt, wattsOf } from '../core/energy.ts'
import type { Server } from '../core/fleet.ts'
import type { HistorySample } from '../core/history.ts'
import { carbonRates, type FleetSpec } from '../core/policy.ts'
import type { Decision, ServerView } from '../core/scaling.ts'
import { sum } from '../core/sums.ts'
import type { Millis } from '../core/time.ts'
import type { Measured } from './measured.ts'
import type { FleetView } from './view.ts'

const SECOND_MS: Millis = 1000
const HOUR_MS: Millis = 3_600_000
const MOST_HOURS = 25
const MOST_FORMER = 5
const NOTHING: Period = { startAt: 0, amount: 0 }
/** A list may show a server that late after its launch. */
const LAG_MS: Millis = 60_000
/** Nobody was away for longer; a clock that was wrong may say so. */
const MOST_AWAY_MS: Millis = 31 * 24 * HOUR_MS

/** What the fleet costs, for decisions. Pure. */
export function costOf(measured: Measured): FleetCost | null {
  const { fleet, now, listed } = measured
  const priceOf = pricesAt(priceSpec(fleet), now)
  const prices = listed.filter(isPaid).flatMap((server) => priceOf(server) ?? [])
  const perHour = sum(prices)
  const each = prices.length > 0 ? perHour / prices.length : priceOf({})
  const { budget } = fleet
  if (each === null && budget === undefined) return null
  return { each, perHour, budget: budget ? budgetOf(budget, spentBy(measured), measured) : null }
}

/** What is spent is remembered: it counts also while no server is there that has a price. */
function budgetOf(
  { per }: BudgetSpec,
  spend: Spend | null,
  { fleet, now, memory }: Measured,
): FleetCost['budget'] {
  const { startAt, endAt } = spanOf(per, now, priceSpec(fleet).timezone)
  const period = spend?.[per]
  const spent = period && period.startAt === startAt ? period.amount : 0
  return { spent, expected: expectedBy(endAt, spent, spend), endAt, held: memory.budgetHeld ?? null }
}

/** How many servers may be there while the budget is used up, for `Memory.budgetHeld`: those of the tick when it ran out, so that the dead
 *  are refilled and nothing more; fewer after each scale-in. A blind tick does not know how many there are. Pure. */
export function nextHeld(
  { cost, fleet, blind }: FleetView,
  { have, want }: Pick<Decision, 'have' | 'want'>,
): number | null {
  if (!cost?.budget || !fleet.budget || cost.budget.spent < fleet.budget.amount) return null
  const { held } = cost.budget
  if (blind.length > 0) return held
  return Math.min(held ?? have, want < have ? want : Number.POSITIVE_INFINITY)
}

/** What has been paid for when this tick is over. Servers are paid from their launch until no list shows them; failed ones are not. Pure. */
export function nextSpend(view: FleetView): Spend {
  const { now, measured, fleet } = view
  const before = spentBy(measured) ?? emptySpend(now)
  const fromAt = Math.max(before.chargedAt, now - MOST_AWAY_MS)
  const tick = chargedFor(view, fromAt)
  const spans = { day: spanOf('day', now, zoneOf(fleet)), month: spanOf('month', now, zoneOf(fleet)) }
  const added = (old: Period, startAt: Millis): Period => {
    const share = shareSince(startAt, fromAt, now)
    return { startAt, amount: (old.startAt === startAt ? old.amount : 0) + tick.amount * share }
  }
  return {
    chargedAt: now,
    sinceAt: before.sinceAt,
    currency: priceSpec(fleet).currency,
    ...(before.former && { former: before.former }),
    total: before.total + tick.amount,
    serverHours: before.serverHours + tick.serverHours,
    wattHours: before.wattHours + tick.wattHours,
    ...gramsIn(before, tick),
    day: added(before.day, spans.day.startAt),
    month: added(before.month, spans.month.startAt),
    hours: nextHours(before.hours, tick.amount, { fromAt, now }),
    second: nextSecond(before.second, tick, now),
  }
}

/** What is remembered of what was spent, in the currency of the file: when that has changed, amounts begin anew, or go on where those
 *  of that currency have ended. null = nothing yet. */
function spentBy({ fleet, memory: { spend } }: Pick<Measured, 'fleet' | 'memory'>): Spend | null {
  const { currency } = priceSpec(fleet)
  if (spend === undefined) return null
  if ((spend.currency ?? currency) === currency) return spend
  const { second: _, ...kept } = spend
  const { total, day, month, chargedAt: untilAt, former = [] } = spend
  const again = former.find((one) => one.currency === currency)
  const others = former.map((one) => (one === again ? { currency, total: 0, untilAt: one.untilAt } : one))
  return {
    ...kept,
    currency,
    former: [{ currency: spend.currency!, total, untilAt, day, month }, ...others].slice(0, MOST_FORMER),
    total: again?.total ?? 0,
    day: again?.day ?? NOTHING,
    month: again?.month ?? NOTHING,
    hours: [],
  }
}

/** What was paid for over a long time belongs in equal parts to all its hours, or the last would look dear. */
function nextHours(
  old: Spend['hours'],
  amount: number,
  { fromAt, now }: { readonly fromAt: Millis; readonly now: Millis },
): Spend['hours'] {
  const hourOf = (at: Millis) => Math.floor(at / HOUR_MS) * HOUR_MS
  const lastAt = hourOf(now)
  const firstAt = lastAt - (MOST_HOURS - 1) * HOUR_MS
  const hours = new Map(old.map((hour) => [hour.startAt, hour.amount]))
  for (let at = Math.min(lastAt, Math.max(firstAt, hourOf(fromAt))); at <= lastAt; at += HOUR_MS) {
    const share = shareSince(at, fromAt, now) - (at === lastAt ? 0 : shareSince(at + HOUR_MS, fromAt, now))
    hours.set(at, (hours.get(at) ?? 0) + amount * share)
  }
  return [...hours]
    .map(([startAt, sum]): Period => ({ startAt, amount: sum }))
    .filter(({ startAt }) => startAt >= firstAt && startAt <= lastAt)
}

/** Ticks may come faster than once a second, of which the history keeps the last sample. */
function nextSecond(old: Added | undefined, tick: Omit<Added, 'startAt'>, now: Millis): Added {
  const startAt = Math.floor(now / SECOND_MS) * SECOND_MS
  if (old?.startAt !== startAt) return { startAt, ...tick }
  return {
    startAt,
    amount: old.amount + tick.amount,
    serverHours: old.serverHours + tick.serverHours,
    wattHours: old.wattHours + tick.wattHours,
    ...gramsIn(old, tick),
  }
}

/** Absent where none are known. */
function gramsIn(...parts: readonly { readonly grams?: number }[]): { readonly grams?: number } {
  const grams = sum(parts.map((part) => part.grams ?? 0))
  return grams === 0 ? {} : { grams }
}

/** For people; null before the first tick. */
export function costStatus(view: FleetView | null, spend: Spend | null): CostStatus | null {
  if (view === null || spend === null) return null
  const { fleet, now, cost, measured } = view
  const { currency, timezone } = priceSpec(fleet)
  const priceOf = pricesAt(priceSpec(fleet), now)
  const paid = measured.listed.filter(isPaid)
  const { endAt } = spanOf('month', now, timezone)
  return {
    currency,
    each: cost?.each ?? null,
    perHour: cost === null || cost.each === null ? null : cost.perHour,
    unpriced: paid.filter((server) => priceOf(server) === null).length,
    sinceAt: spend.sinceAt,
    total: spend.total,
    former: formerIn(spend),
    today: spend.day.amount,
    thisMonth: spend.month.amount,
    byMonthEnd: expectedBy(endAt, spend.month.amount, spend),
    usualFromMs: usualFromMs(spend),
    serverHours: spend.serverHours,
    kilowattHours: spend.wattHours === 0 ? null : spend.wattHours / 1000,
    carbonGrams: spend.grams ?? null,
    budget: fleet.budget && cost?.budget ? { ...fleet.budget, ...cost.budget } : null,
  }
}

/** An empty sum only tells since when a currency holds. */
function formerIn({ former = [] }: Spend): CostStatus['former'] {
  return former
    .filter(({ total }) => total > 0)
    .map(({ currency, total, untilAt }) => ({ currency, total, untilAt }))
}

/** What any server costs for an hour; null = nobody knows. */
export function pricesIn({ fleet, now }: FleetView): (server: Server) => number | null {
  return pricesAt(priceSpec(fleet), now)
}

/** What there is to say against any server: its price, and its carbon where the file counts that. */
export function dearnessIn(view: FleetView): (server: ServerView) => Dearness {
  const { fleet, now, readings } = view
  const priceOf = pricesIn(view)
  const rates = carbonRates(fleet)
  if (rates === null) return (server) => ({ price: priceOf(server) ?? 0, grams: 0 })
  const gramsOf = usualWhereUnknown(view.servers, gramsAt(rates, now, cpuIn(readings)))
  return (server) => dearness(priceOf(server) ?? 0, gramsOf(server), rates.carbon)
}

/** For the history, of the spend when the tick is over: what this second has added so far; a later tick of it stands for this one. A sum over
 *  a time is what that has cost. */
export function spendSamples(view: FleetView, spend: Spend | undefined): readonly HistorySample[] {
  if (spend?.second === undefined) return []
  const { amount, serverHours, wattHours, grams } = spend.second
  const about = { fleet: view.fleet.name, at: view.now }
  return [
    ...((view.cost?.each ?? null) === null
      ? []
      : [
          { ...about, metric: 'cost', value: amount },
          { ...about, metric: 'server-hours', value: serverHours },
        ]),
    ...(wattHours === 0 ? [] : [{ ...about, metric: 'energy', value: wattHours }]),
    ...(grams === undefined ? [] : [{ ...about, metric: 'carbon', value: grams }]),
  ]
}

/** The share of it that is used; null = not measured. */
function cpuIn({ cpu }: FleetView['readings']): number | null {
  return cpu?.ok ? cpu.sample.value : null
}

function chargedFor({ now, measured, fleet, readings }: FleetView, chargedAt: Millis) {
  const priceOf = pricesAt(priceSpec(fleet), now)
  const cpu = cpuIn(readings)
  const rates = carbonRates(fleet)
  const gramsOf = rates && gramsAt(rates, now, cpu)
  let [amount, serverHours, wattHours, grams] = [0, 0, 0, 0]
  for (const server of measured.listed.filter(isPaid)) {
    const hours = Math.max(0, (now - paidSince(server, measured, chargedAt)) / HOUR_MS)
    const watts = wattsOf(server.type, fleet.watts ?? null)
    amount += hours * (priceOf(server) ?? 0)
    serverHours += hours
    wattHours += hours * (watts === null ? 0 : wattsAt(watts, cpu))
    grams += hours * (gramsOf?.(server) ?? 0)
  }
  return { amount, serverHours, wattHours, ...gramsIn({ grams }) }
}

/** A new one from its launch, which may have been before the last tick. */
function paidSince({ id, launchedAt }: Server, { before }: Measured, chargedAt: Millis): Millis {
  const isNew = before !== null && !before.has(id)
  return Math.max(launchedAt, isNew ? chargedAt - LAG_MS : chargedAt)
}

/** Which part of what came since `fromAt` belongs to a period that began at `startAt`. */
function shareSince(startAt: Millis, fromAt: Millis, now: Millis): number {
  return startAt <= fromAt || now <= fromAt ? 1 : (now - startAt) / (now - fromAt)
}

function emptySpend(now: Millis): Spend {
  return {
    chargedAt: now,
    sinceAt: now,
    total: 0,
    serverHours: 0,
    wattHours: 0,
    day: NOTHING,
    month: NOTHING,
    hours: [],
  }
}

function isPaid({ phase }: Server): boolean {
  return phase !== 'failed'
}

function priceSpec({ price }: FleetSpec) {
  return price ?? NO_PRICE
}

function zoneOf(fleet: FleetSpec): string {
  return priceSpec(fleet).timezone
}
