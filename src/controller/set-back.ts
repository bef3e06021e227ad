import type { IntentRecord, Receipt } from '../core/step.ts'
import type { Memory, Recalled } from '../core/store.ts'
import type { Millis } from '../core/time.ts'
import { LONGEST_MS } from './backoff.ts'

/** What a controller recalls that starts now. What is dated later was so by a wall that has been set back since, and counts as of now: nobody can
 *  tell how long ago it was, and every wait for it to be old would last for as long as the clock was set. `tickAt` stays, by which the next tick
 *  sees the jump, and so does `past`, which that tick frees of what is of the future. Pure. */
export function notAfter(now: Millis, recalled: Recalled): Recalled {
  const { memory, intents } = recalled
  const isLater = ({ at, closed }: IntentRecord) => Math.max(at, closed?.at ?? at) > now
  return {
    ...recalled,
    memory: memory !== null && memory.tickAt > now ? remembered(memory, now) : memory,
    intents: intents.map((one) => (isLater(one) ? intended(one, now) : one)),
  }
}

function remembered(memory: Memory, now: Millis): Memory {
  const { backoff, draining, receipts, alerts } = memory
  return {
    ...memory,
    backoff: backoff && { ...backoff, untilAt: Math.min(backoff.untilAt, now + LONGEST_MS) },
    draining: Object.fromEntries(Object.entries(draining).map(([id, at]) => [id, Math.min(at, now)])),
    receipts: receipts.map((receipt): Receipt => ({ ...receipt, at: Math.min(receipt.at, now) })),
    // They are raised anew if they hold still.
    ...(alerts && { alerts: { ...alerts, conditions: {}, turns: [] } }),
  }
}

function intended(intent: IntentRecord, now: Millis): IntentRecord {
  const { at, closed } = intent
  return {
    ...intent,
    at: Math.min(at, now),
    closed: closed && { ...closed, at: Math.min(closed.at, now) },
  }
}
