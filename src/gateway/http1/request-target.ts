import type { Buffer } from 'node:buffer'
import type { HeaderLines } from './header-lines.ts'
import { isText, type RequestLine } from './request-line.ts'
import {
  BACKSLASH,
  COLON,
  DOT,
  HEX,
  HOST,
  IS_HOST,
  IS_IPV6,
  isDigit,
  isSame,
  isWord,
  PERCENT,
  QUESTION,
  SEMICOLON,
  SLASH,
  ZERO,
} from './tokens.ts'

const SCHEME = 'http://'
const OPEN_BRACKET = 91
const CLOSE_BRACKET = 93
const ASTERISK = 42
const LONGEST_HOST = 255

/** What the functions of this file fill; documented at RequestHead. */
export interface RequestTarget extends RequestLine {
  form: 'origin' | 'absolute' | 'asterisk'
  host: string
  path: string
  pathEnd: number
  hostStart: number
  hostEnd: number
  readonly lines: HeaderLines
}

/**
 * Reads the target that scanRequestLine has found: its form, path and authority. False = doubtful.
 *
 * A path is matched and forwarded exactly as it came. What servers are known to read as another path is therefore refused:
 * dot segments in any spelling (`..`, `%2e.`, `..;x`, ended by `/`, `%2f`, `\` or `%5c`), a backslash, %00 and broken percent codes.
 */
export function readTarget(bytes: Buffer, head: RequestTarget): boolean {
  const start = head.targetStart
  const end = head.targetEnd
  head.hostStart = head.hostEnd = 0
  if (bytes[start] === SLASH) {
    head.form = 'origin'
    return readPath(bytes, head)
  }
  if (bytes[start] === ASTERISK) {
    head.form = 'asterisk'
    return end === start + 1 && head.method === 'OPTIONS' && setAsterisk(head)
  }
  // https:// over a connection that is not TLS is misdirected (RFC 9110 7.4).
  if (end - start < SCHEME.length || !isWord(bytes, start, start + SCHEME.length, SCHEME)) return false
  head.form = 'absolute'
  head.hostStart = start + SCHEME.length
  let at = head.hostStart
  while (at < end && bytes[at] !== SLASH && bytes[at] !== QUESTION) at++
  head.hostEnd = head.targetStart = at
  // RFC 9112 3.2.4: OPTIONS of an authority without path asks about the server as a whole.
  if (at === end && head.method === 'OPTIONS') return setAsterisk(head)
  return readPath(bytes, head)
}

function setAsterisk(head: RequestTarget): boolean {
  head.path = '*'
  head.pathEnd = head.targetEnd
  return true
}

function readPath(bytes: Buffer, head: RequestTarget): boolean {
  const start = head.targetStart
  let at = start
  let isDoubtful = false
  for (; at < head.targetEnd; at++) {
    const byte = bytes[at]!
    if (byte === QUESTION) break
    if (byte === BACKSLASH) return false
    if (byte === PERCENT || (byte === DOT && bytes[at - 1] === SLASH)) isDoubtful = true
  }
  if (isDoubtful && !isPlainPath(bytes, start, at)) return false
  head.pathEnd = at
  if (at === start) head.path = '/'
  else if (!isText(bytes, start, at, head.path)) head.path = bytes.toString('latin1', start, at)
  return true
}

/** A path within bytes: free of dot segments, of NUL and of broken percent codes? */
export function isPlainPath(bytes: Buffer, start: number, end: number): boolean {
  // How many dots the segment consists of; -1 = there is something else in it.
  let dots = 0
  for (let at = start; at < end; at++) {
    let byte = bytes[at]!
    if (byte === PERCENT) {
      if (at + 2 >= end) return false
      byte = HEX[bytes[at + 1]!]! * 16 + HEX[bytes[at + 2]!]!
      if (byte === 0 || byte > 255) return false
      at += 2
    }
    if (byte === SLASH || byte === BACKSLASH || byte === SEMICOLON) {
      if (dots === 1 || dots === 2) return false
      dots = byte === SEMICOLON ? -1 : 0
    } else dots = byte === DOT && dots >= 0 ? dots + 1 : -1
  }
  return dots !== 1 && dots !== 2
}

/** Reads Host, checks it against an absolute target, and sets where the request goes. False = doubtful. */
export function readHost(bytes: Buffer, head: RequestTarget): boolean {
  const line = head.lines.find(HOST)
  if (line < 0) {
    if (head.versionMinor === 1) return false
    if (head.form === 'absolute') return setHost(bytes, head)
    head.host = ''
    return true
  }
  if (head.lines.isRepeated(HOST)) return false
  const start = head.lines.valueStart(line)
  const end = head.lines.valueEnd(line)
  if (head.form === 'absolute') {
    const isOne = end - start === head.hostEnd - head.hostStart && isSame(bytes, start, end, head.hostStart)
    return isOne && setHost(bytes, head)
  }
  head.hostStart = start
  head.hostEnd = end
  return setHost(bytes, head)
}

function setHost(bytes: Buffer, head: RequestTarget): boolean {
  const nameEnd = hostNameEnd(bytes, head.hostStart, head.hostEnd)
  if (nameEnd < 0) return false
  if (!isWord(bytes, head.hostStart, nameEnd, head.host)) {
    head.host = bytes.toString('latin1', head.hostStart, nameEnd).toLowerCase()
  }
  return true
}

/** Where the name within `name[:port]` ends; -1 when it is none. */
function hostNameEnd(bytes: Buffer, start: number, end: number): number {
  if (end === start || end - start > LONGEST_HOST) return -1
  let at = start
  if (bytes[at] === OPEN_BRACKET) {
    at++
    while (at < end && IS_IPV6[bytes[at]!] === 1) at++
    if (at - start < 3 || at === end || bytes[at++] !== CLOSE_BRACKET) return -1
  } else {
    while (at < end && IS_HOST[bytes[at]!] === 1) at++
    if (at === start) return -1
  }
  return at === end || (bytes[at] === COLON && isPort(bytes, at + 1, end)) ? at : -1
}

function isPort(bytes: Buffer, start: number, end: number): boolean {
  if (start === end || end - start > 5 || bytes[start] === ZERO) return false
  let port = 0
  for (let at = start; at < end; at++) {
    if (!isDigit(bytes[at]!)) return false
    port = port * 10 + bytes[at]! - ZERO
  }
  return port <= 65535
}
