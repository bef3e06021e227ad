import type { Millis } from '../../core/time.ts'

/** Clocks of two processes differ a little by how each has begun. */
const CLOSE_MS = 1_000

/** By how much the gateway's clock is behind ours; negative = ahead. Each goes on by what the wall said when its process started, and the wall
 *  may have been set in between. 0 where what it said may have been the time between the call and its answer. Pure. */
export function behindMs(saidAt: Millis | null, sentAt: Millis, answeredAt: Millis): Millis {
  if (saidAt === null) return 0
  const isLikeOurs = saidAt >= sentAt - CLOSE_MS && saidAt <= answeredAt + CLOSE_MS
  return isLikeOurs ? 0 : answeredAt - saidAt
}
