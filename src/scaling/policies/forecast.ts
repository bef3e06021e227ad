import type { Outlook } from '../../core/forecast.ts'
import { metricInfo } from '../../core/metrics.ts'
import type { ForecastPolicySpec } from '../../core/policy.ts'
import type { Opinion, ScalingPolicy, View } from '../../core/scaling.ts'
import type { Millis } from '../../core/time.ts'
import { formatDuration, formatValue } from '../../core/units.ts'
import { roundUp } from '../round.ts'
import { servers } from '../words.ts'
import { carriedIn } from './carried.ts'
import { seasonalOpinion } from './seasonal.ts'

/** A forecast that is older is of a time that is over. */
const OLDEST_MS: Millis = 600_000

/** A floor by what the load is forecast not to pass. Without a forecast, whatever the reason, the days before tell, as with `seasonal`. */
export function forecastPolicy(spec: ForecastPolicySpec): ScalingPolicy {
  return {
    name: spec.name,
    metrics: [spec.metric],
    lookBackMs: 0,
    looksAhead: spec.metric,
    forecasts: true,
    opine: (view) => opine(spec, view),
  }
}

function opine(spec: ForecastPolicySpec, view: View): Opinion {
  const { name, metric } = spec
  const outlook = view.outlooks[metric]
  const forecast = usable(outlook, view.now)
  if ('why' in forecast) {
    const instead = seasonalOpinion(spec, view)
    return { ...instead, why: `${forecast.why}; so by the days before: ${instead.why}` }
  }
  const carried = carriedIn(spec, view)
  if ('why' in carried) return { policy: name, want: null, why: carried.why, trace: null }
  const { unit } = metricInfo(metric, view.fleet.metrics)
  const [high, expected] = [formatValue(forecast.high, unit), formatValue(forecast.expected, unit)]
  const want = roundUp(forecast.high / carried.value)
  const ahead = formatDuration(outlook!.aheadMs)
  const { periodMs } = forecast
  const again = periodMs === undefined ? '' : `; it comes again every ${formatDuration(periodMs)}`
  const why = `the whole load (${metric}) is forecast to stay below ${high} for ${ahead} (expected: ${expected}${again}): needs ${servers(want)}`
  return { policy: name, want, why, trace: null }
}

function usable(outlook: Outlook | undefined, now: Millis): Outlook['forecast'] {
  if (!outlook) return { why: 'nothing is forecast yet' }
  const { forecast } = outlook
  if ('why' in forecast || now - forecast.madeAt <= OLDEST_MS) return forecast
  return { why: `the forecast is ${formatDuration(now - forecast.madeAt)} old` }
}
