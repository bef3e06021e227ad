import type { Parameter } from '../client/parameters.ts'

/** Does what the cloud has agree with all that is wanted? What is not wanted of it may be anything. Numbers and flags are as good as their
 *  texts, what is not there as good as what is off; lists have the same items, in any order. */
export function covers(has: unknown, wanted: Parameter): boolean {
  if (wanted === undefined) return true
  if (Array.isArray(wanted)) {
    const items: readonly unknown[] = Array.isArray(has) ? has : []
    return items.length === wanted.length && wanted.every((one) => items.some((item) => covers(item, one)))
  }
  if (typeof wanted === 'object') {
    const fields = (has ?? {}) as Readonly<Record<string, unknown>>
    return Object.entries(wanted).every(([name, value]) => covers(fields[name], value))
  }
  return has === undefined || has === null
    ? wanted === false || wanted === 0 || wanted === ''
    : String(has) === String(wanted)
}
