import type { ReportField } from '../../../core/driver-fields.ts'
import type { Raw } from '../read-keys.ts'

/** A word of the file, as the cloud calls it; `usual`: where there is none, null = one is needed. */
export function readWord<Words extends object>(
  raw: Raw,
  about: { readonly key: string; readonly words: Words; readonly usual: Words[keyof Words] | null },
  report: ReportField,
): Words[keyof Words] {
  const { key, words, usual } = about
  const word = raw[key]
  if ((word === undefined || word === null) && usual !== null) return usual
  if (typeof word === 'string' && Object.hasOwn(words, word)) return words[word as keyof Words]
  report([key], `expected one of ${Object.keys(words).join(', ')}`)
  return Object.values(words)[0]
}
