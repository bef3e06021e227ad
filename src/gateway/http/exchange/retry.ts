import type { Loss } from '../server-side.ts'

export interface Attempt {
  readonly loss: Loss
  /** It was made where the client's session is. */
  readonly isPinned: boolean
  readonly isSafe: boolean
  /** Some of the request's body has been taken from the client, and is gone. */
  readonly bodyBegun: boolean
  /** The client has been sent a part of an answer, an interim one too. */
  readonly answerBegun: boolean
  /** Attempts before this one. */
  readonly retried: number
  readonly retries: number
  /** One attempt has less time than the whole answer. */
  readonly hasTryLimit: boolean
}

/** `free`: the request was never written, so trying again cannot multiply load. `budget`: only if the budget has it. */
export type Verdict = 'no' | 'free' | 'budget'

/** May the request be tried again? Only before the first byte of an answer, and only if that is safe. */
export function retryOf(attempt: Attempt): Verdict {
  if (attempt.answerBegun || attempt.bodyBegun) return 'no'
  switch (attempt.loss) {
    // A refused connection costs nothing: every other server may be asked once.
    case 'connect-failed':
    case 'tls-failed':
      return 'free'
    // The pool has chosen as it can; a session has not.
    case 'too-many-pending':
      return attempt.isPinned ? 'free' : 'no'
    case 'connect-timeout':
    // HTTP/2's REFUSED_STREAM, and streams beyond what GOAWAY names: the server has not looked at them (RFC 9113 8.7).
    case 'refused':
      return attempt.retried < attempt.retries ? 'free' : 'no'
    case 'reset':
      return attempt.isSafe && attempt.retried < attempt.retries ? 'budget' : 'no'
    // The server has worked on it, or still does: asking another one would double the work of the slowest requests, unless
    // the pool has been told to give up on slow attempts.
    case 'timeout':
      return attempt.hasTryLimit && attempt.isSafe && attempt.retried < attempt.retries ? 'budget' : 'no'
    case 'bad-response':
    case 'truncated':
      return 'no'
    default:
      return attempt.loss satisfies never
  }
}

/** What the client is told when no attempt is left. */
export function statusOf(loss: Loss): number {
  switch (loss) {
    case 'connect-failed':
    case 'refused':
    case 'too-many-pending':
      return 503
    case 'connect-timeout':
    case 'timeout':
      return 504
    case 'reset':
    case 'tls-failed':
    case 'bad-response':
    case 'truncated':
      return 502
    default:
      return loss satisfies never
  }
}
