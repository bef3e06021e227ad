import type { Page } from '../../core/api.ts'
import { userFault } from '../../core/fault.ts'
import type { HistoryDesk, HistoryPoint, HistoryReading, SeriesName } from '../../core/history.ts'
import { INSTANT } from '../../core/instant.ts'
import type { Clock, Millis } from '../../core/time.ts'
import { parseDuration } from '../../core/units.ts'
import { type Route, route } from '../route.ts'
import { instantOf } from './instants.ts'

const DEFAULT_BACK_MS = 3_600_000
/** Of a CSV as JSON. */
const BODY_BYTES = 32 * 2 ** 20

const FLEET = { description: "the fleet's name", type: 'string', required: true } as const
const METRIC = { description: "the metric's name", type: 'string', required: true } as const

type Answer = Omit<HistoryReading, 'points'> & Page<HistoryPoint>

export function historyRoutes(history: HistoryDesk, clock: Clock): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/v1/history',
      summary:
        'A metric over time, oldest first, in its base unit; a step without samples has no point. Kept: 1 s for an hour, 10 s for a day, 5 min for 60 days',
      query: {
        fleet: FLEET,
        metric: METRIC,
        from: { description: `default: an hour before \`to\`; ${INSTANT}`, type: 'string' },
        to: { description: `default: now; ${INSTANT}`, type: 'string' },
        step: {
          description: 'ms, or a duration such as 10s; default: one that gives at most 1000 points',
          type: 'string',
        },
      },
      answer: async ({ query }): Promise<Answer> => {
        const now = clock.now()
        const toAt = instantOf('to', query.to, now) ?? now
        const fromAt = instantOf('from', query.from, now) ?? toAt - DEFAULT_BACK_MS
        const { fleet, metric } = query
        const stepMs = stepOf(query.step)
        const { points, ...about } = await history.read({ fleet, metric, fromAt, toAt, stepMs })
        return { ...about, items: points, next: null }
      },
    }),
    route({
      method: 'GET',
      path: '/api/v1/history/series',
      summary: 'Every fleet and metric that the history has points of',
      answer: async (): Promise<Page<SeriesName>> => ({ items: await history.series(), next: null }),
    }),
    route({
      method: 'POST',
      path: '/api/v1/history/import',
      summary: 'Take samples of the past, all or none; repeating it changes nothing',
      bodyBytes: BODY_BYTES,
      body: {
        fleet: FLEET,
        metric: METRIC,
        csv: { description: 'lines under the header timestamp,value', type: 'string', required: true },
      },
      answer: async ({ body: { fleet, metric, csv } }) => ({
        fleet,
        metric,
        ...(await history.importCsv({ fleet, metric }, csv)),
      }),
    }),
  ]
}

function stepOf(text: string | undefined): Millis | null {
  if (text === undefined) return null
  const ms = /^\d{1,15}$/.test(text) ? Number(text) : parseDuration(text)
  if (ms === null)
    throw userFault('request.invalid', `step: expected ms or a duration such as 10s, got "${text}"`)
  return ms
}
