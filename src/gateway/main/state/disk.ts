import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { BalancerSpec, MemberSpec } from '../../../core/balancer.ts'
import { Fault, messageOf } from '../../../core/fault.ts'
import type { Bound } from './compose.ts'

const FORMAT = 1

export interface SavedMember extends MemberSpec {
  readonly pool: string
  /** It served, or would have, had it not been draining. */
  readonly served: boolean
}

/** Everything that a restarted gateway needs to serve at once. */
export interface Saved {
  readonly format: typeof FORMAT
  readonly epoch: number
  readonly spec: BalancerSpec | null
  readonly bound: Bound
  readonly members: readonly SavedMember[]
  /** Addresses by name; absent in what older versions saved. */
  readonly names?: Readonly<Record<string, readonly string[]>>
}

export function savedPath(stateDir: string): string {
  return join(stateDir, 'gateway.json')
}

/** Replaces the file whole: a crash leaves the old one or the new one. Throws Fault `store.failed`. */
export async function save(path: string, saved: Omit<Saved, 'format'>): Promise<void> {
  try {
    await replace(path, JSON.stringify({ format: FORMAT, ...saved }))
  } catch (error) {
    const message = `${path} cannot be written: ${messageOf(error)}`
    throw new Fault('store.failed', message, { source: 'user', retry: 'yes', cause: error })
  }
}

async function replace(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const file = await open(`${path}.new`, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path)
}

/** null when there is none. Throws what JSON.parse throws, and an Error for another version's file. */
export async function load(path: string): Promise<Saved | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return null
  const saved = JSON.parse(text) as Saved
  if (saved.format !== FORMAT) throw new Error(`${path} is of format ${saved.format}, not ${FORMAT}`)
  return saved
}
