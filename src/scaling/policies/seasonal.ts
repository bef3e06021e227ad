import type { Precedent } from '../../core/forecast.ts'
import { metricInfo } from '../../core/metrics.ts'
import type { SeasonalPolicySpec } from '../../core/policy.ts'
import type { Opinion, ScalingPolicy, View } from '../../core/scaling.ts'
import type { Millis } from '../../core/time.ts'
import { formatDuration, formatValue } from '../../core/units.ts'
import { roundUp } from '../round.ts'
import { servers } from '../words.ts'

/** An outlook that nobody has renewed for so long says nothing. */
const OLDEST_MS: Millis = 900_000
/** The load of now counts half as much as that of then: what makes it differ for half an hour may pass as quickly. */
const SHRINK = 0.5
/** An outage then, or a rush now, says little of what comes. */
const [LEAST, MOST] = [0.5, 1.5]

/** A floor by what the same time brought on earlier days: servers for its highest load are there before it comes again. Asks for
 *  nothing where there is no such day. */
export function seasonalPolicy(spec: SeasonalPolicySpec): ScalingPolicy {
  return {
    name: spec.name,
    metrics: [spec.metric],
    lookBackMs: 0,
    looksAhead: spec.metric,
    opine: (view) => seasonalOpinion(spec, view),
  }
}

export function seasonalOpinion(
  { name, metric, value }: Omit<SeasonalPolicySpec, 'type'>,
  view: View,
): Opinion {
  const say = (want: number | null, why: string): Opinion => ({ policy: name, want, why, trace: null })
  const outlook = view.outlooks[metric]
  if (!outlook || view.now - outlook.madeAt > OLDEST_MS) return say(null, `${metric}: nothing is known ahead`)
  const expected = outlook.precedents.map((precedent) => {
    const times = timesOf(precedent, outlook.recent)
    return { ...precedent, times, load: precedent.peak * times }
  })
  const [highest] = expected.toSorted((a, b) => b.load - a.load)
  if (!highest) return say(null, `${metric}: it has not been measured for a day`)
  const { unit } = metricInfo(metric, view.fleet.metrics)
  const want = roundUp(highest.load / value)
  const [ago, ahead] = [formatDuration(highest.agoMs), formatDuration(outlook.aheadMs)]
  const peak = formatValue(highest.peak, unit)
  const then = `${ago} ago the whole load (${metric}) came to ${peak} within ${ahead}`
  return say(want, `${then}, of which ${highest.times.toFixed(2)} times is expected: needs ${servers(want)}`)
}

function timesOf({ before }: Precedent, recent: number | null): number {
  if (before === null || recent === null || before <= 0) return 1
  return Math.min(MOST, Math.max(LEAST, (recent / before) ** SHRINK))
}
