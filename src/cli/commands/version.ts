import { readFileSync } from 'node:fs'
import type { Output } from '../output.ts'

/** Of the package that this file belongs to, built or not. */
export function packageVersion(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

/** `tidegate version` */
export function version({ out, json }: { readonly out: Output; readonly json: boolean }): number {
  const tidegate = packageVersion()
  if (json) out.json({ version: tidegate, node: process.versions.node })
  else out.line(`tidegate ${tidegate} (Node.js ${process.versions.node})`)
  return 0
}
