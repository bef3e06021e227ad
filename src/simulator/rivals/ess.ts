import type { Millis } from '../../core/time.ts'
import { alarmed, MINUTE } from './alarms.ts'
import { inLimits, type Policy, type Rival } from './rival.ts'

const COOLDOWN_MS: Millis = 300_000

/** Target tracking of Alibaba Cloud's Auto Scaling on CPU: 3 evaluations of a minute scale out, 15 scale in; one activity at a time, and a
 *  cooldown that counts from the last server added. A server that is attached to a load balancer waits a minute at weight 0. */
export const ess: Rival = {
  name: 'ess',
  source:
    'help.aliyun.com/en/auto-scaling: target-tracking-scaling-rules, scaling activity process, cooldown; API CreateScalingRule',
  target: 0.6,
  everyMs: MINUTE,
  attachMs: 60_000,
  create,
}

function create(target: number): Policy {
  let quietUntil = 0
  return (scene) => {
    const { now, have, serving } = scene
    if (have > serving) {
      quietUntil = now + COOLDOWN_MS
      return { want: have, why: 'an activity is in progress' }
    }
    if (now < quietUntil) return { want: have, why: 'cooldown' }
    const { want, why } = alarmed(scene, target)
    const bounded = inLimits(want, scene)
    if (bounded < have) quietUntil = now + COOLDOWN_MS
    return { want: bounded, why }
  }
}
