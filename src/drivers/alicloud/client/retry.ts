import type { Millis, Rng } from '../../../core/time.ts'
import type { CloudFault } from './cloud-fault.ts'

/** The first included. */
export const MAX_ATTEMPTS = 4
const BASE_MS = 500
const CAP_MS = 20_000

/** How long to wait before the same call is made again, or null when it must not be: what may have been done is done twice only when it
 *  changes nothing, or bears a token by which the cloud knows it again. Full jitter, as in
 *  https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/, so that calls refused together do not come back together. */
export function retryDelay(
  fault: CloudFault,
  { attempt, repeatable, rng }: { readonly attempt: number; readonly repeatable: boolean; readonly rng: Rng },
): Millis | null {
  if (attempt >= MAX_ATTEMPTS || !mayRepeat(fault, repeatable)) return null
  const jittered = rng() * Math.min(CAP_MS, BASE_MS * 2 ** attempt)
  return Math.max(jittered, fault.retryAfterMs ?? 0)
}

/** `busy` is not repeated blindly without a token: the change that is in progress may be this very one, whose answer was lost. */
function mayRepeat({ kind }: CloudFault, repeatable: boolean): boolean {
  switch (kind) {
    case 'throttled':
    case 'unsent':
      return true
    case 'busy':
    case 'lost':
      return repeatable
    case 'unread':
    case 'refused':
      return false
    default:
      return kind satisfies never
  }
}

/** Operations that change nothing, by the cloud's naming. */
export function isRead(action: string): boolean {
  return /^(Describe|List|Get)[A-Z]/.test(action)
}
