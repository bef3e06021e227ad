import {
  MINUTE_MS,
  THRESHOLD_COOLDOWN_MS,
  THRESHOLD_MINUTES,
  thresholdWant,
} from '../../scaling/others/threshold.ts'
import { inLimits, type Policy, type Rival } from './rival.ts'

const MINUTES = { periodMs: MINUTE_MS, delayMs: 0 }

function threshold(name: string, amount: (have: number) => number): Rival {
  return {
    name,
    source: 'the common step rule: CPU > 80 % for 5 min adds, CPU < 20 % for 5 min removes, cooldown 5 min',
    target: null,
    everyMs: MINUTE_MS,
    create: () => create(amount),
  }
}

export const thresholdOne = threshold('threshold', () => 1)
export const thresholdShare = threshold('threshold-20%', (have) => Math.ceil(have * 0.2))

function create(amount: (have: number) => number): Policy {
  let quietUntil = 0
  return (scene) => {
    const { now, have, meter } = scene
    const points = meter.points('cpu', MINUTES, THRESHOLD_MINUTES)
    const { want, why } = thresholdWant(points, have, amount(have))
    const bounded = inLimits(want, scene)
    if (bounded === have) return { want: bounded, why }
    if (now < quietUntil) return { want: have, why: 'cooldown' }
    quietUntil = now + THRESHOLD_COOLDOWN_MS
    return { want: bounded, why }
  }
}
