import type { Millis } from '../../core/time.ts'
import { roundUp } from '../../scaling/round.ts'
import { Recent } from './recent.ts'
import { inLimits, type Policy, type Rival, type Scene } from './rival.ts'

export interface RateLimit {
  readonly kind: 'pods' | 'percent'
  readonly value: number
  readonly periodMs: Millis
}

export interface Behavior {
  readonly upStabilizationMs: Millis
  readonly downStabilizationMs: Millis
  /** Of several the one that allows the most change counts, as `selectPolicy: Max` has it. */
  readonly up: readonly RateLimit[]
  readonly down: readonly RateLimit[]
}

const TOLERANCE = 0.1
/** metrics-server tells the CPU time between its last two scrapes, which are 15 s apart. */
const CPU_WINDOW_MS: Millis = 30_000
/** The longest `periodSeconds` that the API takes is half an hour. */
const LONGEST_PERIOD_MS: Millis = 1_800_000

/** The defaults of autoscaling/v2. */
export const DEFAULT_BEHAVIOR: Behavior = {
  upStabilizationMs: 0,
  downStabilizationMs: 300_000,
  up: [
    { kind: 'percent', value: 100, periodMs: 15_000 },
    { kind: 'pods', value: 4, periodMs: 15_000 },
  ],
  down: [{ kind: 'percent', value: 100, periodMs: 15_000 }],
}

/** The Horizontal Pod Autoscaler of Kubernetes on CPU. */
export const hpa: Rival = {
  name: 'hpa',
  source:
    'kubernetes/kubernetes pkg/controller/podautoscaler (replica_calculator.go, horizontal.go); kubernetes.io, Horizontal Pod Autoscaling',
  target: 0.6,
  everyMs: 15_000,
  create: (target) => withBehavior(DEFAULT_BEHAVIOR, (scene) => cpuReplicas(scene, target)),
}

/** What HPA makes of a number of replicas that metrics ask for: stabilization, then rate limits. */
export function withBehavior(behavior: Behavior, replicas: (scene: Scene) => number): Policy {
  const wanted = new Recent(Math.max(behavior.upStabilizationMs, behavior.downStabilizationMs))
  const changes = new Recent(LONGEST_PERIOD_MS)
  return (scene) => {
    const { now, have } = scene
    const raw = replicas(scene)
    wanted.add(now, raw)
    const up = wanted.lowest(now, behavior.upStabilizationMs, raw)
    const down = wanted.highest(now, behavior.downStabilizationMs, raw)
    const stable = inLimits(Math.min(Math.max(have, up), down), scene)
    const startOf = (rate: RateLimit) => have - changes.sum(now, rate.periodMs)
    const want = limited(stable, have, behavior, startOf)
    if (want !== have) changes.add(now, want - have)
    return { want, why: `metrics ask for ${raw}, stabilized ${stable}` }
  }
}

/** Within a period so many pods or such a share of those at its beginning. */
function limited(
  want: number,
  have: number,
  { up, down }: Behavior,
  startOf: (rate: RateLimit) => number,
): number {
  const most = up.map((rate) =>
    rate.kind === 'pods' ? startOf(rate) + rate.value : Math.ceil(startOf(rate) * (1 + rate.value / 100)),
  )
  const least = down.map((rate) =>
    rate.kind === 'pods' ? startOf(rate) - rate.value : Math.floor(startOf(rate) * (1 - rate.value / 100)),
  )
  if (want > have) return Math.max(have, Math.min(want, Math.max(...most)))
  return Math.min(have, Math.max(want, Math.min(...least)))
}

/** By the mean utilization of ready pods. On the way up those that are not ready count as idle, and the direction may not turn by that; on
 *  the way down they are left out. */
export function cpuReplicas({ meter, serving, have }: Scene, target: number): number {
  const cpu = meter.mean('cpu', CPU_WINDOW_MS)
  if (cpu === null || serving === 0) return have
  const ratio = cpu / target
  if (Math.abs(1 - ratio) <= TOLERANCE) return have
  if (ratio < 1 || serving === have) return roundUp(ratio * serving)
  const whole = (ratio * serving) / have
  return whole <= 1 + TOLERANCE ? have : roundUp(whole * have)
}
