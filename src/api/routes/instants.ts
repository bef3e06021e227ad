import { userFault } from '../../core/fault.ts'
import { INSTANT, parseInstant } from '../../core/instant.ts'
import type { Millis } from '../../core/time.ts'

/** Of a parameter of that name; null = it was left out. Throws Fault request.invalid. */
export function instantOf(name: string, text: string | undefined, now: Millis): Millis | null {
  if (text === undefined) return null
  const at = parseInstant(text, now)
  if (at === null) throw userFault('request.invalid', `${name}: expected ${INSTANT}, got "${text}"`)
  return at
}
