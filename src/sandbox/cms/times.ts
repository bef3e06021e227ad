import type { Millis } from '../../core/time.ts'
import type { Given } from '../parameters.ts'
import { Refusal } from '../refusal.ts'

/** Its times without a zone are of UTC+8. */
export const BEIJING_MS = 8 * 3_600_000

/** Milliseconds since the epoch, or `2026-01-05 16:00:00` of UTC+8; null = not given. */
export function timeIn(given: Given, name: string): Millis | null {
  if (!given.has(name)) return null
  const text = given.text(name)
  const at = /^\d+$/.test(text) ? Number(text) : Date.parse(`${text.replace(' ', 'T')}Z`) - BEIJING_MS
  if (Number.isNaN(at)) throw illegal(name)
  return at
}

export function illegal(what: string): Refusal {
  return new Refusal('ParameterInvalid', `Illegal parameters. (${what})`)
}
