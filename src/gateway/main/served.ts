import type { Bound } from './compose.ts'
import type { Keychain } from './keychain.ts'
import type { Roster } from './roster.ts'

/** What is in force; replaced whole, so that a change that fails is undone by the old one. */
export interface Served {
  readonly roster: Roster
  readonly bound: Bound
  readonly keys: Keychain
  /** null = not all of the specification is in force. */
  readonly specHash: string | null
}
