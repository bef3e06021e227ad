import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** A list on disk, so that neither a crash, nor a file that changed while nothing ran, nor a reload that a supervisor has not heard of
 *  makes anyone forget one of them. */
export function readList<T>(path: string): readonly T[] {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T[]) : []
}

/** Whole or not at all. */
export function writeList(path: string, list: readonly unknown[]): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.new`, JSON.stringify(list), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}
