import type { Buffer } from 'node:buffer'
import type { HeaderLines, HeadLimits } from './header-lines.ts'
import { COLON, CR, HTAB, headerId, IS_TOKEN, IS_VALUE, LF, LOOK_ALIKE, SP } from './tokens.ts'

/** The results of a scan that has not reached the end of the head. */
export const INCOMPLETE = 0
export const BAD = -400
export const TOO_LARGE = -431

/** What a scan fills: both kinds of head are one. */
interface Head {
  readonly limits: HeadLimits
  readonly lines: HeaderLines
  scanned: number
}

/**
 * Is it pointless to parse again? Only a line feed can complete a head, so without a new one there is nothing to do: a head
 * that comes byte by byte is parsed once a line, and there is a limit on lines.
 */
export function isStillIncomplete(bytes: Buffer, start: number, end: number, head: Head): boolean {
  if (head.scanned === 0 || end - start >= head.limits.headerBytes) return false
  const newline = bytes.indexOf(LF, start + head.scanned)
  if (newline >= 0 && newline < end) return false
  head.scanned = end - start
  return true
}

/**
 * Reads header lines up to and with the empty line. Strict: CRLF only, no folding, no space before the colon, no control but HTAB
 * in a value, none of the known names spelt with underscores. Returns the offset behind, INCOMPLETE, BAD or TOO_LARGE.
 */
export function scanHeaderLines(bytes: Buffer, from: number, end: number, head: Head): number {
  const lines = head.lines
  let at = from
  while (at < end) {
    if (bytes[at] === CR) return finish(bytes, at, end, lines)
    if (lines.count === head.limits.headerCount) return TOO_LARGE
    const start = at
    while (at < end && IS_TOKEN[bytes[at]!] === 1) at++
    if (at === end) return INCOMPLETE
    if (at === start || bytes[at] !== COLON) return BAD
    const nameEnd = at++
    while (at < end && isBlank(bytes[at]!)) at++
    const valueStart = at
    while (at < end && IS_VALUE[bytes[at]!] === 1) at++
    if (at === end) return INCOMPLETE
    if (bytes[at] !== CR) return BAD
    let valueEnd = at
    while (valueEnd > valueStart && isBlank(bytes[valueEnd - 1]!)) valueEnd--
    if (++at === end) return INCOMPLETE
    if (bytes[at++] !== LF) return BAD
    const id = headerId(bytes, start, nameEnd)
    if (id === LOOK_ALIKE) return BAD
    lines.identify(lines.add(start, nameEnd, valueStart, valueEnd), id)
  }
  return INCOMPLETE
}

function finish(bytes: Buffer, at: number, end: number, lines: HeaderLines): number {
  if (at + 1 === end) return INCOMPLETE
  if (bytes[at + 1] !== LF) return BAD
  lines.end = at
  return at + 2
}

function isBlank(byte: number): boolean {
  return byte === SP || byte === HTAB
}
