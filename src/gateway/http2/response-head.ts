import type { Output } from '../http1/output.ts'
import { parseResponseHead, type ResponseHead } from '../http1/response-head.ts'
import { TrailerReader } from '../http1/trailers.ts'
import { CONNECTION_FIELDS, type RawHeaders } from './raw-headers.ts'

/** Turns a server's fields into an HTTP/1.1 head, which the strict parser reads `into`; gives its bytes, null = it is no answer. */
export function readResponse(
  raw: RawHeaders,
  isWhole: boolean,
  into: ResponseHead,
  out: Output,
): Buffer | null {
  const lines = linesOf(raw, ':status')
  if (lines === null) return null
  out.discard()
  out.text(`HTTP/1.1 ${lines.pseudo} \r\n${lines.text}\r\n`)
  const bytes = out.take()
  into.scanned = 0
  const end = parseResponseHead(bytes, 0, bytes.length, into)
  // Whatever a value had in it, it has become no line of its own.
  if (end !== bytes.length || into.lines.count !== lines.count) return null
  if (into.body === 'until-close') into.body = isWhole ? 'sized' : 'chunked'
  return bytes
}

/** Trailers of either side as lines that may go on; null = none. Those that are malformed throw the message away: false. */
export function readTrailers(raw: RawHeaders): Buffer | null | false {
  const lines = linesOf(raw, '')
  if (lines === null || lines.text.split('\r\n').length !== lines.count + 1) return false
  const bytes = Buffer.from(`${lines.text}\r\n`, 'latin1')
  const reader = new TrailerReader()
  const end = reader.read(bytes, 0, bytes.length)
  return reader.isOver && !reader.isBad && end === bytes.length ? reader.kept : false
}

/** The fields as lines; null = there is one too many, or one too few, or one that may not be. */
function linesOf(raw: RawHeaders, pseudo: string): { pseudo: string; text: string; count: number } | null {
  const lines = { pseudo: '', text: '', count: 0 }
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at]!
    if (name.charCodeAt(0) === 58) {
      if (name !== pseudo || lines.pseudo !== '' || lines.count > 0) return null
      lines.pseudo = raw[at + 1]!
    } else {
      if (CONNECTION_FIELDS.has(name)) return null
      lines.text += `${name}: ${raw[at + 1]}\r\n`
      lines.count++
    }
  }
  return pseudo !== '' && lines.pseudo === '' ? null : lines
}
