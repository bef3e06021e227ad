import type { Buffer } from 'node:buffer'
import { type BodyKind, HeaderLines, type HeadLimits } from './header-lines.ts'

/** One request's head, reused from request to request of a connection. Offsets point into the parsed buffer. */
export class RequestHead {
  limits: HeadLimits
  method = ''
  /** GET, HEAD, OPTIONS: may be sent again after they were written. */
  isSafe = false
  /** The safe ones, PUT and DELETE. */
  isIdempotent = false
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

/**
 * Parses the head that starts at `start`; bytes from `end` on do not count.
 *
 * Returns the offset behind the head; 0 when it is incomplete: call again with the same `into` and more bytes (cheap: nothing is
 * parsed until another line feed has come); or minus the status of the answer after which the connection must be
 * closed: 400, 405, 414, 417, 431, 505. `into` is whole only when the result is positive. An `into` whose head never became
 * complete needs `scanned = 0` before it is used for another connection.
 */
export function parseRequestHead(_bytes: Buffer, _start: number, _end: number, _into: RequestHead): number {
  throw new Error('soon')
}
