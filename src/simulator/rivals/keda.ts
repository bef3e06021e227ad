import { askedByTotal, DEFAULT_BEHAVIOR } from '../../scaling/others/hpa.ts'
import { withBehavior } from './hpa.ts'
import type { Rival, Scene } from './rival.ts'

/** `rate(...[1m])`: what its documentation's examples ask Prometheus for. */
const RATE_MS = 60_000

/** KEDA with a Prometheus trigger on requests a second: between one and many replicas it is HPA on an external metric (AverageValue), whose
 *  load does not depend on pods that are not ready. */
export const keda: Rival = {
  name: 'keda',
  source:
    'kedacore/keda-docs concepts/scaling-deployments, scalers/prometheus; HPA GetExternalPerPodMetricReplicas',
  target: 0.6,
  everyMs: 15_000,
  create: (target) => withBehavior(DEFAULT_BEHAVIOR, (scene) => rateReplicas(scene, target)),
}

export function rateReplicas({ meter, have, server }: Scene, target: number): number {
  const rps = meter.mean('rps', RATE_MS)
  return rps === null ? have : askedByTotal(rps / (server.capacity * target), have)
}
