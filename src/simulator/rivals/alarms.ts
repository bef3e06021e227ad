import type { Millis } from '../../core/time.ts'
import { roundUp } from '../../scaling/round.ts'
import type { Scene, Wish } from './rival.ts'

/** Two alarms on points of a minute each, as the target tracking of AWS and of Alibaba Cloud has them: three above the target scale out,
 *  fifteen below nine tenths of it scale in, in proportion. A point is there as soon as its minute has ended, which favours them. */
const MINUTES = { periodMs: 60_000, delayMs: 0 }
export const MINUTE: Millis = 60_000
const [OUT_POINTS, IN_POINTS] = [3, 15]
const IN_SHARE = 0.9

export function alarmed({ meter, serving, have }: Scene, target: number): Wish {
  const points = meter.points('cpu', MINUTES, IN_POINTS)
  const newest = points.slice(0, OUT_POINTS)
  const needs = roundUp((serving * (points[0] ?? target)) / target)
  if (newest.length === OUT_POINTS && newest.every((cpu) => cpu > target))
    return { want: Math.max(have, needs), why: `cpu above the target for 3m, needs ${needs}` }
  if (points.length === IN_POINTS && points.every((cpu) => cpu < target * IN_SHARE))
    return { want: Math.min(have, needs), why: `cpu below 90% of the target for 15m, needs ${needs}` }
  return { want: have, why: 'no alarm' }
}
