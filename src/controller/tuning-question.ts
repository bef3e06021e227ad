import { meanPrice, NO_PRICE } from '../core/cost.ts'
import type { History, HistoryPoint } from '../core/history.ts'
import type { Capacity, Startup } from '../core/learned.ts'
import type { FleetSpec } from '../core/policy.ts'
import { sum } from '../core/sums.ts'
import type { Millis } from '../core/time.ts'
import type { TuningQuestion } from '../core/tuning.ts'
import type { TuningAims } from '../core/tuning-spec.ts'

const DAY: Millis = 86_400_000
/** What the history keeps for so long. */
const STEP_MS: Millis = 300_000
/** For policies that look ahead: what was before the days that are replayed. */
const WARM_DAYS = 7
/** Requests at once, of a server that only the file knows. */
const USUAL_SLOTS = 8
/** Of a fleet of which no start is known. */
const USUAL_STARTUP_MS: Millis = 60_000
/** Of a normal distribution, the 95th percentile in standard deviations. */
const P95_SIGMAS = 1.645

/** What else is known of a fleet. */
export interface Known {
  readonly aims: TuningAims
  readonly capacity: Capacity | null
  readonly startup: Startup | null
}

/** What a study of the fleet's last days has to know, by its history. Throws Fault as `History.read` does. */
export async function tuningQuestion(
  fleet: FleetSpec,
  { aims, capacity, startup }: Known,
  history: Pick<History, 'read'>,
  now: Millis,
): Promise<TuningQuestion> {
  const toAt = Math.floor(now / STEP_MS) * STEP_MS
  const read = async (metric: string, days: number): Promise<readonly HistoryPoint[]> => {
    const range = { fromAt: toAt - days * DAY, toAt, stepMs: STEP_MS }
    return (await history.read({ fleet: fleet.name, metric, ...range })).points
  }
  const [load, have, cost, hours] = await Promise.all([
    read('rps', aims.days + WARM_DAYS),
    ...['have', 'cost', 'server-hours'].map((metric) => read(metric, aims.days)),
  ])
  return {
    fleet: { ...fleet, config: null, template: null },
    aims,
    load: load.map(({ at, mean }) => ({ at, value: mean })),
    stepMs: STEP_MS,
    server: serverOf(fleet, capacity),
    surelyRps: capacity?.confident ? capacity.mostRps.low : null,
    startup: startupOf(fleet, startup),
    price: priceOf(fleet, total(cost!), total(hours!)),
    servers:
      have!.length * STEP_MS * 2 < aims.days * DAY ? null : sum(have!.map(({ mean }) => mean)) / have!.length,
  }
}

function serverOf({ capacityRps }: FleetSpec, capacity: Capacity | null): TuningQuestion['server'] {
  const learned = capacity?.confident ? capacity : null
  const most = capacityRps ?? learned?.mostRps.value ?? null
  return most === null ? null : { capacity: most, slots: learned?.slots ?? USUAL_SLOTS }
}

function startupOf({ usualStartupMs }: FleetSpec, startup: Startup | null): TuningQuestion['startup'] {
  if (usualStartupMs !== null || startup === null)
    return { medianMs: usualStartupMs ?? USUAL_STARTUP_MS, sigma: 0 }
  const { medianMs, p95Ms } = startup
  return { medianMs, sigma: medianMs > 0 ? Math.log(p95Ms / medianMs) / P95_SIGMAS : 0 }
}

/** What a server-hour has cost, else what the file says. */
function priceOf({ price = NO_PRICE }: FleetSpec, cost: number, hours: number): TuningQuestion['price'] {
  const each = cost > 0 && hours > 0 ? cost / hours : meanPrice(price)
  return each === null ? null : { each, currency: price.currency }
}

function total(points: readonly HistoryPoint[]): number {
  return sum(points.map(({ mean, count }) => mean * count))
}
