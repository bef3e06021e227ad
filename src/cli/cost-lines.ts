import type { CostStatus, FormerSpend } from '../core/cost.ts'
import { momentOf } from './format.ts'

/** `2.04 CNY an hour now, 12.30 today, 210.44 this month, 640.00 expected by its end`. */
export function costLine(cost: CostStatus): string {
  const { perHour, currency, today, thisMonth, byMonthEnd, unpriced } = cost
  if (perHour === null) return 'no price is known: give the fleet a price'
  const blank = unpriced === 0 ? '' : `; ${unpriced} servers without a known price are not in it`
  const sums = `${money(today)} today, ${money(thisMonth)} this month, ${money(byMonthEnd)} expected by its end`
  return `${money(perHour)} ${currency} an hour now, ${sums}${blank}`
}

/** `budget: 12.30 of 500 a month are spent, 640.00 expected by its end`. */
export function budgetLine({ per, amount, spent, expected }: NonNullable<CostStatus['budget']>): string {
  return `budget: ${money(spent)} of ${amount} a ${per} are spent, ${money(expected)} expected by its end`
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

function money(amount: number): string {
  return amount.toFixed(2)
}
