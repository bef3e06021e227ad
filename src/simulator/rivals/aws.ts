import type { Millis } from '../../core/time.ts'
import { roundUp } from '../../scaling/round.ts'
import type { Meter } from '../fluid/meter.ts'
import { alarmed, MINUTE } from './alarms.ts'
import type { Policy, Rival, Scene } from './rival.ts'

const HOUR: Millis = 3_600_000
const DAY: Millis = 24 * HOUR
/** `SchedulingBufferTime`: servers are launched so long before the hour that they are for. */
const BUFFER_MS: Millis = 300_000
/** History that predictive scaling looks at. */
const HISTORY_DAYS = 14

/** Target tracking of EC2 Auto Scaling on CPU, with detailed monitoring and an instance warm-up as long as the start-up. */
export const awsTracking: Rival = {
  name: 'aws-tracking',
  source:
    'docs.aws.amazon.com/autoscaling/ec2/userguide: as-scaling-target-tracking, ec2-auto-scaling-default-instance-warmup',
  target: 0.6,
  everyMs: MINUTE,
  create: tracking,
}

/** The same under the floor of predictive scaling: a forecast for each hour, which never scales in. */
export const aws: Rival = {
  ...awsTracking,
  name: 'aws',
  source: `${awsTracking.source}, ec2-auto-scaling-predictive-scaling`,
  create(target) {
    const track = tracking(target)
    return (scene) => {
      const tracked = track(scene)
      const floor = Math.max(
        predicted(scene, scene.now, target),
        predicted(scene, scene.now + BUFFER_MS, target),
      )
      if (tracked.want >= floor) return tracked
      return { want: floor, why: `the forecast for the hour needs ${floor}` }
    }
  },
}

/** Nothing is removed while servers warm up. */
function tracking(target: number): Policy {
  return (scene) => {
    const wish = alarmed(scene, target)
    const warming = scene.have > scene.serving
    return warming && wish.want < scene.have ? { want: scene.have, why: 'servers are warming up' } : wish
  }
}

/** Servers for the hour that `at` lies in. AWS does not publish its model; this is the mean load of that hour of the day on all days of the
 *  history, the same weekday counting as much as all others together, which follows daily and weekly patterns as theirs is said to. */
function predicted({ meter, now, server }: Scene, at: Millis, target: number): number {
  const hourAt = Math.floor(at / HOUR) * HOUR
  const past = Array.from({ length: HISTORY_DAYS }, (_, index) => ({
    rps: hourOf(meter, now, hourAt - (index + 1) * DAY),
    weight: (index + 1) % 7 === 0 ? 6 : 1,
  })).filter((hour) => hour.rps !== null)
  const weights = past.reduce((sum, { weight }) => sum + weight, 0)
  if (weights === 0) return 0
  const rps = past.reduce((sum, { rps, weight }) => sum + rps! * weight, 0) / weights
  return roundUp(rps / (server.capacity * target))
}

/** null = before the beginning. */
function hourOf(meter: Meter, now: Millis, hourAt: Millis): number | null {
  return hourAt < 0 ? null : meter.mean('rps', HOUR, now - hourAt - HOUR)
}
