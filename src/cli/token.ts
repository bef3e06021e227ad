import { readFileSync } from 'node:fs'
import { messageOf } from '../core/fault.ts'
import { CliError } from './errors.ts'

/** The token that the user names, by a file or by the environment; null when none is named. Never by an argument: every user of the
 *  machine can read those. Throws CliError. */
export function givenToken(
  file: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string | null {
  if (file === undefined) return env.TIDEGATE_TOKEN || null
  try {
    const token = readFileSync(file, 'utf8').trim()
    if (/^[\x21-\x7e]{1,512}$/.test(token)) return token
  } catch (error) {
    throw new CliError(`--token-file: ${messageOf(error)}`, 2)
  }
  throw new CliError(`--token-file: ${file} holds no token; expected one line`, 2)
}
