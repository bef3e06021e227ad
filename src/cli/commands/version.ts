import { packageVersion } from '../../app/version.ts'
import type { Output } from '../output.ts'

/** `tidegate version` */
export function version({ out, json }: { readonly out: Output; readonly json: boolean }): number {
  const tidegate = packageVersion()
  if (json) out.json({ version: tidegate, node: process.versions.node })
  else out.line(`tidegate ${tidegate} (Node.js ${process.versions.node})`)
  return 0
}
