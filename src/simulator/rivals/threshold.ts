import type { Millis } from '../../core/time.ts'
import { inLimits, type Policy, type Rival, type Scene, type Wish } from './rival.ts'

const FOR_MINUTES = 5
const COOLDOWN_MS: Millis = 300_000
const [HIGH, LOW] = [0.8, 0.2]
const MINUTES = { periodMs: 60_000, delayMs: 0 }

/** The rule that guides for operators give: CPU above 80 % for 5 minutes adds, below 20 % for 5 minutes removes, and after each a cooldown of
 *  5 minutes. */
function threshold(name: string, amount: (have: number) => number): Rival {
  return {
    name,
    source: 'the common step rule: CPU > 80 % for 5 min adds, CPU < 20 % for 5 min removes, cooldown 5 min',
    target: null,
    everyMs: 60_000,
    create: () => create(amount),
  }
}

export const thresholdOne = threshold('threshold', () => 1)
export const thresholdShare = threshold('threshold-20%', (have) => Math.ceil(have * 0.2))

function create(amount: (have: number) => number): Policy {
  let quietUntil = 0
  return (scene) => {
    const { want, why } = ruled(scene, amount)
    const bounded = inLimits(want, scene)
    if (bounded === scene.have) return { want: bounded, why }
    if (scene.now < quietUntil) return { want: scene.have, why: 'cooldown' }
    quietUntil = scene.now + COOLDOWN_MS
    return { want: bounded, why }
  }
}

function ruled({ meter, have }: Scene, amount: (have: number) => number): Wish {
  const points = meter.points('cpu', MINUTES, FOR_MINUTES)
  if (points.length === FOR_MINUTES && points.every((cpu) => cpu > HIGH))
    return { want: have + amount(have), why: 'cpu above 80% for 5m' }
  if (points.length === FOR_MINUTES && points.every((cpu) => cpu < LOW))
    return { want: have - amount(have), why: 'cpu below 20% for 5m' }
  return { want: have, why: 'cpu between 20% and 80%' }
}
