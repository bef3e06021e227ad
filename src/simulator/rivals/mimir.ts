import type { Millis } from '../../core/time.ts'
import { DEFAULT_BEHAVIOR } from '../../scaling/others/hpa.ts'
import { roundUp } from '../../scaling/round.ts'
import { withBehavior } from './hpa.ts'
import { rateReplicas } from './keda.ts'
import type { Rival, Scene } from './rival.ts'

const DAY: Millis = 24 * 3_600_000
const AHEAD_MS: Millis = 1_800_000

/** KEDA with the second trigger that Grafana runs Mimir's queriers by: what was highest in the half-hour to come, as it was some days ago. It knows
 *  nothing of models, and is what a forecast has to beat. */
function withPast(name: string, days: number): Rival {
  return {
    name,
    source:
      'grafana/mimir#7775: max_over_time(...[30m] offset 6d23h30m) as a further trigger of KEDA; largest proposal wins',
    target: 0.6,
    everyMs: 15_000,
    create: (target) =>
      withBehavior(DEFAULT_BEHAVIOR, (scene) =>
        Math.max(rateReplicas(scene, target), replicasThen(scene, days * DAY, target)),
      ),
  }
}

export const mimirDay = withPast('mimir-1d', 1)
export const mimirWeek = withPast('mimir-7d', 7)

/** 0 before there is such a past. */
function replicasThen({ meter, server }: Scene, agoMs: Millis, target: number): number {
  const rps = meter.highest('rps', AHEAD_MS, agoMs - AHEAD_MS)
  return rps === null ? 0 : roundUp(rps / (server.capacity * target))
}
