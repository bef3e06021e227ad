import { Buffer } from 'node:buffer'
import { STATUS_CODES } from 'node:http'
import type { Reply } from '../http/reply.ts'

/** A body up to here goes into one buffer with its head: a copy costs less than a second write. */
const COPIED_BYTES = 2048

export interface ReplyAbout {
  /** The connection ends after it: always towards HTTP/1.0 clients. */
  readonly close: boolean
  /** It answers HEAD: the body stays away. */
  readonly head: boolean
  /** An HTTP date (RFC 9110 6.6.1). */
  readonly date: string
}

/** The gateway's own answer as it is sent: one buffer, or two when the body is long. */
export function replyBytes(reply: Reply, about: ReplyAbout): readonly Buffer[] {
  const { status, lines, body } = reply
  const bodiless = status === 204 || status === 304
  const length = bodiless ? '' : `Content-Length: ${body.length}\r\n`
  const head =
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nDate: ${about.date}\r\n${lines}${length}` +
    `${about.close ? 'Connection: close\r\n' : ''}\r\n`
  if (about.head || bodiless || body.length === 0) return [Buffer.from(head, 'latin1')]
  if (body.length > COPIED_BYTES) return [Buffer.from(head, 'latin1'), body]
  return [Buffer.concat([Buffer.from(head, 'latin1'), body])]
}
