import type { Buffer } from 'node:buffer'
import type { HeaderLines } from './header-lines.ts'
import {
  COMMA,
  CONNECTION,
  CONTENT_LENGTH,
  HOST,
  HTAB,
  headerId,
  isDigit,
  isSame,
  isToken,
  isWord,
  KEEP_ALIVE,
  LOOK_ALIKE,
  SP,
  TE,
  TRANSFER_ENCODING,
  UPGRADE,
  ZERO,
} from './tokens.ts'

/** Results of readFraming that are no length. */
export const UNFRAMED = -1
export const CHUNKED = -2
export const MISFRAMED = -3

/** Fifteen digits are a petabyte, and exact in a number. */
const LENGTH_DIGITS = 15

/** What delimits the body: its length, UNFRAMED, CHUNKED, or MISFRAMED when two readers might see two different ends. */
export function readFraming(bytes: Buffer, lines: HeaderLines, versionMinor: number): number {
  const sized = lines.find(CONTENT_LENGTH)
  const coded = lines.find(TRANSFER_ENCODING)
  if (sized < 0 && coded < 0) return UNFRAMED
  if (sized >= 0 && coded >= 0) return MISFRAMED
  if (lines.isRepeated(CONTENT_LENGTH) || lines.isRepeated(TRANSFER_ENCODING)) return MISFRAMED
  if (sized >= 0) return readLength(bytes, lines.valueStart(sized), lines.valueEnd(sized))
  const chunked = isWord(bytes, lines.valueStart(coded), lines.valueEnd(coded), 'chunked')
  return chunked && versionMinor === 1 ? CHUNKED : MISFRAMED
}

/** Digits only, and no leading zero: some read it as octal. */
function readLength(bytes: Buffer, start: number, end: number): number {
  const digits = end - start
  if (digits === 0 || digits > LENGTH_DIGITS || (digits > 1 && bytes[start] === ZERO)) return MISFRAMED
  let length = 0
  for (let at = start; at < end; at++) {
    if (!isDigit(bytes[at]!)) return MISFRAMED
    length = length * 10 + bytes[at]! - ZERO
  }
  return length
}

/** Bits of readConnection. */
export const SAYS_CLOSE = 1
export const SAYS_KEEP_ALIVE = 2
export const SAYS_UPGRADE = 4
const MISNAMED = -1

/** More names than this are an attempt to make each of them be compared with each header. */
const CONNECTION_NAMES = 32
/** What `Connection` must not take out of a message: another reader would not know where it ends, or whose it is. */
const NEVER_NAMED = (1 << HOST) | (1 << CONTENT_LENGTH) | (1 << TRANSFER_ENCODING) | (1 << LOOK_ALIKE)

/** Reads every Connection line and drops the headers that they name; -1 when one is malformed or names what it must not. */
export function readConnection(bytes: Buffer, lines: HeaderLines): number {
  let said = 0
  let names = 0
  for (let line = lines.find(CONNECTION); line >= 0; line = lines.find(CONNECTION, line + 1)) {
    const end = lines.valueEnd(line)
    for (let at = lines.valueStart(line); at < end; ) {
      const stop = elementEnd(bytes, at, end)
      const start = skipBlank(bytes, at, stop)
      const nameEnd = trimBlank(bytes, start, stop)
      at = stop + 1
      if (start === nameEnd) continue
      if (++names > CONNECTION_NAMES) return MISNAMED
      const bits = readOption(bytes, start, nameEnd, lines)
      if (bits < 0) return MISNAMED
      said |= bits
    }
  }
  return said
}

function readOption(bytes: Buffer, start: number, end: number, lines: HeaderLines): number {
  if (isWord(bytes, start, end, 'close')) return SAYS_CLOSE
  const id = headerId(bytes, start, end)
  if (id === KEEP_ALIVE) return SAYS_KEEP_ALIVE
  if (id === UPGRADE) return SAYS_UPGRADE
  // Known fields have rules of their own; one that is named here does not escape them.
  if (id !== 0) return (NEVER_NAMED & (1 << id)) === 0 ? 0 : MISNAMED
  if (!isToken(bytes, start, end)) return MISNAMED
  for (let line = 0; line < lines.count; line++) {
    const nameStart = lines.start(line)
    if (lines.nameEnd(line) - nameStart === end - start && isSame(bytes, start, end, nameStart))
      lines.drop(line)
  }
  return 0
}

/**
 * The one protocol that is asked for or agreed to, '' when there is none that may pass. A tunnel of HTTP within HTTP (h2c) or of TLS
 * would carry requests past every rule, so these are as good as not asked for; so is a choice of several.
 */
export function readUpgrade(bytes: Buffer, lines: HeaderLines): string {
  const line = lines.find(UPGRADE)
  if (line < 0 || lines.isRepeated(UPGRADE)) return ''
  const protocol = bytes.toString('latin1', lines.valueStart(line), lines.valueEnd(line))
  if (!/^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)?$/.test(protocol)) return ''
  return /^(h2c?|http|tls)(\/|$)/i.test(protocol) ? '' : protocol
}

/** Does `TE` say that trailers are welcome? */
export function readTe(bytes: Buffer, lines: HeaderLines): boolean {
  for (let line = lines.find(TE); line >= 0; line = lines.find(TE, line + 1)) {
    const end = lines.valueEnd(line)
    for (let at = lines.valueStart(line); at < end; ) {
      const stop = elementEnd(bytes, at, end)
      const start = skipBlank(bytes, at, stop)
      if (isWord(bytes, start, trimBlank(bytes, start, stop), 'trailers')) return true
      at = stop + 1
    }
  }
  return false
}

const TIMEOUT = 'timeout='
/** Nine digits are thirty years. */
const TIMEOUT_DIGITS = 9

/** `Keep-Alive: timeout=N` in ms; -1 when there is none. A hint, so never a reason to refuse. */
export function readKeepAlive(bytes: Buffer, lines: HeaderLines): number {
  const line = lines.find(KEEP_ALIVE)
  if (line < 0) return -1
  const end = lines.valueEnd(line)
  for (let at = lines.valueStart(line); at < end; ) {
    const stop = elementEnd(bytes, at, end)
    const start = skipBlank(bytes, at, stop)
    const value = Math.min(start + TIMEOUT.length, stop)
    if (isWord(bytes, start, value, TIMEOUT)) return readSeconds(bytes, value, stop)
    at = stop + 1
  }
  return -1
}

function readSeconds(bytes: Buffer, start: number, end: number): number {
  let seconds = 0
  let at = start
  while (at < end && at - start < TIMEOUT_DIGITS && isDigit(bytes[at]!)) {
    seconds = seconds * 10 + bytes[at++]! - ZERO
  }
  return at === start ? -1 : seconds * 1000
}

function elementEnd(bytes: Buffer, start: number, end: number): number {
  let at = start
  while (at < end && bytes[at] !== COMMA) at++
  return at
}

function skipBlank(bytes: Buffer, start: number, end: number): number {
  let at = start
  while (at < end && (bytes[at] === SP || bytes[at] === HTAB)) at++
  return at
}

function trimBlank(bytes: Buffer, start: number, end: number): number {
  let at = end
  while (at > start && (bytes[at - 1] === SP || bytes[at - 1] === HTAB)) at--
  return at
}
