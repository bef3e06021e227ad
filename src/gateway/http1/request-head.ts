import type { Buffer } from 'node:buffer'
import {
  CHUNKED,
  MISFRAMED,
  readConnection,
  readFraming,
  readTe,
  readUpgrade,
  SAYS_CLOSE,
  SAYS_KEEP_ALIVE,
  SAYS_UPGRADE,
  UNFRAMED,
} from './fields.ts'
import { type BodyKind, HeaderLines, type HeadLimits } from './header-lines.ts'
import { type RequestLine, scanRequestLine } from './request-line.ts'
import { type RequestTarget, readHost, readTarget } from './request-target.ts'
import { BAD, INCOMPLETE, isStillIncomplete, scanHeaderLines, TOO_LARGE } from './scan.ts'
import { CR, EXPECT, isWord, LF, TE } from './tokens.ts'

/** One request's head, reused from request to request of a connection. Offsets point into the parsed buffer. */
export class RequestHead implements RequestLine, RequestTarget {
  limits: HeadLimits
  method = ''
  /** GET, HEAD, OPTIONS: may be sent again after they were written. */
  isSafe = false
  isHead = false
  /** 0 or 1. */
  versionMinor = 1
  /** Lower case, without port; '' when an HTTP/1.0 client named none. */
  host = ''
  /** As it was sent, without query: not decoded, free of dot segments, NUL and backslash. `*` for `OPTIONS *`. */
  path = ''
  /** The client would keep the connection. */
  keepAlive = true
  body: BodyKind = 'none'
  /** Of a sized body, in bytes. */
  bodyLength = 0
  /** The client waits for `100 Continue` (HTTP/1.1 and a body only). Never forwarded: the gateway answers it. */
  expectContinue = false
  /** The protocol wanted, `websocket` say; '' = none. h2c is never wanted: it would hide requests from the gateway. */
  upgrade = ''
  /** `TE: trailers`. */
  acceptsTrailers = false
  form: 'origin' | 'absolute' | 'asterisk' = 'origin'
  /** Lines, each ended by CRLF, that the gateway adds before it goes on. */
  added = ''
  /** The path that goes on, the query as it came behind it; '' = the path that came. */
  newPath = ''
  readonly lines = new HeaderLines()
  /** Offsets: the request line's start, the target as it is forwarded, the Host value (or the absolute target's authority). */
  start = 0
  targetStart = 0
  pathEnd = 0
  targetEnd = 0
  hostStart = 0
  hostEnd = 0
  /** Bytes of an incomplete head that have been looked at. */
  scanned = 0

  constructor(limits: HeadLimits) {
    this.limits = limits
  }
}

const URI_TOO_LONG = -414
const EXPECTATION_FAILED = -417

/**
 * Parses the head that starts at `start`; bytes from `end` on do not count. One empty line before it is skipped (RFC 9112 2.2).
 *
 * Returns the offset behind the head; 0 when it is incomplete: call again with the same `into` and more bytes, which may have
 * moved (cheap: nothing is parsed until another line feed has come); or minus the status of the answer after which the
 * connection must be closed: 400, 405, 414, 417, 431, 505. `into` is whole only when the result is positive. An `into` whose
 * head never became complete needs `scanned = 0` before it serves another connection.
 */
export function parseRequestHead(bytes: Buffer, start: number, end: number, into: RequestHead): number {
  if (isStillIncomplete(bytes, start, end, into)) return INCOMPLETE
  const limit = Math.min(end, start + into.limits.headerBytes)
  const headersStart = parseFirstLine(bytes, start, limit, into)
  const next = headersStart > 0 ? scanHeaderLines(bytes, headersStart, limit, into) : headersStart
  const isTooLong = end - start >= into.limits.headerBytes
  into.scanned = next === INCOMPLETE && !isTooLong ? end - start : 0
  if (next === INCOMPLETE) {
    if (!isTooLong) return INCOMPLETE
    return headersStart === INCOMPLETE ? URI_TOO_LONG : TOO_LARGE
  }
  if (next < 0) return next
  const refusal = readFields(bytes, into)
  return refusal < 0 ? refusal : next
}

function parseFirstLine(bytes: Buffer, start: number, end: number, into: RequestHead): number {
  into.lines.clear()
  into.added = ''
  into.newPath = ''
  let from = start
  if (from < end && bytes[from] === CR) {
    if (from + 1 < end && bytes[from + 1] !== LF) return BAD
    from += 2
  }
  if (from >= end) return INCOMPLETE
  const next = scanRequestLine(bytes, from, end, into)
  return next <= 0 || readTarget(bytes, into) ? next : BAD
}

/** What the header fields mean together; 0 or minus a status. */
function readFields(bytes: Buffer, head: RequestHead): number {
  const lines = head.lines
  if (!readHost(bytes, head)) return BAD
  const said = readConnection(bytes, lines)
  const framing = readFraming(bytes, lines, head.versionMinor)
  if (said < 0 || framing === MISFRAMED) return BAD
  const isModern = head.versionMinor === 1
  head.keepAlive = (said & SAYS_CLOSE) === 0 && (isModern || (said & SAYS_KEEP_ALIVE) !== 0)
  head.body = framing === CHUNKED ? 'chunked' : framing === UNFRAMED ? 'none' : 'sized'
  head.bodyLength = Math.max(framing, 0)
  head.acceptsTrailers = isModern && lines.has(TE) && readTe(bytes, lines)
  const hasBody = head.body === 'chunked' || head.bodyLength > 0
  head.upgrade = isModern && (said & SAYS_UPGRADE) !== 0 ? readUpgrade(bytes, lines) : ''
  // Where the body ends and the tunnel begins is read in different ways.
  if (head.upgrade !== '' && hasBody) return BAD
  head.expectContinue = false
  // RFC 9110 10.1.1: an HTTP/1.0 client cannot mean it.
  if (!isModern || !lines.has(EXPECT)) return 0
  const line = lines.find(EXPECT)
  const isKnown = isWord(bytes, lines.valueStart(line), lines.valueEnd(line), '100-continue')
  if (!isKnown || lines.isRepeated(EXPECT)) return EXPECTATION_FAILED
  head.expectContinue = hasBody
  return 0
}
