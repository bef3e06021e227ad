import type { MemberSpec } from './balancer.ts'
import type { LaunchReceipt, LaunchRequest } from './fleet.ts'
import type { Millis } from './time.ts'

/** One thing to do, whole: `plan` makes it, people can read it, only `act` does it. */
export type Step =
  | { readonly kind: 'launch'; readonly request: Omit<LaunchRequest, 'token'> }
  | {
      readonly kind: 'put'
      readonly why: 'admit' | 'drain' | 'resume'
      readonly pool: string
      readonly members: readonly MemberSpec[]
    }
  | { readonly kind: 'confirm'; readonly ids: readonly string[] }
  | { readonly kind: 'drop'; readonly pool: string; readonly ids: readonly string[] }
  | { readonly kind: 'retire'; readonly ids: readonly string[] }
  | { readonly kind: 'park'; readonly ids: readonly string[] }

/** A step that has been written down. The token names it for ever. */
export interface Intent {
  readonly token: string
  readonly fleet: string
  readonly step: Step
  readonly at: Millis
  /** The number of servers before and after, and who asked: what cooldowns and `changes` derive from. */
  readonly have: number
  readonly want: number
  readonly by: string
}

/** The sequence in a token: when its step was written down, in epoch ms, or just after the one before. NaN for another's token. */
export function sequenceOf(token: string): number {
  return Number(token.slice(token.lastIndexOf('.') + 1))
}

/** landed: the world shows it. failed: it never will. lapsed: given up after 10 minutes, the list decides from here. */
export type Outcome = 'landed' | 'failed' | 'lapsed'

export interface IntentRecord extends Intent {
  readonly closed: { readonly at: Millis; readonly outcome: Outcome; readonly detail: string } | null
}

/** What became of doing a step. `unknown`: it may or may not have taken effect. */
export type Receipt =
  | {
      readonly token: string
      readonly at: Millis
      readonly ok: true
      readonly launched: LaunchReceipt | null
    }
  | {
      readonly token: string
      readonly at: Millis
      readonly ok: false
      readonly unknown: boolean
      readonly code: string
      readonly message: string
    }

/** What the observed world says of an open intent. */
export interface Verdict {
  readonly intent: Intent
  readonly state: 'in-flight' | 'pending' | 'overdue' | 'repeat' | Outcome
  readonly detail: string
}
