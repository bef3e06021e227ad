import type { Buffer } from 'node:buffer'
import {
  CHUNKED,
  MISFRAMED,
  readConnection,
  readFraming,
  readKeepAlive,
  readUpgrade,
  SAYS_CLOSE,
  SAYS_KEEP_ALIVE,
  SAYS_UPGRADE,
  UNFRAMED,
} from './fields.ts'
import { type BodyKind, HeaderLines, type HeadLimits } from './header-lines.ts'
import { BAD, INCOMPLETE, isStillIncomplete, scanHeaderLines } from './scan.ts'
import { CR, IS_VALUE, isDigit, LF, SP, ZERO } from './tokens.ts'

/** One response's head, reused from response to response of a connection. Offsets point into the parsed buffer. */
export class ResponseHead {
  limits: HeadLimits
  /** What it answers: set both before parsing, they decide where the response ends. */
  toHead = false
  toUpgrade = false
  status = 0
  versionMinor = 1
  /** Another response follows this one (100, 102, 103; not 101). */
  isInterim = false
  /** The server would keep the connection, and the end of the body can be told. */
  keepAlive = true
  /** `Keep-Alive: timeout=N` in ms; -1 = not announced. */
  keepAliveMs = -1
  body: BodyKind = 'none'
  /** Of a sized body, in bytes. */
  bodyLength = 0
  /** What Content-Length said; -1 = nothing. Of HEAD and 304 it is there without a body. */
  contentLength = -1
  /** `websocket` say, of a 101; '' otherwise. */
  upgrade = ''
  /** Lines, each ended by CRLF, that the gateway adds before it goes on. */
  added = ''
  readonly lines = new HeaderLines()
  /** Offsets: the status line's start and the end of its text, CRLF excluded. */
  start = 0
  reasonEnd = 0
  /** Bytes of an incomplete head that have been looked at. */
  scanned = 0

  constructor(limits: HeadLimits) {
    this.limits = limits
  }
}

const BAD_GATEWAY = -502
const VERSION = 'HTTP/1.'
const SWITCHING = 101

/** As parseRequestHead; the only refusal is -502, after which the connection to the server must be closed. */
export function parseResponseHead(bytes: Buffer, start: number, end: number, into: ResponseHead): number {
  if (isStillIncomplete(bytes, start, end, into)) return INCOMPLETE
  const limit = Math.min(end, start + into.limits.headerBytes)
  into.lines.clear()
  into.added = ''
  const from = scanStatusLine(bytes, start, limit, into)
  const next = from > 0 ? scanHeaderLines(bytes, from, limit, into) : from
  if (next === INCOMPLETE && end - start < into.limits.headerBytes) {
    into.scanned = end - start
    return INCOMPLETE
  }
  into.scanned = 0
  return next > 0 && readFields(bytes, into) ? next : BAD_GATEWAY
}

/** Reads `HTTP/1.x NNN[ reason] CRLF`. */
function scanStatusLine(bytes: Buffer, start: number, end: number, head: ResponseHead): number {
  head.start = start
  for (let i = 0; i < VERSION.length; i++) {
    if (start + i >= end) return INCOMPLETE
    if (bytes[start + i] !== VERSION.charCodeAt(i)) return BAD
  }
  let at = start + VERSION.length
  if (at + 5 >= end) return INCOMPLETE
  head.versionMinor = bytes[at]! - ZERO
  if ((head.versionMinor !== 0 && head.versionMinor !== 1) || bytes[at + 1] !== SP) return BAD
  head.status = 0
  for (at += 2; at < start + 12; at++) {
    if (!isDigit(bytes[at]!)) return BAD
    head.status = head.status * 10 + bytes[at]! - ZERO
  }
  if (head.status < 100 || head.status > 599) return BAD
  // Servers exist that leave out the space before an empty reason.
  if (bytes[at] !== SP && bytes[at] !== CR) return BAD
  while (at < end && IS_VALUE[bytes[at]!] === 1) at++
  head.reasonEnd = at
  if (at === end) return INCOMPLETE
  if (bytes[at] !== CR) return BAD
  if (at + 1 === end) return INCOMPLETE
  return bytes[at + 1] === LF ? at + 2 : BAD
}

/** What the header fields mean together; false = doubtful. */
function readFields(bytes: Buffer, head: ResponseHead): boolean {
  const lines = head.lines
  const said = readConnection(bytes, lines)
  const framing = readFraming(bytes, lines, head.versionMinor)
  if (said < 0 || framing === MISFRAMED) return false
  const isModern = head.versionMinor === 1
  head.keepAlive = (said & SAYS_CLOSE) === 0 && (isModern || (said & SAYS_KEEP_ALIVE) !== 0)
  head.keepAliveMs = readKeepAlive(bytes, lines)
  head.contentLength = framing >= 0 ? framing : -1
  head.isInterim = head.status < 200 && head.status !== SWITCHING
  head.upgrade = ''
  if (head.status < 200 || head.status === 204) {
    // A body where none can be would be taken for the next response.
    if (framing !== UNFRAMED && framing !== 0) return false
    head.contentLength = -1
  }
  if (head.status === SWITCHING) {
    head.upgrade = head.toUpgrade && (said & SAYS_UPGRADE) !== 0 ? readUpgrade(bytes, lines) : ''
    if (head.upgrade === '') return false
  }
  setBody(head, framing)
  return true
}

/** RFC 9112 6.3. */
function setBody(head: ResponseHead, framing: number): void {
  head.bodyLength = 0
  if (head.toHead || head.status < 200 || head.status === 204 || head.status === 304) head.body = 'none'
  else if (framing === CHUNKED) head.body = 'chunked'
  else if (framing === UNFRAMED) {
    head.body = 'until-close'
    head.keepAlive = false
  } else {
    head.body = 'sized'
    head.bodyLength = framing
  }
}
