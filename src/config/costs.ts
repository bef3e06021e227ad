import type * as z from 'zod'
import { canonical } from '../core/canonical.ts'
import { type BudgetSpec, NO_PRICE, type PriceSpec, type Watts } from '../core/cost.ts'
import type { BUDGET, PRICE, WATTS } from './cost-schema.ts'
import type { Path } from './document.ts'
import type { Report } from './report.ts'

interface Parsed {
  readonly price: z.output<typeof PRICE>
  readonly budget: z.output<typeof BUDGET>
  readonly watts: z.output<typeof WATTS>
}

/** What a fleet costs and draws, at that path. */
export function readCosts(
  { price, budget, watts }: Parsed,
  path: Path,
  report: Report,
): { readonly price?: PriceSpec; readonly budget?: BudgetSpec; readonly watts?: Watts } {
  const { per, amount } = budget
  const drawn = readWatts(watts, [...path, 'watts'], report)
  const paid = readPrice(price, [...path, 'price'], report)
  return {
    ...(canonical(paid) !== canonical(NO_PRICE) && { price: paid }),
    ...(amount !== null && { budget: { per, amount } }),
    ...(drawn !== null && { watts: drawn }),
  }
}

function readPrice(price: Parsed['price'], path: Path, report: Report): PriceSpec {
  return {
    currency: price.currency,
    perHour: price['per-hour'] ?? null,
    types: price.types ?? {},
    spotRatio: price.spot,
    night: readNight(price.night, [...path, 'night'], report),
    timezone: price.timezone,
  }
}

function readNight(
  { from, until, factor }: Parsed['price']['night'],
  path: Path,
  report: Report,
): PriceSpec['night'] {
  if (from === undefined && until === undefined) return null
  if (from === undefined || until === undefined || from === until) {
    report.error(path, 'expected two different hours, such as { from: 22, until: 8, factor: 50% }')
    return null
  }
  return { fromHour: from, untilHour: until, factor }
}

function readWatts({ idle, peak }: Parsed['watts'], path: Path, report: Report): Watts | null {
  if (idle === undefined && peak === undefined) return null
  if (idle === undefined || peak === undefined || idle > peak) {
    report.error(path, 'expected both, the lower one first, such as { idle: 60, peak: 180 }')
    return null
  }
  return { idle, peak }
}
