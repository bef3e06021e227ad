import type { Millis } from '../../core/time.ts'
import { roundUp } from '../../scaling/round.ts'
import type { Policy, Rival, Scene } from './rival.ts'

const STABLE_MS: Millis = 60_000
/** `panic-window-percentage: 10`. */
const PANIC_MS: Millis = 6_000
const PANIC_THRESHOLD = 2
const MOST_UP = 1000
const MOST_DOWN = 2

/** Knative's pod autoscaler on requests a second (`autoscaling.knative.dev/metric: rps`). Its other metric, concurrency, counts what waits as well:
 *  in an overload it asks for everything and forgets that before servers of two minutes have started, which makes it far worse here. */
export const kpa: Rival = {
  name: 'kpa',
  source: 'knative/serving pkg/autoscaler/scaling/autoscaler.go and config/core/configmaps/autoscaler.yaml',
  target: 0.6,
  everyMs: 2_000,
  create,
}

/** Where the autoscaler starts with more than one pod, it starts in panic, so that it does not scale down before it has seen enough. */
function create(target: number): Policy {
  let panicAt: Millis | null = null
  let most = 0
  let started = false
  return (scene) => {
    const { now } = scene
    const ready = Math.max(1, scene.serving)
    if (!started && ready > 1) [panicAt, most] = [now, ready]
    started = true
    const stable = desired(scene, STABLE_MS, target)
    const panic = desired(scene, PANIC_MS, target)
    if (stable === null || panic === null) return { want: scene.have, why: 'no data' }
    if (panic / ready >= PANIC_THRESHOLD) panicAt = now
    else if (panicAt !== null && panicAt + STABLE_MS < now) [panicAt, most] = [null, 0]
    const bounded = (want: number) =>
      Math.min(Math.max(want, Math.floor(ready / MOST_DOWN)), Math.ceil(ready * MOST_UP))
    if (panicAt === null) return { want: bounded(stable), why: `stable window needs ${stable}` }
    most = Math.max(most, bounded(stable), bounded(panic))
    return { want: most, why: `panic: the last ${PANIC_MS / 1000}s need ${panic}` }
  }
}

function desired({ meter, server }: Scene, windowMs: Millis, target: number): number | null {
  const rps = meter.mean('rps', windowMs)
  return rps === null ? null : roundUp(rps / (server.capacity * target))
}
