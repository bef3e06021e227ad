import type * as z from 'zod'
import { canonical } from '../core/canonical.ts'
import type { CarbonSpec } from '../core/carbon.ts'
import { NO_PRICE, type PriceSpec, type Watts } from '../core/cost.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { BUDGET, CARBON, PRICE, WATTS } from './cost-schema.ts'
import type { Path } from './document.ts'
import type { Report } from './report.ts'

interface Parsed {
  readonly price: z.output<typeof PRICE>
  readonly budget: z.output<typeof BUDGET>
  readonly watts: z.output<typeof WATTS>
  readonly carbon: z.output<typeof CARBON>
}

type Costs = Pick<FleetSpec, 'price' | 'budget' | 'watts' | 'carbon'>

/** What a fleet costs and draws, at that path. */
export function readCosts({ price, budget, watts, carbon }: Parsed, path: Path, report: Report): Costs {
  const { per, amount } = budget
  const drawn = readWatts(watts, [...path, 'watts'], report)
  const made = readCarbon(carbon, [...path, 'carbon'], report)
  const paid = readPrice(price, [...path, 'price'], report)
  return {
    ...(canonical(paid) !== canonical(NO_PRICE) && { price: paid }),
    ...(amount !== null && { budget: { per, amount } }),
    ...(drawn !== null && { watts: drawn }),
    ...(made !== null && { carbon: made }),
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

function readCarbon(
  { intensity, zones = {}, 'per-tonne': perTonne }: Parsed['carbon'],
  path: Path,
  report: Report,
): CarbonSpec | null {
  const isOnlySome = intensity === undefined && Object.keys(zones).length > 0
  if (isOnlySome)
    report.warn(
      [...path, 'zones'],
      'servers that stand elsewhere are not counted; say beside zones what a kWh makes there, such as intensity: 540',
    )
  if (intensity !== undefined || isOnlySome) return { everywhere: intensity ?? null, zones, perTonne }
  if (perTonne > 0) report.error(path, 'expected what a kWh makes beside per-tonne, such as intensity: 540')
  return null
}
