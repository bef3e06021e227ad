import { delimiter, dirname } from 'node:path'
import type { LaunchRequest } from '../../core/fleet.ts'
import type { CommandName, ExecConfig } from './config.ts'

/** The number of the protocol that docs/guides/exec.md describes. A command may refuse one that it does not know. */
export const PROTOCOL = 1
/** Shorter ones are words that would be masked everywhere. */
const MIN_SECRET = 6

export interface About {
  readonly installation: string
  readonly fleet: string
  /** A folder of the command's own, for its logs and locks. */
  readonly folder: string
}

/** What a command finds in its environment. Ours never leaks in from outside: a controller may itself run under Tidegate. */
export function environmentFor(
  name: CommandName,
  { env }: ExecConfig,
  { installation, fleet, folder }: About,
  launch?: LaunchRequest,
): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([key]) => !key.startsWith('TIDEGATE_'))
  // `node` in a command is the node that runs us, whatever else is installed.
  const path = [dirname(process.execPath), env.PATH ?? process.env.PATH].filter(Boolean).join(delimiter)
  return {
    ...Object.fromEntries(inherited),
    ...env,
    PATH: path,
    TIDEGATE_PROTOCOL: String(PROTOCOL),
    TIDEGATE_COMMAND: name,
    TIDEGATE_INSTALLATION: installation,
    TIDEGATE_FLEET: fleet,
    TIDEGATE_FOLDER: folder,
    ...(launch && {
      TIDEGATE_TOKEN: launch.token,
      TIDEGATE_REVISION: launch.revision,
      TIDEGATE_COUNT: String(launch.count),
    }),
  }
}

/** The last line that says something, for people; a value of `env:` shows as the name of its variable. */
export function lastLine(stderr: Buffer, env: ExecConfig['env']): string {
  const lines = stderr.toString().split('\n').map(printable)
  const last = lines.findLast((line) => line !== '') ?? ''
  const masked = Object.entries(env).reduce(
    (line, [key, value]) => (value.length < MIN_SECRET ? line : line.replaceAll(value, `$${key}`)),
    last,
  )
  return masked.slice(0, 300)
}

/** A terminal must not obey what a script prints. */
function printable(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return line.replace(/\u001b\[[0-9;]*[A-Za-z]|[\u0000-\u001f\u007f-\u009f]/g, '').trim()
}
