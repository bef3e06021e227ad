import type { PoolSpec } from '../../../core/balancer.ts'

/** Where nobody says how long. */
const USUAL_S = 300
const LONGEST_S = 900

/** For how many seconds the cloud itself lets what a server still holds go on, when it is taken out: as long as the fleets of its pool
 *  would, as far as the cloud can. */
export function drainSeconds({ drainMs }: Pick<PoolSpec, 'drainMs'>, least: number): number {
  const seconds = drainMs === undefined ? USUAL_S : Math.ceil(drainMs / 1000)
  return Math.min(LONGEST_S, Math.max(least, seconds))
}
