import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'

/** Of the package that this file belongs to, built or not. */
export function packageVersion(): string {
  const text = readFileSync(findPackageJSON(import.meta.url)!, 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
