import type { MinutesMemory } from '../../core/others.ts'
import type { Millis } from '../../core/time.ts'

/** The rule that guides for operators give: CPU above 80 % for 5 minutes adds, below 20 % for 5 minutes removes, and after each a
 *  cooldown of 5 minutes. */
export const THRESHOLD_MINUTES = 5
export const THRESHOLD_COOLDOWN_MS: Millis = 300_000
export const MINUTE_MS: Millis = 60_000
const [HIGH, LOW] = [0.8, 0.2]

/** `points`: utilization of the last minutes, 0 to 1 and above, newest first. `amount`: how many come and go at once. */
export function thresholdWant(
  points: readonly number[],
  have: number,
  amount: number,
): { readonly want: number; readonly why: string } {
  const whole = points.length === THRESHOLD_MINUTES
  if (whole && points.every((cpu) => cpu > HIGH)) return { want: have + amount, why: 'cpu above 80% for 5m' }
  if (whole && points.every((cpu) => cpu < LOW)) return { want: have - amount, why: 'cpu below 20% for 5m' }
  return { want: have, why: 'cpu between 20% and 80%' }
}

/** The mean of each minute, as monitoring services tell them. A minute without a sample breaks the row. */
export function withSample(
  memory: MinutesMemory | undefined,
  at: Millis,
  value: number | null,
): MinutesMemory {
  const minute = Math.floor(at / MINUTE_MS)
  const sample = { sum: value ?? 0, count: value === null ? 0 : 1 }
  if (memory?.minute === minute)
    return { ...memory, sum: memory.sum + sample.sum, count: memory.count + sample.count }
  const follows = memory?.minute === minute - 1 && memory.count > 0
  const means = follows ? [memory.sum / memory.count, ...memory.means].slice(0, THRESHOLD_MINUTES) : []
  return { minute, ...sample, means }
}
