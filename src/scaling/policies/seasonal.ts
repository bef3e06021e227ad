import { metricInfo } from '../../core/metrics.ts'
import type { SeasonalPolicySpec } from '../../core/policy.ts'
import type { Opinion, ScalingPolicy, View } from '../../core/scaling.ts'
import type { Millis } from '../../core/time.ts'
import { formatDuration, formatValue } from '../../core/units.ts'
import { EARLY_MS, LATE_MS, timesOf } from '../forecast/precedents.ts'
import { roundUp } from '../round.ts'
import { servers } from '../words.ts'
import { carriedIn } from './carried.ts'

/** An outlook that nobody has renewed for so long says nothing. */
const OLDEST_MS: Millis = 900_000

/** A floor by what the same time brought on earlier days: servers for its highest load are there before it comes again, as many as it has paid
 *  to have after such times, once some days tell. Asks for nothing where there is no such day. */
export function seasonalPolicy(spec: SeasonalPolicySpec): ScalingPolicy {
  return {
    name: spec.name,
    metrics: [spec.metric],
    lookBackMs: 0,
    looksAhead: spec.metric,
    opine: (view) => seasonalOpinion(spec, view),
  }
}

export function seasonalOpinion(spec: Omit<SeasonalPolicySpec, 'type'>, view: View): Opinion {
  const { name, metric } = spec
  const say = (want: number | null, why: string): Opinion => ({ policy: name, want, why, trace: null })
  const outlook = view.outlooks[metric]
  if (!outlook || view.now - outlook.madeAt > OLDEST_MS) return say(null, `${metric}: nothing is known ahead`)
  const carried = carriedIn(spec, view)
  if ('why' in carried) return say(null, carried.why)
  const likely = outlook.precedents.map((precedent) => {
    const times = timesOf(precedent, outlook.recent)
    return { ...precedent, times, load: precedent.peak * times }
  })
  const [highest] = likely.toSorted((a, b) => b.load - a.load)
  if (!highest) return say(null, `${metric}: it has not been measured for a day`)
  const { unit } = metricInfo(metric, view.fleet.metrics)
  const ago = formatDuration(highest.agoMs)
  const [before, after] = [formatDuration(EARLY_MS), formatDuration(outlook.aheadMs + LATE_MS)]
  const peak = formatValue(highest.peak, unit)
  const then = `${ago} ago the whole load (${metric}) came to ${peak} between ${before} before this time and ${after} after it`
  const expected = `${then}, of which ${highest.times.toFixed(2)} times is expected`
  const { worth } = outlook
  if (!worth) {
    const want = roundUp(highest.load / carried.value)
    return say(want, `${expected}: needs ${servers(want)}`)
  }
  const want = Math.round(worth.load / carried.value)
  const ready = formatValue(worth.load, unit)
  return say(
    want,
    `${expected}; by what followed such times on ${worth.days} days it pays to be ready for ${ready}: needs ${servers(want)}`,
  )
}
