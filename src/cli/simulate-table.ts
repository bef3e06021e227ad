import { columnsOf, type Priced } from '../simulator/report/columns.ts'
import type { Say } from '../words/translate.ts'
import { table } from './table.ts'

/** For people, a line a policy. */
export function outcomeTable(outcomes: readonly Priced[], say: Say): string[] {
  const columns = columnsOf(outcomes)
  const headings = columns.map(({ heading }, index) => (index === 0 ? heading : `>${heading}`))
  return table(
    headings,
    outcomes.map((one) => columns.map(({ cell }) => cell(one))),
    say,
  )
}
