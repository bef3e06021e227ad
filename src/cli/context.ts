import type { Settings } from '../core/settings.ts'
import type { Clock } from '../core/time.ts'
import type { Client } from './client.ts'
import type { Prompt } from './init/questions.ts'
import type { Output } from './output.ts'
import type { Screen } from './screen.ts'

/** What every command may use that may go on for long. */
interface Tools {
  readonly out: Output
  readonly json: boolean
  readonly clock: Clock
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal
}

/** What a command that asks the API may use. It resolves with the exit code. */
export interface Context extends Tools {
  readonly client: Client
}

/** What one that goes on over restarts of the controller may use. */
export interface WatchContext extends Context {
  /** The API, looked for anew. */
  connect(): Promise<Client>
  /** Null when the output is no terminal. */
  screen(): Screen | null
}

/** What a command may use that needs of a file only what can be known although it has errors. */
export interface FolderContext extends Tools {
  /** null = it has. */
  readonly settings: Settings | null
  readonly stateDir: string
}

/** What a command that works on a file's settings may use. */
export interface FileContext extends Tools {
  readonly settings: Settings
  /** Null when nobody can be asked. */
  prompt(): Prompt | null
}
