import type { Parsed } from '../core/driver.ts'
import type { Path } from './document.ts'
import type { Report } from './report.ts'
import { hint } from './suggest.ts'

export type Raw = Readonly<Record<string, unknown>>

/** The driver of that name in a table; null when the section names none, or one that there is not, which is reported. */
export function driverNamed<Driver>(
  kind: unknown,
  {
    table,
    what,
    path,
  }: { readonly table: Readonly<Record<string, Driver>>; readonly what: string; readonly path: Path },
  report: Report,
): Driver | null {
  const driver = typeof kind === 'string' && Object.hasOwn(table, kind) ? table[kind] : undefined
  if (driver) return driver
  if (typeof kind === 'string' && kind !== '')
    report.error([...path, 'driver'], `no driver${what} is named ${kind}${hint(kind, Object.keys(table))}`)
  return null
}

export function checkKeys(keys: Raw, known: readonly string[], path: Path, report: Report): void {
  for (const key of Object.keys(keys))
    if (!known.includes(key)) report.unknownKey([...path, key], `unknown key${hint(key, known)}`)
}

/** What a driver made of its keys; null when it had problems, which are reported. */
export function taken<T>(parsed: Parsed<T>, path: Path, report: Report): { readonly value: T } | null {
  if (parsed.ok) return { value: parsed.config }
  report.driver(path, parsed.problems)
  return null
}

export function isMapping(raw: unknown): raw is Raw {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw)
}

export function keysOf(raw: unknown): Raw {
  return isMapping(raw) ? raw : {}
}

export function picked(keys: Raw, names: readonly string[]): Raw {
  return Object.fromEntries(Object.entries(keys).filter(([key]) => names.includes(key)))
}
