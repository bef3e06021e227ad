import { nearest } from '../scaling/rules/suggest.ts'

const MAX_LISTED = 16
/** No key is this long, and the distance takes time by the product of the lengths. */
const MAX_WORD = 64

/** The end of a sentence about a word that is not one of the candidates: which was probably meant, else nothing. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const near = word.length <= MAX_WORD ? nearest(word, candidates) : null
  return near === null ? '' : `; did you mean ${near}?`
}

/** The same, else which candidates there are. */
export function hint(word: string, candidates: readonly string[]): string {
  const meant = didYouMean(word, candidates)
  if (meant !== '') return meant
  if (candidates.length === 0 || candidates.length > MAX_LISTED) return ''
  return `; known: ${candidates.join(', ')}`
}
