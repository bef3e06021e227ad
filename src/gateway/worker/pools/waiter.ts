import type { ServerSide } from '../../http/server-side.ts'
import type { UpstreamOpener } from '../../http1/upstream.ts'

/** A request that waits for a connection to a server. */
export interface Waiter extends UpstreamOpener {
  /** A new connection may be opened for it. */
  mayOpen(): boolean
  /** It may wait until one is released, beside so many others. */
  mayWait(waiting: number): boolean
  /** It has been given a connection that is still being opened. */
  connecting(server: ServerSide): void
}
