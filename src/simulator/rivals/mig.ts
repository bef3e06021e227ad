import type { Millis } from '../../core/time.ts'
import { roundUp } from '../../scaling/round.ts'
import { Recent } from './recent.ts'
import type { Rival, Scene } from './rival.ts'

const STABILIZATION_MS: Millis = 600_000
const CPU_WINDOW_MS: Millis = 60_000

/** The autoscaler of Google's managed instance groups on CPU: the size for the peak of the stabilization period, which is 10 minutes. VMs
 *  that initialize tell nothing. */
export const mig: Rival = {
  name: 'mig',
  source: 'cloud.google.com/compute/docs/autoscaler: Understanding autoscaler decisions',
  target: 0.6,
  everyMs: 15_000,
  create(target) {
    const sizes = new Recent(STABILIZATION_MS)
    return (scene) => {
      const size = sizeFor(scene, target)
      sizes.add(scene.now, size)
      const want = sizes.highest(scene.now, STABILIZATION_MS, size)
      return { want, why: `needs ${size} now, ${want} at the peak of the last 10m` }
    }
  },
}

function sizeFor({ meter, serving, have }: Scene, target: number): number {
  const cpu = meter.mean('cpu', CPU_WINDOW_MS)
  return cpu === null ? have : roundUp((serving * cpu) / target)
}
