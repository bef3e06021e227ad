import type { Millis } from './time.ts'

/** Sessions stay with the server that began them, by a cookie of the gateway. */
export interface AffinitySpec {
  readonly cookie: string
  readonly lifetimeMs: Millis
  /** What cookies are signed with; null = a key of the installation's own, kept in the state directory. */
  readonly secret: string | null
}
