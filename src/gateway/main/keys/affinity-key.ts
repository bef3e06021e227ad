import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const BYTES = 32

/** The installation's own key for the cookies of sessions, base64: made once, and kept, or sessions would end with the gateway. */
export async function readAffinityKey(stateDir: string): Promise<string> {
  const path = join(stateDir, 'affinity-key')
  const known = await readFile(path).catch(() => null)
  if (known?.length === BYTES) return known.toString('base64')
  const made = randomBytes(BYTES)
  await mkdir(stateDir, { recursive: true, mode: 0o700 })
  await writeFile(`${path}.new`, made, { mode: 0o600 })
  await rename(`${path}.new`, path)
  return made.toString('base64')
}
