import { metricInfo } from '../../core/metrics.ts'
import type { TargetPolicySpec } from '../../core/policy.ts'
import type { Opinion, ScalingPolicy, View } from '../../core/scaling.ts'
import { formatValue } from '../../core/units.ts'
import { freshValue } from '../fresh.ts'
import { atMost, roundUp } from '../round.ts'
import { servers } from '../words.ts'
import { carriedIn } from './carried.ts'

/** No change within this share of the target, or the fleet would follow every ripple (Kubernetes' HPA has the same 10 %). */
const TOLERANCE = 0.1

/** Target tracking: as many servers as bring the metric to the target. A metric that is a mean over the serving servers counts times
 *  those that are not lost, so that servers which are still starting are neither ordered twice nor taken for idle ones: the load that there is
 *  is held against all that the fleet has. */
export function targetPolicy(spec: TargetPolicySpec): ScalingPolicy {
  return { name: spec.name, metrics: [spec.metric], lookBackMs: 0, opine: (view) => opine(spec, view) }
}

function opine(spec: TargetPolicySpec, view: View): Opinion {
  const reading = freshValue(view, spec.metric)
  const trace = { text: spec.metric, value: reading.ok ? reading.value : null, parts: [] }
  const say = (want: number | null, why: string): Opinion => ({ policy: spec.name, want, why, trace })
  if (!reading.ok) return say(null, reading.why)
  const carried = carriedIn(spec, view)
  if ('why' in carried) return say(null, carried.why)
  if (!(carried.value > 0)) return say(null, `${spec.metric} has no target above 0`)

  const { unit, perServer } = metricInfo(spec.metric, view.fleet.metrics)
  const serving = view.servers.filter(
    ({ id, state }) => state === 'serving' && !view.lost.includes(id),
  ).length
  if (perServer && serving === 0) return say(null, `${spec.metric}: no server is serving`)
  const [is, target] = [formatValue(reading.value, unit), formatValue(carried.value, unit)]
  const figures: Figures = { metric: spec.metric, is, target, perServer, serving }
  const needed = (reading.value * (perServer ? serving : 1)) / carried.value
  if (view.have > 0 && atMost(Math.abs(needed / view.have - 1), TOLERANCE)) {
    return say(view.have, fits(figures, view.have))
  }
  const want = Math.max(0, roundUp(needed))
  return say(want, `${compared(figures)}: needs ${servers(want)}`)
}

/** Value and target as people read them. */
interface Figures {
  readonly metric: string
  readonly is: string
  readonly target: string
  readonly perServer: boolean
  readonly serving: number
}

function compared({ metric, is, target, perServer, serving }: Figures): string {
  return perServer
    ? `${metric} is ${is} on ${servers(serving)}, target ${target}`
    : `${metric} is ${is}, target ${target} a server`
}

function fits({ metric, is, target, perServer, serving }: Figures, have: number): string {
  if (!perServer) return `${metric} ${is} over ${servers(have)} is within 10 % of ${target} a server`
  if (serving === have) return `${metric} ${is} is within 10 % of ${target}`
  return `${metric} is ${is} on ${servers(serving)}; over all ${have} it will be within 10 % of ${target}`
}
