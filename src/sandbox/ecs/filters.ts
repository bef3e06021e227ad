import type { Given } from '../parameters.ts'
import { invalid } from '../refusal.ts'

const MAX_IDS = 100

/** A list of texts that is written as JSON in one; null = any. */
export function textsIn(given: Given, name: string): readonly string[] | null {
  const texts = given.json(name)
  if (texts === null) return null
  if (!Array.isArray(texts) || texts.length > MAX_IDS || !texts.every((one) => typeof one === 'string'))
    throw invalid(name)
  return texts as readonly string[]
}

/** What is not given fits all. */
export function equals(given: Given, name: string, value: string): boolean {
  return !given.has(name) || given.text(name) === value
}
