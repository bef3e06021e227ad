import type { Path } from './document.ts'
import type { Report } from './report.ts'
import { NAME } from './schema.ts'
import { hint } from './suggest.ts'

export interface Entry {
  readonly name: string
  readonly raw: unknown
  readonly path: Path
}

/** The named things of a section, in the order of the file. */
export function entries(raw: unknown, section: string, report: Report): readonly Entry[] {
  if (raw === undefined) return []
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    report.expected([section], 'a mapping of names to settings')
    return []
  }
  return Object.entries(raw).map(([name, value]) => {
    const path = [section, name]
    if (!NAME.test(name)) {
      report.unknownKey(path, 'expected a name of 1 to 29 lower-case letters, digits and hyphens')
    }
    return { name, raw: value, path }
  })
}

/** The things of those names, as they are written, whether or not they are in order. */
export function namesIn(raw: unknown): readonly string[] {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? Object.keys(raw) : []
}

/** A reference to something that the file must define. */
export function checkReference(
  kind: 'pool' | 'fleet' | 'source' | 'balancer',
  name: string,
  at: { readonly path: Path; readonly known: readonly string[] },
  report: Report,
): void {
  if (at.known.includes(name)) return
  const rest = at.known.length === 0 ? `; this file defines no ${kind}` : hint(name, at.known)
  report.error(at.path, `no ${kind} is named ${name}${rest}`)
}
