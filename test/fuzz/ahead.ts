import type { FleetPorts } from '../../src/controller/ports.ts'
import { Fault } from '../../src/core/fault.ts'
import type { Forecaster, Foretold } from '../../src/core/forecast.ts'
import type { HistoryAnswer, HistoryPoint, HistoryQuery } from '../../src/core/history.ts'
import type { Clock, Millis } from '../../src/core/time.ts'
import { forecastOf } from '../../src/scaling/forecast/forecast.ts'
import { LOAD_STEP_MS } from '../../src/scaling/forecast/outlook.ts'
import { foretold, NOON } from '../kit/scaling.ts'
import { CARRIES } from './draw-config.ts'
import type { Before } from './story.ts'
import type { Going } from './weather.ts'

const DAY: Millis = 86_400_000
const LONG: Millis = 3_600_000
/** Every so manyeth step nobody has measured. */
const GAP_EVERY = 7

export interface AheadOptions {
  readonly clock: Clock
  readonly going: Going
  readonly before: Before
}

/** What is known of earlier days and of what comes, and what goes wrong with that. */
export function aheadIn(options: AheadOptions): Pick<FleetPorts, 'forecaster'> & {
  readonly read: FleetPorts['history']['read']
} {
  return {
    read: async (query) => await readIn(query, options),
    forecaster: { forecast: async (...asked) => await forecastIn(asked, options) },
  }
}

async function readIn(query: HistoryQuery, { clock, going, before }: AheadOptions): Promise<HistoryAnswer> {
  const [trouble] = going('history')
  if (trouble?.how === 'hang') await clock.sleep(LONG, new AbortController().signal)
  if (trouble?.how === 'refuse') throw failed('store.failed', 'the history cannot be read')
  const stepMs = LOAD_STEP_MS
  const firstAt = Math.ceil(Math.max(query.fromAt, NOON - before.days * DAY) / stepMs) * stepMs
  const count = before.days === 0 ? 0 : Math.max(0, Math.ceil((query.toAt - firstAt) / stepMs))
  const all = Array.from({ length: count }, (_, index) =>
    pointOf(query.metric, firstAt + index * stepMs, before),
  )
  const points = all.filter(({ at }) => !before.gaps || (at / stepMs) % GAP_EVERY !== 0)
  return { ...query, stepMs, points }
}

/** The load goes up and down twice a day. */
function pointOf(metric: string, at: Millis, { load }: Before): HistoryPoint {
  const inFlight = load * (1 + 0.5 * Math.sin((4 * Math.PI * at) / DAY))
  const value = measured(metric, inFlight)
  return { at, count: 60, mean: value, min: value, max: 1.2 * value, p95: 1.1 * value }
}

function measured(metric: string, inFlight: number): number {
  if (metric === 'rps') return (inFlight * CARRIES.rps) / CARRIES.inFlight
  return metric === 'serving' ? Math.max(1, Math.round(inFlight / CARRIES.inFlight)) : inFlight
}

async function forecastIn(
  [load, about, signal]: Parameters<Forecaster['forecast']>,
  { clock, going }: AheadOptions,
): Promise<Foretold> {
  const [trouble] = going('forecast')
  switch (trouble?.how) {
    case 'hang':
      await clock.sleep(LONG, signal)
      return null
    case 'refuse':
      throw failed('internal', 'no forecast: the thread has died')
    case 'nothing':
      return null
    case 'nonsense':
      return foretold({ expected: Number.NaN, high: Number.NaN })
    case 'huge':
      return foretold({ expected: 1e12, high: 1e15 })
    default:
      return forecastOf(load, about, about.experience)
  }
}

function failed(code: 'store.failed' | 'internal', message: string): Fault {
  return new Fault(code, message, { source: 'internal', retry: 'yes' })
}
