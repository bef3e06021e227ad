import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { Fault } from '../core/fault.ts'

/** A list on disk, so that neither a crash, nor a file that changed while nothing ran, nor a reload that a supervisor has not heard of
 *  makes anyone forget one of them. Throws Fault where it is no list. */
export function readList<T>(path: string): readonly T[] {
  if (!existsSync(path)) return []
  try {
    const list: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (Array.isArray(list)) return list as T[]
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  const why = `${path} is damaged: what it named may be left; see there what bears Tidegate's tags, and delete the file`
  throw new Fault('config.invalid', why, { source: 'user', retry: 'no' })
}

/** Whole or not at all, also where the power fails. */
export function writeList(path: string, list: readonly unknown[]): void {
  mkdirSync(dirname(path), { recursive: true })
  const file = openSync(`${path}.new`, 'w', 0o600)
  try {
    writeFileSync(file, JSON.stringify(list))
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(`${path}.new`, path)
}
