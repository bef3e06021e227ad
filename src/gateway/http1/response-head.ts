import type { Buffer } from 'node:buffer'
import { type BodyKind, HeaderLines, type HeadLimits } from './header-lines.ts'

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

/** As parseRequestHead; the only refusal is -502: the connection to the server must be closed. */
export function parseResponseHead(_bytes: Buffer, _start: number, _end: number, _into: ResponseHead): number {
  throw new Error('soon')
}
