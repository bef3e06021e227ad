import { createHash, randomBytes } from 'node:crypto'
import { appendFileSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type AdminToken, isTokenName, parseTokens, type Scope, tokenLine } from '../core/access.ts'
import { Fault, messageOf } from '../core/fault.ts'
import { stampOf } from './stamp.ts'

const MOST_BYTES = 256 * 1024
const WRITABLE_BY_OTHERS = 0o022

/** A token and what is kept of it. */
interface MadeToken {
  /** 256 random bits; told once. */
  readonly secret: string
  readonly token: AdminToken
}

export function makeToken(name: string, scope: Scope): MadeToken {
  const secret = `tg_${randomBytes(32).toString('base64url')}`
  return { secret, token: { name, scope, sha256: createHash('sha256').update(secret).digest('hex') } }
}

/** Adds a holder to a token file, made when it is not there. Gives the token. Throws Fault. */
export function addToken(path: string, name: string, scope: Scope): string {
  if (!isTokenName(name)) throw invalid(`"${name}" is no name; expected 1 to 40 letters, digits and . _ @ -`)
  const known = readTokens(path, { mayBeMissing: true })
  if (known.some((token) => token.name === name))
    throw invalid(`${path}: ${name} has a token already; remove its line to give another`)
  const { secret, token } = makeToken(name, scope)
  const text = known.length === 0 ? '' : readFileSync(path, 'utf8')
  appendFileSync(path, `${text === '' || text.endsWith('\n') ? '' : '\n'}${tokenLine(token)}\n`, {
    mode: 0o600,
  })
  return secret
}

/** Every holder in the file. Throws Fault config.invalid when it cannot be read, others may write it, or a line is wrong. */
export function readTokens(path: string, about: { mayBeMissing?: true } = {}): readonly AdminToken[] {
  let text: string
  try {
    const { mode, size } = statSync(path)
    if (size > MOST_BYTES)
      throw invalid(`${path}: larger than ${MOST_BYTES / 1024} KiB; expected a line a holder`)
    if ((mode & WRITABLE_BY_OTHERS) !== 0 && process.platform !== 'win32')
      throw invalid(`${path}: others may write it, and so give themselves a token; \`chmod go-w\` it`)
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Fault) throw error
    if (about.mayBeMissing && (error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw invalid(`${path}: cannot be read: ${messageOf(error)}; \`tidegate token NAME\` makes one`)
  }
  const { tokens, wrong } = parseTokens(text)
  if (wrong.length > 0) throw invalid(wrong.map((sentence) => `${path}: ${sentence}`).join('\n'))
  return tokens
}

/** The holders as a file has them now. While it is wrong, those of before stay, and `complain` hears of it once. */
export function followTokens(complain: (message: string) => void): (path: string) => readonly AdminToken[] {
  let read: { readonly stamp: string; readonly tokens: readonly AdminToken[] } = { stamp: '', tokens: [] }
  return (path) => {
    const stamp = stampOf(path)
    if (stamp === read.stamp) return read.tokens
    let { tokens } = read
    try {
      tokens = readTokens(path)
    } catch (error) {
      complain(`${messageOf(error)}; the tokens of before stay`)
    }
    read = { stamp, tokens }
    return tokens
  }
}

/** Leaves a token for whoever may read the state directory: its owner needs no other. */
export function leaveLocalToken(path: string): AdminToken {
  const { secret, token } = makeToken('local', 'operate')
  rmSync(path, { force: true })
  writeFileSync(path, secret, { mode: 0o600, flag: 'wx' })
  return token
}

/** The token of this state directory's controller; null when there is none, or it is not for us. */
export function localToken(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function invalid(message: string): Fault {
  return new Fault('config.invalid', message, { source: 'user', retry: 'no' })
}
