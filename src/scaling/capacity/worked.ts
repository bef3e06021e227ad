import type { HistoryPoint } from '../../core/history.ts'

/** What one server did in a step of the history, as a mean over those that served. */
export interface Worked {
  /** Requests that ended a second. */
  readonly rps: number
  /** Requests that it had at once. */
  readonly inFlight: number
  /** 0 to 1; null = not measured. */
  readonly cpu: number | null
}

/** The series of the history that tell what servers carried. */
export const WORKED_METRICS = ['throughput', 'in-flight', 'serving', 'cpu'] as const

export type WorkedSeries = Readonly<Record<(typeof WORKED_METRICS)[number], readonly HistoryPoint[]>>

/** By how much the number of servers may have changed within a step: later it is not clear who has carried what. */
const SAME = 0.01

/** What each server did, step by step; steps of which something is missing, or in which servers came or went, are left out. */
export function workedIn(series: WorkedSeries): readonly Worked[] {
  const inFlight = meansOf(series['in-flight'])
  const cpu = meansOf(series.cpu)
  const serving = new Map(series.serving.map((point) => [point.at, point]))
  return series.throughput.flatMap(({ at, mean }) => {
    const servers = serving.get(at)
    const requests = inFlight.get(at)
    if (servers === undefined || requests === undefined || servers.mean <= 0) return []
    if (servers.max - servers.min > SAME * servers.mean) return []
    return [
      {
        rps: mean / servers.mean,
        inFlight: requests / servers.mean,
        cpu: cpu.get(at) ?? null,
      },
    ]
  })
}

function meansOf(points: readonly HistoryPoint[]): ReadonlyMap<number, number> {
  return new Map(points.map(({ at, mean }) => [at, mean]))
}
