import type { Millis } from '../../../core/time.ts'

/** Descriptors of listening sockets, by listener: one for each worker that listens. */
export type Descriptors = Readonly<Record<string, readonly number[]>>

/** A gateway that is to take the place of this one, in a process of its own. */
export interface Successor {
  readonly pid: number
  /** Resolves when it knows who is healthy, and has but to listen. Throws Fault when it ends first; it is ended when it takes longer. */
  ready(withinMs: Millis): Promise<void>
  /** The control socket is free: it is to open it, and to accept connections. Resolves when it has; from then on its end is not ours.
   *  Throws Fault as `ready` does. */
  go(withinMs: Millis): Promise<void>
  /** It is not wanted: `ready` and `go` reject. */
  end(): void
}

/** Starts one that listens on these sockets too. `formerPath`: where this gateway's control socket is going to be. */
export type StartSuccessor = (sockets: Descriptors, formerPath: string) => Successor

/** What a successor is told by the gateway before it. */
export interface Inheritance {
  readonly sockets: Descriptors
  readonly formerPath: string
  /** It knows who is healthy, and has but to listen. */
  ready(): void
  /** Resolves when the control socket is free, whether the former gateway has given it up or is gone. */
  readonly go: Promise<void>
  /** It has the control socket, and accepts connections. Resolves when the former gateway knows, or is gone. */
  taken(): Promise<void>
}
