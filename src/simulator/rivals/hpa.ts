import type { Millis } from '../../core/time.ts'
import {
  askedByMean,
  type Behavior,
  behave,
  DEFAULT_BEHAVIOR,
  HPA_PERIOD_MS,
  NO_HPA_MEMORY,
} from '../../scaling/others/hpa.ts'
import type { Policy, Rival, Scene } from './rival.ts'

/** metrics-server tells the CPU time between its last two scrapes, which are 15 s apart. */
const CPU_WINDOW_MS: Millis = 30_000

/** The Horizontal Pod Autoscaler of Kubernetes on CPU. */
export const hpa: Rival = {
  name: 'hpa',
  source:
    'kubernetes/kubernetes pkg/controller/podautoscaler (replica_calculator.go, horizontal.go); kubernetes.io, Horizontal Pod Autoscaling',
  target: 0.6,
  everyMs: HPA_PERIOD_MS,
  create: (target) => withBehavior(DEFAULT_BEHAVIOR, (scene) => cpuReplicas(scene, target)),
}

/** What HPA makes of a number of replicas that metrics ask for. */
export function withBehavior(behavior: Behavior, replicas: (scene: Scene) => number): Policy {
  let memory = NO_HPA_MEMORY
  return (scene) => {
    const { now, have, min, max } = scene
    const asked = replicas(scene)
    const { want, stable, memory: next } = behave(behavior, memory, { now, have, min, max, asked })
    memory = next
    return { want, why: `metrics ask for ${asked}, stabilized ${stable}` }
  }
}

function cpuReplicas({ meter, serving, have }: Scene, target: number): number {
  const cpu = meter.mean('cpu', CPU_WINDOW_MS)
  return cpu === null || serving === 0 ? have : askedByMean(cpu / target, { have, ready: serving })
}
