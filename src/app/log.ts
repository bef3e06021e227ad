import type { Logger } from '../core/time.ts'
import { sayIn } from '../words/say.ts'

/** JSON lines on stderr; the processes that stay write theirs into files in the state directory. */
export function createLog(name: string): Logger {
  const write = (level: string, message: string, fields: Record<string, unknown> = {}): void => {
    process.stderr.write(
      `${JSON.stringify({ time: new Date().toISOString(), level, name, message, ...fields })}\n`,
    )
  }
  return {
    info: (message, fields) => write('info', message, fields),
    warn: (message, fields) => write('warn', message, fields),
    error: (message, fields) => write('error', message, fields),
  }
}

/** For whoever sits in front of it: `12:03:04 gateway started (pid 17)`. */
export function createTerminalLog(): Logger {
  const write = (message: string, fields: Record<string, unknown> = {}): void => {
    const known = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null)
    const about = known.map(([name, value]) => `${name} ${value}`).join(', ')
    const say = sayIn(process.env)
    process.stderr.write(
      `${new Date().toTimeString().slice(0, 8)} ${say(message)}${about && ` (${about})`}
`,
    )
  }
  return { info: write, warn: write, error: write }
}
