import type { Millis } from '../../core/time.ts'
import type { Series, Span } from './state.ts'

/** Products whose points have one value, and no mean of several. */
const SINGLE = new Set(['acs_alb', 'acs_bandwidth_package'])

/** One point, as it stands in an answer. */
export type Point = Readonly<Record<string, string | number>> & { readonly timestamp: Millis }

/** The points of a series at a period, of those periods that had ended by a time: each is dated by the beginning of its period. */
export function pointsOf(series: Series, periodMs: Millis, endedAt: Millis): readonly Point[] {
  const { account, namespace, dimensions, spans } = series
  const byPeriod = Map.groupBy(spans, ({ at }) => Math.floor(at / periodMs) * periodMs)
  return [...byPeriod]
    .filter(([at]) => at + periodMs <= endedAt)
    .map(([timestamp, of]) => ({ timestamp, userId: account, ...dimensions, ...valuesOf(namespace, of) }))
}

export function statisticsOf(namespace: string): readonly string[] {
  return SINGLE.has(namespace) ? ['Value'] : ['Minimum', 'Average', 'Maximum']
}

function valuesOf(namespace: string, spans: readonly Span[]): Readonly<Record<string, number>> {
  const total = (of: (span: Span) => number) => spans.reduce((sum, span) => sum + of(span), 0)
  const mean = total(({ sum }) => sum) / total(({ count }) => count)
  if (SINGLE.has(namespace)) return { Value: mean }
  return {
    Minimum: Math.min(...spans.map(({ minimum }) => minimum)),
    Average: mean,
    Maximum: Math.max(...spans.map(({ maximum }) => maximum)),
  }
}
