import type { Json } from './canonical.ts'
import type { Millis } from './time.ts'

/** What a driver sees of a server; whether it serves is for the controller to find out.
 *  launching -> running -> retiring -> (gone from the list); launching | running -> failed (exited by itself). */
export type ServerPhase = 'launching' | 'running' | 'retiring' | 'failed'

/** How a server has ended by itself, as far as anyone knows. */
export interface Ending {
  readonly code: number | null
  readonly signal: string | null
  /** The kernel killed it at its memory limit. */
  readonly outOfMemory: boolean
}

/** One server, as its driver lists it. */
export interface Server {
  /** Unique in the installation and never reused. */
  readonly id: string
  /** The token of the launch that made it; ties the world to the journal. */
  readonly token: string
  /** host:port where it takes traffic; null until it is known. */
  readonly address: string | null
  /** Hash of the template that it was launched from. */
  readonly revision: string
  readonly launchedAt: Millis
  readonly phase: ServerPhase
  /** Where it stands, of a fleet that is spread over several places. */
  readonly zone?: string
  /** What it was bought as, in its vendor's words. */
  readonly type?: string
  /** Bought on a market that may take it back. */
  readonly spot?: boolean
  /** What it costs by the hour, where its driver knows that; all servers of a fleet are paid in one currency. */
  readonly price?: number
  /** Why its vendor is about to take it away, for people; it is replaced before that. */
  readonly notice?: string
  /** Why it failed, for people: exit code, signal, vendor's text. */
  readonly detail?: string
  /** Of a failed one whose driver can tell. */
  readonly ending?: Ending
}

/** A whole launch, so that it can be repeated word for word. */
export interface LaunchRequest {
  /** `installation.fleet.sequence`, at most 64 ASCII characters. */
  readonly token: string
  readonly fleet: string
  readonly count: number
  readonly revision: string
  /** What to launch, in the driver's own words (for `local`: command, environment, folder). */
  readonly template: Json
}

/** What a launch gave. `ids.length < request.count` is a partial success; `why` then says what stopped it. */
export interface LaunchReceipt {
  readonly token: string
  readonly ids: readonly string[]
  readonly why?: string
}

/** A server that is stopped and kept: the next launch of its revision starts it again. */
export interface Kept {
  readonly id: string
  readonly revision: string
}

/** What a fleet has. */
export interface Listed {
  /** Every server that this installation owns in this fleet, failed and retiring ones too; only what is really there. */
  readonly servers: readonly Server[]
  readonly at: Millis
  /** Of a fleet that keeps some. They are no servers until they are started. */
  readonly kept?: readonly Kept[]
  /** Servers of this installation that belong to no fleet of the file, by id: nobody will give them back. */
  readonly strays?: readonly string[]
}

/** Where servers come from. */
export interface Fleet {
  /** How long a list may be reused (local 0, a cloud 10 s); less while servers come and go, so it is asked for each time. */
  readonly freshForMs: Millis
  /** So many servers that leave may be parked. Left out: none. */
  readonly keeps?: number
  list(signal: AbortSignal): Promise<Listed>
  /** The same token twice launches once and gives the same ids. May be partial. */
  launch(request: LaunchRequest, signal: AbortSignal): Promise<LaunchReceipt>
  /** The servers joined: cancel whatever would delete them by itself. Unknown ids are ignored. */
  confirm(ids: readonly string[], signal: AbortSignal): Promise<void>
  /** Stops and removes; already gone is fine. Resolves when the stop is under way, the list tells when it is done. */
  retire(ids: readonly string[], signal: AbortSignal): Promise<void>
  /** Stops and keeps them, or retires those that cannot be kept. */
  park?(ids: readonly string[], signal: AbortSignal): Promise<void>
}
