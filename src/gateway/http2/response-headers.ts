import { RESPONSE_FIELDS } from '../http1/forward.ts'
import type { ResponseHead } from '../http1/response-head.ts'
import { HTTP2_SETTINGS, TRAILER } from '../http1/tokens.ts'
import { addLines } from './raw-headers.ts'

const FIELDS = RESPONSE_FIELDS & ~(1 << HTTP2_SETTINGS)
const SWITCHING = 101
/** Of the HTTP/1.1 handshake only (RFC 8441 5). */
const HANDSHAKE = 'sec-websocket-accept'

/** A server's head as it goes on to a client that speaks HTTP/2. */
export function responseHeaders(head: ResponseHead, bytes: Buffer): string[] {
  const switches = head.status === SWITCHING
  const raw = [':status', switches ? '200' : String(head.status)]
  const kept = head.body === 'chunked' ? FIELDS | (1 << TRAILER) : FIELDS
  const { lines } = head
  for (let line = 0; line < lines.count; line++) {
    if (((kept >>> lines.id(line)) & 1) === 0 || lines.isDropped(line)) continue
    const name = bytes.toString('latin1', lines.start(line), lines.nameEnd(line)).toLowerCase()
    if (switches && name === HANDSHAKE) continue
    raw.push(name, bytes.toString('latin1', lines.valueStart(line), lines.valueEnd(line)))
  }
  const length = lengthOf(head)
  if (length >= 0) raw.push('content-length', String(length))
  if (head.added !== '') addLines(head.added, raw)
  raw.push('via', head.versionMinor === 0 ? '1.0 tidegate' : '1.1 tidegate')
  return raw
}

/** -1 = it is not said: the stream's end tells it. */
function lengthOf(head: ResponseHead): number {
  if (head.body === 'none') return head.contentLength
  if (head.body !== 'sized') return -1
  return head.bodyLength === 0 ? head.contentLength : head.bodyLength
}

/** Trailer lines, each ended by CRLF, as node:http2 takes them. */
export function trailerFields(trailers: Buffer): Record<string, string[]> {
  const raw: string[] = []
  addLines(trailers.toString('latin1'), raw)
  return fieldsOf(raw)
}

/** Names and values in turn, by name. */
export function fieldsOf(raw: readonly string[]): Record<string, string[]> {
  const fields: Record<string, string[]> = Object.create(null)
  for (let at = 0; at < raw.length; at += 2) (fields[raw[at]!] ??= []).push(raw[at + 1]!)
  return fields
}
