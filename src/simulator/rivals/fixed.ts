import { roundUp } from '../../scaling/round.ts'
import type { Rival } from './rival.ts'

/** A fleet that is bought for the peak of the trace and never changes. */
export const fixed: Rival = {
  name: 'fixed',
  source: 'no autoscaler: servers for the peak of the trace',
  target: 0.7,
  everyMs: 3_600_000,
  start: (peakRps, perServer) => roundUp(peakRps / perServer),
  create: () => (scene) => ({ want: scene.have, why: 'never changes' }),
}
