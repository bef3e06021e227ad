import type { Logger } from '../core/time.ts'

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
