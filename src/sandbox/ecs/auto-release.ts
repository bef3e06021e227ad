import type { Millis } from '../../core/time.ts'
import { Refusal } from '../refusal.ts'

const MINUTE_MS = 60_000
const LEAST_MS = 30 * MINUTE_MS
const MOST_MS = 3 * 366 * 24 * 60 * MINUTE_MS

/** When an instance releases itself: at least half an hour from now, at most three years, seconds left out
 *  (https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-modifyinstanceautoreleasetime). */
export function autoReleaseAt(text: string, now: Millis): Millis {
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at) || at < now + LEAST_MS || at > now + MOST_MS)
    throw new Refusal(
      'InvalidAutoReleaseTime.Malformed',
      'The specified parameter AutoReleaseTime is not valid.',
    )
  return Math.floor(at / MINUTE_MS) * MINUTE_MS
}
