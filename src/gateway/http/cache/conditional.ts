import type { Fields } from './fields.ts'
import type { Stored } from './stored.ts'

/** Does the client have what is kept (RFC 9110 13.2.2)? */
export function clientHasIt({ status, fields }: Stored, asked: Fields): boolean {
  if (status !== 200) return false
  const tags = asked['if-none-match']
  if (tags !== undefined)
    return tags.trim() === '*' || (fields.etag !== undefined && namesTag(tags, fields.etag))
  const since = Date.parse(asked['if-modified-since'] ?? '')
  const modified = Date.parse(fields['last-modified'] ?? '')
  return modified <= since
}

/** By the weak comparison of RFC 9110 8.8.3.2. */
function namesTag(tags: string, etag: string): boolean {
  const wanted = etag.replace(/^W\//, '')
  return (tags.match(/(?:W\/)?"[^"]*"/g) ?? []).some((tag) => tag.replace(/^W\//, '') === wanted)
}

export interface Part {
  readonly start: number
  /** Exclusive. */
  readonly end: number
}

/** The one part that the client wants of a whole answer; null = all of it, 'none' = a part that is not there. */
export function partOf({ status, fields, body }: Stored, asked: Fields): Part | 'none' | null {
  const found = /^bytes=(\d*)-(\d*)$/.exec(asked.range?.trim() ?? '')
  if (status !== 200 || found === null || !rangeStillFits(fields, asked['if-range'])) return null
  const [, first = '', last = ''] = found
  if (first === '') {
    if (last === '') return null
    const length = Math.min(Number(last), body.length)
    return length === 0 ? 'none' : { start: body.length - length, end: body.length }
  }
  const start = Number(first)
  if (start >= body.length) return 'none'
  const end = last === '' ? body.length : Math.min(Number(last) + 1, body.length)
  return end <= start ? null : { start, end }
}

/** RFC 9110 13.1.5: only a strong tag, or the very date. */
function rangeStillFits(fields: Fields, ifRange: string | undefined): boolean {
  if (ifRange === undefined) return true
  return ifRange.startsWith('"') ? ifRange === fields.etag : ifRange === fields['last-modified']
}
