import type { Buffer } from 'node:buffer'
import { BAD, INCOMPLETE } from './scan.ts'
import { IS_METHOD, IS_TARGET, isDigit, SP, ZERO } from './tokens.ts'

const NOT_ALLOWED = -405
const VERSION_NOT_SUPPORTED = -505
const LONGEST_METHOD = 24
/** A zero stands for any digit. */
const VERSION = 'HTTP/0.0\r\n'

/** What scanRequestLine fills; documented at RequestHead. */
export interface RequestLine {
  method: string
  isSafe: boolean
  isHead: boolean
  versionMinor: number
  start: number
  targetStart: number
  targetEnd: number
}

interface Method {
  readonly name: string
  readonly isSafe: boolean
  readonly isRefused: boolean
}

function method(name: string, traits: Partial<Method> = {}): [string, Method] {
  return [name, { name, isSafe: false, isRefused: false, ...traits }]
}

const SAFE = { isSafe: true }
/** CONNECT is for forward proxies; TRACE would show clients what the gateway adds. */
const METHODS = new Map<string, Method>([
  method('GET', SAFE),
  method('HEAD', SAFE),
  method('OPTIONS', SAFE),
  method('PUT'),
  method('DELETE'),
  method('CONNECT', { isRefused: true }),
  method('TRACE', { isRefused: true }),
])

/** Reads `METHOD target HTTP/1.x CRLF`: the offset behind it, INCOMPLETE, or minus a status. */
export function scanRequestLine(bytes: Buffer, from: number, end: number, head: RequestLine): number {
  let at = from
  while (at < end && IS_METHOD[bytes[at]!] === 1) at++
  if (at - from > LONGEST_METHOD) return BAD
  if (at === end) return INCOMPLETE
  if (at === from || bytes[at] !== SP) return BAD
  const methodEnd = at
  const targetStart = ++at
  while (at < end && IS_TARGET[bytes[at]!] === 1) at++
  if (at === end) return INCOMPLETE
  if (at === targetStart || bytes[at] !== SP) return BAD
  head.start = from
  head.targetStart = targetStart
  head.targetEnd = at
  const next = scanVersion(bytes, at + 1, end, head)
  if (next <= 0) return next
  return readMethod(bytes, from, methodEnd, head) ? next : NOT_ALLOWED
}

function scanVersion(bytes: Buffer, from: number, end: number, head: RequestLine): number {
  for (let i = 0; i < VERSION.length; i++) {
    if (from + i === end) return INCOMPLETE
    const byte = bytes[from + i]!
    const wanted = VERSION.charCodeAt(i)
    if (wanted === ZERO ? !isDigit(byte) : byte !== wanted) return BAD
  }
  head.versionMinor = bytes[from + 7]! - ZERO
  return bytes[from + 5] === ZERO + 1 && head.versionMinor <= 1
    ? from + VERSION.length
    : VERSION_NOT_SUPPORTED
}

/** False when the gateway does not serve it. Most requests of a connection have the method of the one before. */
function readMethod(bytes: Buffer, start: number, end: number, head: RequestLine): boolean {
  if (isText(bytes, start, end, head.method)) return true
  const text = bytes.toString('latin1', start, end)
  const known = METHODS.get(text)
  if (known?.isRefused) return false
  head.method = known?.name ?? text
  head.isSafe = known?.isSafe ?? false
  head.isHead = text === 'HEAD'
  return true
}

/** Is bytes[start..end) this text? Spares making the string again. */
export function isText(bytes: Buffer, start: number, end: number, text: string): boolean {
  if (end - start !== text.length) return false
  for (let at = start; at < end; at++) if (bytes[at] !== text.charCodeAt(at - start)) return false
  return true
}
