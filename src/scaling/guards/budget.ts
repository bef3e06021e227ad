import type { Guard, View } from '../../core/scaling.ts'
import { adjust } from './adjust.ts'

/** Nothing is launched beyond what there is once the budget is used up. It retires nobody: traffic that is served goes on to be. What
 *  has died since it ran out may be refilled; `min`, a schedule's min and an operator's word stand above it. */
export const budget: Guard = {
  name: 'budget',
  check(decision, view) {
    const known = view.cost?.budget
    const amount = view.fleet.budget?.amount
    if (!known || amount === undefined || known.spent < amount) return decision
    const most = Math.max(decision.have, known.held ?? 0)
    const about = { by: 'guard:budget', says: budgetText(view)!, untilAt: known.endAt }
    return adjust(decision, Math.min(decision.want, most), about)
  },
}

/** What there is to tell of the budget; null = it will do, or there is none. */
export function budgetText({ cost, fleet }: Pick<View, 'cost' | 'fleet'>): string | null {
  if (!cost?.budget || !fleet.budget) return null
  const { spent, expected } = cost.budget
  const { per, amount } = fleet.budget
  const of = `${spent.toFixed(2)} of the ${amount} a ${per}`
  if (spent >= amount) return `the budget is used up: ${of}`
  return expected !== null && expected > amount
    ? `the budget will not do: ${of} are spent, ${expected.toFixed(2)} are to be expected by its end`
    : null
}
