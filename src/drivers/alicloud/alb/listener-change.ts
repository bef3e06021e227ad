import type { Parameters } from '../client/parameters.ts'
import type { About } from './see-listeners.ts'

/** One change that brings the listeners nearer to what is wanted. */
export interface ListenerChange {
  readonly action: string
  readonly query: Parameters
  readonly form?: Parameters
  /** No job of the cloud follows it. */
  readonly isAtOnce?: true
}

/** Whose the listeners are, and what of them. */
export interface Owner extends About {
  readonly adopts: boolean
  /** The ids, in the certificate service, of the certificates that it has uploaded. */
  readonly uploaded: ReadonlySet<string>
}
