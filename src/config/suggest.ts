import { nearest } from '../scaling/rules/suggest.ts'

const MAX_LISTED = 16
/** No key is this long, and the distance takes time by the product of the lengths. */
const MAX_WORD = 64

/** The end of a sentence about a word that is not one of the candidates: which was meant, else which there are. */
export function hint(word: string, candidates: readonly string[]): string {
  const near = word.length <= MAX_WORD ? nearest(word, candidates) : null
  if (near !== null) return `; did you mean ${near}?`
  if (candidates.length === 0 || candidates.length > MAX_LISTED) return ''
  return `; known: ${candidates.join(', ')}`
}
