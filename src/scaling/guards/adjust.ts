import type { Decision } from '../../core/scaling.ts'
import type { Millis } from '../../core/time.ts'

interface Because {
  readonly by: string
  /** One sentence. */
  readonly says: string
  readonly untilAt: Millis | null
}

/** The decision with one sentence more about its number. */
export function remark(decision: Decision, by: string, says: string): Decision {
  return agree(decision, { by, says, untilAt: null })
}

/** The same, for as long as that holds. */
export function agree(decision: Decision, because: Because): Decision {
  const reason = { from: decision.want, to: decision.want, ...because }
  return { ...decision, because: [...decision.because, reason] }
}

/** The decision with another number and the reason for it; the same decision when the number is the same. */
export function adjust(decision: Decision, want: number, because: Because): Decision {
  if (want === decision.want) return decision
  const reason = {
    by: because.by,
    from: decision.want,
    to: want,
    says: because.says,
    untilAt: because.untilAt,
  }
  return { ...decision, want, because: [...decision.because, reason] }
}
