import type { HistoryAnswer } from '../../core/history.ts'
import type { MetricName } from '../../core/metrics.ts'
import type { Millis } from '../../core/time.ts'
import type { Besides } from './views.ts'

/** Means that a history keeps in the place of samples. A step's mean is known from its beginning on: it holds samples of its time, and nobody
 *  knows when each of them came. */
export function besidesOf(answers: readonly HistoryAnswer[]): Besides {
  const series = new Map<MetricName, HistoryAnswer>(answers.map((answer) => [answer.metric, answer]))
  return (metric, at) => {
    const answer = series.get(metric)
    const point = answer && newestAt(answer, at)
    return point
      ? { ok: true, sample: { value: point.mean, at: Math.min(at, point.at + answer.stepMs) } }
      : null
  }
}

function newestAt({ points }: HistoryAnswer, at: Millis): HistoryAnswer['points'][number] | undefined {
  let [low, high] = [0, points.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (points[middle]!.at <= at) low = middle + 1
    else high = middle
  }
  return points[low - 1]
}
