import type { CostStatus, FormerSpend } from '../core/cost.ts'
import type { Millis } from '../core/time.ts'
import { formatDuration } from '../core/units.ts'
import { momentOf } from './format.ts'

export const MINUTE_MS: Millis = 60_000
const HOUR_MS: Millis = 3_600_000
/** A day's worth, though an hour may have just begun. */
const WHOLE_MS: Millis = 24 * HOUR_MS

/** `2.04 CNY an hour now, 12.30 today, 210.44 this month, 640.00 expected by its end`. */
export function costLine(cost: CostStatus): string {
  const { perHour, currency, today, thisMonth, unpriced } = cost
  if (perHour === null) return 'no price is known: give the fleet a price'
  const blank = unpriced === 0 ? '' : `; ${unpriced} servers without a known price are not in it`
  const sums = `${money(today)} today, ${money(thisMonth)} this month, ${expectedText(cost)}`
  return `${money(perHour)} ${currency} an hour now, ${sums}${blank}`
}

/** Until a day is known, of how much it is reckoned. */
function expectedText({ byMonthEnd, usualFromMs }: CostStatus): string {
  if (byMonthEnd === null) return 'what it comes to is told when an hour of its cost is known'
  const from = usualFromMs < WHOLE_MS ? ` by the cost of ${spanText(usualFromMs)}` : ''
  return `${money(byMonthEnd)} expected by its end${from}`
}

/** `budget: 12.30 of 500 a month are spent, 640.00 expected by its end`. */
export function budgetLine({ per, amount, spent, expected }: NonNullable<CostStatus['budget']>): string {
  const end = expected === null ? '' : `, ${money(expected)} expected by its end`
  return `budget: ${money(spent)} of ${amount} a ${per} are spent${end}`
}

/** `until 2026-11-27 12:03:04 it cost 210.44 CNY, which is in none of these sums`. */
export function formerLine({ currency, total, untilAt }: FormerSpend): string {
  return `until ${momentOf(untilAt)} it cost ${money(total)} ${currency}, which is in none of these sums`
}

/** `costs 0.68 CNY an hour more`; '' where there is no change or no price. */
export function changeCostText(costPerHour: number | undefined, currency: string): string {
  if (costPerHour === undefined || costPerHour === 0) return ''
  const amount = `${money(Math.abs(costPerHour))} ${currency} an hour`
  return costPerHour > 0 ? `costs ${amount} more` : `saves ${amount}`
}

/** In whole minutes. */
export function spanText(ms: Millis): string {
  return formatDuration(Math.round(ms / MINUTE_MS) * MINUTE_MS)
}

function money(amount: number): string {
  return amount.toFixed(2)
}
