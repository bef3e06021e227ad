import type { Millis } from '../core/time.ts'
import type { Declarations, Given } from './parameters.ts'
import type { Body, Key, World } from './world.ts'

/** One call that may be made: its signature is right, its parameters are as declared. */
export interface Call {
  readonly world: World
  readonly now: Millis
  readonly account: string
  /** Whose call it is. */
  readonly key: Key
  /** '' where the operation has none. */
  readonly region: string
  readonly given: Given
}

export interface Done {
  readonly world: World
  /** What is answered beside `RequestId`. */
  readonly body: Body
}

/** One operation of a product's API. */
export interface Operation {
  readonly parameters: Declarations
  /** How the cloud refuses a dry run that would have succeeded; left out: it knows none. */
  readonly dryRun?: string
  /** How it refuses a call whose token is in process; left out: it takes no token. */
  readonly inProcess?: string
  /** Throws a Refusal. */
  run(call: Call): Done
}

export type Operations = Readonly<Record<string, Operation>>
