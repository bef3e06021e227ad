import type { ApiPlace } from '../app/terminal.ts'
import type { Settings } from '../core/settings.ts'
import type { Clock } from '../core/time.ts'
import type { Client } from './client.ts'
import type { Past } from './commands/history.ts'
import { CliError } from './errors.ts'
import { apiDesk } from './history-desk.ts'
import type { Prompt } from './init/questions.ts'
import { type CheckText, DEFAULT_FILE, hasErrors, isIdle, type LoadSettings, locateApi } from './locate.ts'
import type { Output } from './output.ts'
import type { GlobalOptions } from './program.ts'
import type { Screen } from './screen.ts'
import { givenToken } from './token.ts'

/** The outer world of a command line. */
export interface Io {
  readonly stdout: (text: string) => void
  readonly stderr: (text: string) => void
  readonly color: boolean
  /** Do people read stderr? */
  readonly isTerminal: boolean
  readonly clock: Clock
  readonly load: LoadSettings
  readonly checkText: CheckText
  readonly env: Readonly<Record<string, string | undefined>>
  connect(place: ApiPlace, signal: AbortSignal): Client
  /** Null when the output is no terminal. */
  screen(): Screen | null
  /** Null when nobody can be asked. */
  prompt(signal: AbortSignal): Prompt | null
  readStdin(): Promise<string>
  /** Aborts on Ctrl-C from now on, instead of ending the process. */
  interruption(): AbortSignal
}

export interface Outer {
  readonly io: Io
  readonly out: Output
  /** Aborts on Ctrl-C from then on. */
  readonly begin: () => AbortSignal
}

/** What is known of the past: the history of what runs, or of a state directory where nothing does; and what a Prometheus has. */
export function pastOf(options: GlobalOptions, settings: Settings | null, { io, out, begin }: Outer): Past {
  return {
    readRange: async (ask) => {
      const { readRange } = await import('../app/history-import.ts')
      return await readRange(settings, ask, { clock: io.clock, signal: begin() })
    },
    withDesk: async (run) => {
      if (settings === null || options.api !== undefined || !isIdle(settings))
        return await run(apiDesk(await clientOf(options, io, { note: out.note, signal: begin() })))
      const { withStoredHistory } = await import('../app/history.ts')
      return await withStoredHistory(settings, io.clock, run)
    },
  }
}

export async function settingsFor({ config = DEFAULT_FILE }: GlobalOptions, io: Io): Promise<Settings> {
  const loaded = await io.load(config)
  if (!loaded.ok) throw new CliError(hasErrors(config), 2)
  return loaded.settings
}

export async function clientOf(
  options: GlobalOptions,
  io: Io,
  { note, signal }: { readonly note: Output['note']; readonly signal: AbortSignal },
): Promise<Client> {
  const place = await locateApi(options, { load: io.load, note })
  const token = givenToken(options.tokenFile, io.env) ?? place.token
  return io.connect({ ...place, token }, signal)
}
