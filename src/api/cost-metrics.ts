import type { CostStatus } from '../core/cost.ts'
import type { Family, Scrape } from './metric-family.ts'

/** What fleets cost and draw, and what carbon that makes. */
export const COST_FAMILIES: readonly Family[] = [
  costOf(
    'tidegate_fleet_cost',
    'counter',
    'What the fleet has cost since Tidegate first looked at it, as far as prices are known.',
    (cost) => cost.total,
  ),
  costOf('tidegate_fleet_cost_per_hour', 'gauge', 'What its servers cost an hour.', (cost) => cost.perHour),
  costOf('tidegate_fleet_cost_month', 'gauge', 'What it has cost this month.', (cost) => cost.thisMonth),
  costOf(
    'tidegate_fleet_budget_spent_ratio',
    'gauge',
    'Share of the budget of this day or month that is spent.',
    ({ budget }) => (budget === null ? null : budget.spent / budget.amount),
  ),
  {
    name: 'tidegate_fleet_energy_joules',
    type: 'counter',
    help: 'What its servers are reckoned to have drawn, where their watts are known.',
    read: ({ fleets }) =>
      fleets.flatMap(({ name: fleet, cost }) =>
        cost?.kilowattHours == null ? [] : [{ labels: { fleet }, value: cost.kilowattHours * 3.6e6 }],
      ),
  },
  {
    name: 'tidegate_fleet_carbon_grams',
    type: 'counter',
    help: 'Of CO2 equivalent that this power is reckoned to have made, where the file says where it comes from.',
    read: ({ fleets }) =>
      fleets.flatMap(({ name: fleet, cost }) =>
        cost?.carbonGrams == null ? [] : [{ labels: { fleet }, value: cost.carbonGrams }],
      ),
  },
]

function costOf(
  name: string,
  type: 'gauge' | 'counter',
  help: string,
  value: (cost: CostStatus) => number | null,
): Family {
  const read = ({ fleets }: Scrape) =>
    fleets.flatMap(({ name: fleet, cost }) => {
      const amount = cost === null || cost.each === null ? null : value(cost)
      return amount === null ? [] : [{ labels: { fleet, currency: cost!.currency }, value: amount }]
    })
  return { name, type, help, read }
}
