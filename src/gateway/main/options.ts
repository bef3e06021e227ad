import type { Logger, Millis } from '../../core/time.ts'
import type { Inheritance, StartSuccessor } from './upgrade/hand-over.ts'

export interface GatewayOptions {
  /** Where `gateway.json` is. */
  readonly stateDir: string
  /** The control socket. */
  readonly controlPath: string
  /** Threads that carry traffic. */
  readonly workers: number
  readonly log: Logger
  /** Absent = it cannot be upgraded. */
  readonly startSuccessor?: StartSuccessor
  /** It takes the place of another gateway of the same state. */
  readonly inheritance?: Inheritance
  /** Another module to run as worker; tests use it to make one fail. */
  readonly workerEntry?: URL
}

export interface GatewayHandle {
  readonly controlPath: string
  /** Resolves when it has been stopped, by `stop` or over the control socket. */
  readonly stopped: Promise<void>
  /** Stops accepting, waits up to `drainMs` for requests in flight, and closes everything. */
  stop(drainMs: Millis): Promise<void>
}
