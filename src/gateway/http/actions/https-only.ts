import { Buffer } from 'node:buffer'
import { fieldText } from '../../http1/field-text.ts'
import type { Filter, Route } from '../filters/filter.ts'

const YEAR_S = 365 * 24 * 60 * 60

/** Sends what came in plain bytes to the same place by https (308 keeps method and body). */
export function toHttps(port: number): Route {
  const suffix = port === 443 ? '' : `:${port}`
  return {
    filters: [],
    pool: null,
    act: (transaction) => {
      const { host, targetStart, targetEnd } = transaction.head
      const target = transaction.bytes!.toString('latin1', targetStart, targetEnd)
      const location = `https://${host}${suffix}${target.startsWith('/') ? target : `/${target}`}`
      const lines = `Location: ${location}\r\n`
      transaction.answer({ status: 308, lines, body: Buffer.alloc(0) }, 'https-only')
    },
    spread: null,
    trafficClass: null,
  }
}

/** The same, but for what was secure up to a trusted proxy. */
export function unlessSecure(port: number): Filter {
  const { act } = toHttps(port)
  return {
    request: (transaction) => {
      if (transaction.scheme === 'https') return 'next'
      act!(transaction)
      return 'taken'
    },
  }
}

/** HTTP Strict Transport Security (RFC 6797), unless the server has said so itself. */
export const STRICT_TRANSPORT: Filter = {
  response: ({ head, bytes }) => {
    if (fieldText(bytes, head.lines, 'strict-transport-security') === null) {
      head.added += `Strict-Transport-Security: max-age=${YEAR_S}\r\n`
    }
    return null
  },
}
