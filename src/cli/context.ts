import type { Clock } from '../core/time.ts'
import type { Client } from './client.ts'
import type { Output } from './output.ts'

/** What a command that asks the API may use. It resolves with the exit code. */
export interface Context {
  readonly client: Client
  readonly out: Output
  readonly json: boolean
  readonly clock: Clock
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal
}
