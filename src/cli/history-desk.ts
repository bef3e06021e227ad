import type { Page } from '../core/api.ts'
import type { HistoryDesk, HistoryPoint, HistoryReading, Imported, SeriesName } from '../core/history.ts'
import type { Client } from './client.ts'

/** The history of a running Tidegate, over its API. */
export function apiDesk(client: Client): HistoryDesk {
  return {
    series: async () => (await client.get<Page<SeriesName>>('/api/v1/history/series')).items,
    async read({ fleet, metric, fromAt, toAt, stepMs }) {
      const query = new URLSearchParams({ fleet, metric, from: iso(fromAt), to: iso(toAt) })
      if (stepMs !== null) query.set('step', String(stepMs))
      const answer = await client.get<Omit<HistoryReading, 'points'> & Page<HistoryPoint>>(
        `/api/v1/history?${query}`,
      )
      return {
        fleet: answer.fleet,
        metric: answer.metric,
        unit: answer.unit,
        stepMs: answer.stepMs,
        points: answer.items,
      }
    },
    importCsv: (series, csv) => client.send<Imported>('POST', '/api/v1/history/import', { ...series, csv }),
  }
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
