import type { Buffer } from 'node:buffer'
import type { Transaction } from '../filters/filter.ts'
import { dropLines, fieldsOf } from './fields.ts'
import type { Asked, Origin, Stored } from './stored.ts'

const CONDITIONS = new Set(['if-none-match', 'if-modified-since', 'if-range', 'range'])
const CONDITION = /^(?:if-none-match|if-modified-since|if-range|range):/i

/** A request as a cache sees it, by the address that its client asked for. */
export function askedOf({ head, scheme }: Transaction, bytes: Buffer): Asked {
  const authority = bytes.toString('latin1', head.hostStart, head.hostEnd)
  const target = bytes.toString('latin1', head.targetStart, head.targetEnd)
  return { url: addressOf(scheme, authority, target), fields: fieldsOf(bytes, head.lines) }
}

export function addressOf(scheme: string, authority: string, target: string): string {
  const host = authority.toLowerCase().replace(scheme === 'https' ? /:443$/ : /:80$/, '')
  return `${scheme}://${host}${target.startsWith('/') ? '' : '/'}${target}`
}

/** The server is asked whether the kept answer still holds, and not what its client asked. */
export function askAgain({ head, bytes }: Transaction, stored: Stored): void {
  dropLines(head.lines, bytes!, CONDITIONS)
  head.added += conditionsOf(stored)
}

export function conditionsOf({ fields }: Stored): string {
  const tag = fields.etag === undefined ? '' : `If-None-Match: ${fields.etag}\r\n`
  const modified = fields['last-modified']
  return modified === undefined ? tag : `${tag}If-Modified-Since: ${modified}\r\n`
}

export function canBeAskedAgain({ fields }: Stored): boolean {
  return fields.etag !== undefined || fields['last-modified'] !== undefined
}

/** What the server has been asked, to be asked again. */
export function originOf({ pool, exchange: { requestHead } }: Transaction): Origin | null {
  if (pool === null || requestHead === null) return null
  const lines = requestHead.toString('latin1').split('\r\n')
  return { pool, head: lines.filter((line) => line !== '' && !CONDITION.test(line)).join('\r\n') }
}
