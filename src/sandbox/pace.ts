import type { Millis } from '../core/time.ts'
import { Refusal } from './refusal.ts'
import { type World, withEntry } from './world.ts'

const MINUTE_MS = 60_000
/** Calls a minute of one operation in one account and region. The cloud shows its own in the Quota Center only, and has other ones for each
 *  account: these are of the order that its users tell of. */
const PER_MINUTE: Readonly<Record<string, number>> = { RunInstances: 300, DeleteInstances: 300 }
const PER_MINUTE_OTHERWISE = 600

/** Counts one call. Once one is refused, the operation stays closed until the next full minute:
 *  https://www.alibabacloud.com/help/en/ecs/developer-reference/api-throttling. */
export function paced(world: World, key: string, action: string, now: Millis): World {
  const minute = Math.floor(now / MINUTE_MS)
  const before = world.counts.get(key)
  const calls = before?.minute === minute ? before.calls + 1 : 1
  if (calls > (PER_MINUTE[action] ?? PER_MINUTE_OTHERWISE))
    throw new Refusal('Throttling.User', 'Request was denied due to user flow control.')
  return { ...world, counts: withEntry(world.counts, key, { minute, calls }) }
}
