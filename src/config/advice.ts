import * as z from 'zod'
import type { Form } from '../core/form.ts'
import type { Path } from './document.ts'
import type { Advice, FieldMeta } from './fields.ts'
import { leavesOf } from './leaves.ts'
import type { Report } from './report.ts'

/** Tells which of the values that stand in a section are outside their advised range, and what that does. */
export function advise(schema: z.ZodType, section: unknown, base: Path, report: Report): void {
  if (!(schema instanceof z.ZodObject)) return
  for (const { path, meta } of leavesOf(schema)) {
    const at = [...base, ...path]
    const written = report.written(at)
    if (!meta.advised || !meta.advice || written === null) continue
    const effect = effectOf(valueAt(section, path), meta.advised, meta.advice)
    if (effect !== null) report.advise(at, `${written}: advised ${rangeOf(meta.advice)}; ${effect}`)
  }
}

/** `15s to 60s`, `at most 5m`. */
export function rangeOf({ least, most }: Advice): string {
  if (most === undefined) return `at least ${least}`
  return least === undefined ? `at most ${most}` : `${least} to ${most}`
}

/** What an editor shows of a key. */
export function aboutOf({
  help,
  allowed,
  advice,
}: Form & { readonly help: string; readonly advice?: Advice }): string {
  const sentences = [
    help,
    allowed === '' ? '' : `Allowed: ${allowed}.`,
    advice === undefined ? '' : `Advised: ${rangeOf(advice)}.`,
    advice?.below === undefined ? '' : `Below that, ${advice.below}.`,
    advice?.above === undefined ? '' : `Above that, ${advice.above}.`,
  ]
  return sentences.filter((sentence) => sentence !== '').join(' ')
}

function effectOf(
  value: unknown,
  { least, most }: NonNullable<FieldMeta['advised']>,
  { below, above }: Advice,
): string | null {
  // A word that stands for no end, such as `none`, is null.
  const number = value === null ? Number.POSITIVE_INFINITY : value
  if (typeof number !== 'number') return null
  if (number < least) return `below that, ${below}`
  return number > most ? `above that, ${above}` : null
}

function valueAt(section: unknown, path: readonly string[]): unknown {
  return path.reduce((value, key) => (value as Readonly<Record<string, unknown>>)[key], section)
}
