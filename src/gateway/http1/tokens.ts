import type { Buffer } from 'node:buffer'

export const HTAB = 9
export const LF = 10
export const CR = 13
export const SP = 32
export const QUOTE = 34
export const PERCENT = 37
export const COMMA = 44
export const DOT = 46
export const SLASH = 47
export const ZERO = 48
export const COLON = 58
export const SEMICOLON = 59
export const QUESTION = 63
export const BACKSLASH = 92
const HYPHEN = 45
const UNDERSCORE = 95

function bytesOf(...sets: string[]): Uint8Array {
  const table = new Uint8Array(256)
  for (const char of sets.join('')) table[char.charCodeAt(0)] = 1
  return table
}

const DIGITS = '0123456789'
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const LOWER = UPPER.toLowerCase()

/** tchar of RFC 9110 5.6.2. */
export const IS_TOKEN = bytesOf(DIGITS, UPPER, LOWER, "!#$%&'*+-.^_`|~")
/** Stricter than a token: servers exist that take `get` for GET. */
export const IS_METHOD = bytesOf(UPPER, DIGITS, '-_')
/** A header value's bytes: no control but HTAB; 0x80 and above are allowed, as in RFC 9110 5.5. */
export const IS_VALUE = new Uint8Array(256).map((_, byte) =>
  byte === HTAB || (byte >= SP && byte !== 0x7f) ? 1 : 0,
)
/** Printable ASCII but space, `#` (a fragment is never sent), and what no browser leaves unescaped. */
export const IS_TARGET = new Uint8Array(256).map((_, byte) =>
  byte > SP && byte < 0x7f && !'#"<>'.includes(String.fromCharCode(byte)) ? 1 : 0,
)
/** A registered name as DNS and container networks have it; sub-delims and percent codes of RFC 3986 are refused. */
export const IS_HOST = bytesOf(DIGITS, UPPER, LOWER, '-._')
/** Inside the brackets of an IPv6 address. */
export const IS_IPV6 = bytesOf(DIGITS, 'abcdefABCDEF:.')

/** A hexadecimal digit's value, 255 of any other byte. */
export const HEX = new Uint8Array(256).fill(255)
for (const char of DIGITS + 'abcdefABCDEF') HEX[char.charCodeAt(0)] = Number.parseInt(char, 16)

/** ASCII lower case; the rest unchanged. */
const FOLD = new Uint8Array(256).map((_, byte) => (byte >= 65 && byte <= 90 ? byte | 32 : byte))

export function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= ZERO + 9
}

/** Header fields that the codec knows; everything else is 0. Ids fit the bits of one integer. */
export const HOST = 1
export const CONNECTION = 2
export const KEEP_ALIVE = 3
export const PROXY_CONNECTION = 4
export const TE = 5
export const TRAILER = 6
export const TRANSFER_ENCODING = 7
export const CONTENT_LENGTH = 8
export const UPGRADE = 9
export const EXPECT = 10
export const X_FORWARDED_FOR = 11
export const X_FORWARDED_PROTO = 12
export const X_FORWARDED_HOST = 13
export const FORWARDED = 14
export const VIA = 15
export const PROXY_AUTHENTICATE = 16
export const PROXY_AUTHORIZATION = 17
export const HTTP2_SETTINGS = 18
/** One of these spelt with `_` for `-`: many servers take them for the same field. */
export const LOOK_ALIKE = 30

const NAMES = [
  '',
  'host',
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'content-length',
  'upgrade',
  'expect',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'forwarded',
  'via',
  'proxy-authenticate',
  'proxy-authorization',
  'http2-settings',
  // RFC 9440: what a gateway says of its client's certificate, so nobody else may.
  'client-cert',
  'client-cert-chain',
]
const LONGEST = 19
/** No two names share length and first letter, so one look finds the only candidate. */
const BY_SHAPE = new Uint8Array((LONGEST + 1) << 5)
/** The names' bytes, 32 a name: reading them from strings costs three times as much. */
const NAME_BYTES = new Uint8Array(NAMES.length << 5)
for (const [id, name] of NAMES.entries()) {
  BY_SHAPE[shape(name.length, name.charCodeAt(0))] = id
  for (let at = 0; at < name.length; at++) NAME_BYTES[(id << 5) + at] = name.charCodeAt(at)
}

function shape(length: number, first: number): number {
  return (length << 5) | (first & 31)
}

/** The id of the field name in bytes[start..end), which must be a token; 0 when the codec does not know it. */
export function headerId(bytes: Buffer, start: number, end: number): number {
  const length = end - start
  if (length > LONGEST) return 0
  const id = BY_SHAPE[shape(length, bytes[start]!)]!
  if (id === 0) return 0
  const name = id << 5
  let found = id
  for (let at = 0; at < length; at++) {
    const byte = bytes[start + at]!
    const wanted = NAME_BYTES[name + at]!
    // Letters in lower case, digits and the hyphen all have bit 5; no other token byte becomes one of them by it.
    if ((byte | 32) === wanted) continue
    if (byte !== UNDERSCORE || wanted !== HYPHEN) return 0
    found = LOOK_ALIKE
  }
  return found
}

/** Is bytes[start..end) this word, without regard to case? The word is given in lower case. */
export function isWord(bytes: Buffer, start: number, end: number, word: string): boolean {
  if (end - start !== word.length) return false
  for (let at = 0; at < word.length; at++) {
    if (FOLD[bytes[start + at]!] !== word.charCodeAt(at)) return false
  }
  return true
}

/** Are two stretches of one buffer the same, without regard to case? */
export function isSame(bytes: Buffer, start: number, end: number, other: number): boolean {
  for (let at = start; at < end; at++) {
    if (FOLD[bytes[at]!] !== FOLD[bytes[other + at - start]!]) return false
  }
  return true
}

export function isToken(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (IS_TOKEN[bytes[at]!] === 0) return false
  return end > start
}
