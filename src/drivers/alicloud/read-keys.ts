import type { DriverKey } from '../../core/driver.ts'
import type { ReportField } from '../../core/driver-fields.ts'
import { orNothing, textForm } from '../../core/form.ts'

/** A section of the file as it was parsed. */
export type Raw = Readonly<Record<string, unknown>>

export const textKey = (help: string): DriverKey => orEmpty({ ...textForm('text'), help })

/** One that has to have something behind it. */
export const filledKey = (help: string): DriverKey => ({ ...textForm('text'), help })

/** A key that counts as left out when nothing stands behind it. */
export function orEmpty(key: DriverKey): DriverKey {
  return { ...key, schema: orNothing(key.schema) }
}

/** Several texts; one may stand alone. */
export const listKey = (help: string): DriverKey => ({
  type: 'list of texts',
  allowed: '',
  schema: { type: 'array', minItems: 1, items: { type: 'string', minLength: 1 } },
  help,
})

/** Reports that there is nothing where something has to be. */
export function missing(key: string, what: string, report: ReportField): string {
  report([key], `expected ${what}`)
  return ''
}

/** null = not given. */
export function readText(value: unknown, path: readonly string[], report: ReportField): string | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'string' && value.trim() !== '') return value
  report(path, 'expected text')
  return ''
}

/** The same, where a key that is left empty is a mistake. */
export function readFilled(raw: Raw, key: string, report: ReportField): string | null {
  if (raw[key] !== null) return readText(raw[key], [key], report)
  report([key], `nothing stands behind it; expected text, or no ${key}`)
  return ''
}

export function readTexts(
  value: unknown,
  { key, isNeeded }: { readonly key: string; readonly isNeeded: boolean },
  report: ReportField,
): readonly string[] {
  const list = typeof value === 'string' ? [value] : (value ?? [])
  if (!Array.isArray(list) || !list.every((item) => typeof item === 'string' && item !== '')) {
    report([key], 'expected a list of texts')
    return []
  }
  if (list.length === 0 && isNeeded) report([key], 'expected at least one')
  list.forEach((item, index) => {
    if (list.indexOf(item) < index) report([key, index], `${item} is here twice`)
  })
  return list as readonly string[]
}

export function readWhole(
  value: unknown,
  { path, min, max }: { readonly path: readonly string[]; readonly min: number; readonly max: number },
  report: ReportField,
): number {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  if (typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max) return number
  report(path, `expected a whole number from ${min} to ${max}`)
  return min
}

/** Empty when it is not given, or no mapping. `known`: keys that it may have; null = any. */
export function readMap(
  value: unknown,
  { key, known }: { readonly key: string; readonly known: readonly string[] | null },
  report: ReportField,
): Raw {
  if (value === undefined || value === null) return {}
  if (typeof value !== 'object' || Array.isArray(value)) {
    report([key], 'expected a map of keys to values')
    return {}
  }
  for (const name of known === null ? [] : Object.keys(value).filter((one) => !known.includes(one)))
    report([key, name], `unknown key; known: ${known?.join(', ')}`)
  return value as Raw
}
