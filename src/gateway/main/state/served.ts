import type { Keychain } from '../keys/keychain.ts'
import type { Roster } from '../members/roster.ts'
import type { Bound } from './compose.ts'

/** What is in force; replaced whole, so that a change that fails is undone by the old one. */
export interface Served {
  readonly roster: Roster
  readonly bound: Bound
  readonly keys: Keychain
  /** null = not all of the specification is in force. */
  readonly specHash: string | null
}
