import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** What Node's `ticketKeys` wants: name, HMAC key and AES key of 16 bytes each. */
const BYTES = 48
const LIFETIME_MS = 24 * 60 * 60 * 1000

/**
 * The keys of session tickets, base64. They are kept in a file of the state directory, so that a restarted gateway, or the one after an
 * upgrade, resumes the sessions of the one before; a file older than a day is replaced, since whoever has the keys can read what was
 * sent in TLS 1.2 sessions resumed with them.
 */
export async function readTicketKeys(stateDir: string): Promise<string> {
  const path = join(stateDir, 'ticket-keys')
  const known = await readFile(path).catch(() => null)
  const age = known ? Date.now() - (await stat(path)).mtimeMs : 0
  if (known?.length === BYTES && age < LIFETIME_MS) return known.toString('base64')
  const made = randomBytes(BYTES)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await writeFile(`${path}.new`, made, { mode: 0o600 })
  await rename(`${path}.new`, path)
  return made.toString('base64')
}
