import { isIPv4, isIPv6 } from 'node:net'
import { crc32c } from './crc32c.ts'

/**
 * The PROXY protocol, versions 1 and 2, as a receiver reads it:
 * https://www.haproxy.org/download/3.2/doc/proxy-protocol.txt
 */

/** Whose connection it is, as the proxy before us says. */
export interface ProxiedClient {
  readonly address: string
  readonly port: number
  /** What the client connected to. */
  readonly localAddress: string
  readonly localPort: number
}

/** `more` = the header is not whole yet; `bad` = there is none. `client` is null when the proxy speaks for itself (its health
 *  checks) or does not know: the connection's own addresses hold. The protocol's bytes begin at `length`. */
export type ProxyHeader =
  | { readonly kind: 'more' }
  | { readonly kind: 'bad' }
  | { readonly kind: 'header'; readonly length: number; readonly client: ProxiedClient | null }

const MORE: ProxyHeader = { kind: 'more' }
const BAD: ProxyHeader = { kind: 'bad' }

/** The first twelve bytes of version 2: no text protocol begins so. */
export const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')
const V1_START = Buffer.from('PROXY ', 'latin1')
/** With its line end. */
const V1_MOST = 107
/** The fixed part of version 2. */
export const V2_FIXED = 16
/** Addresses and extensions together: what the specification asks of receivers is 520, and certificates can make it more. */
export const V2_MOST = 4096
const CR = 13
const LF = 10

const COMMAND = { local: 0, proxy: 1 } as const
/** Bytes of addresses by family: unspecified, IPv4, IPv6, UNIX. */
const ADDRESS_BYTES = [0, 12, 36, 216] as const
/** Transports: unspecified, stream, datagram. */
const STREAM = 1
const MOST_TRANSPORT = 2
const CRC32C_TYPE = 0x03

/** What the bytes of a new connection begin with. */
export function parseProxyHeader(bytes: Buffer): ProxyHeader {
  if (startsLike(bytes, SIGNATURE)) return bytes.length < V2_FIXED ? MORE : parseV2(bytes)
  if (startsLike(bytes, V1_START)) return parseV1(bytes)
  return BAD
}

/** As far as there are bytes. */
function startsLike(bytes: Buffer, start: Buffer): boolean {
  const length = Math.min(bytes.length, start.length)
  return bytes.compare(start, 0, length, 0, length) === 0
}

function parseV1(bytes: Buffer): ProxyHeader {
  const end = bytes.subarray(0, V1_MOST).indexOf(CR)
  if (end < 0) return bytes.length < V1_MOST ? MORE : BAD
  if (end + 1 >= V1_MOST) return BAD
  if (bytes.length < end + 2) return MORE
  if (bytes[end + 1] !== LF) return BAD
  const [, family = '', ...rest] = bytes.toString('latin1', 0, end).split(' ')
  const length = end + 2
  if (family === 'UNKNOWN') return { kind: 'header', length, client: null }
  const isAddress = family === 'TCP4' ? isIPv4 : family === 'TCP6' ? isPlainV6 : null
  const [address = '', localAddress = '', port = '', localPort = ''] = rest
  if (isAddress === null || rest.length !== 4 || !isAddress(address) || !isAddress(localAddress)) return BAD
  if (!isPort(port) || !isPort(localPort)) return BAD
  const client = {
    address: plain(address),
    port: Number(port),
    localAddress: plain(localAddress),
    localPort: Number(localPort),
  }
  return { kind: 'header', length, client }
}

/** A zone means nothing on another machine. */
function isPlainV6(text: string): boolean {
  return isIPv6(text) && !text.includes('%')
}

function isPort(text: string): boolean {
  return /^(0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 65535
}

function parseV2(bytes: Buffer): ProxyHeader {
  const version = bytes[12]! >> 4
  const command = bytes[12]! & 0x0f
  const size = bytes.readUInt16BE(14)
  if (version !== 2 || command > COMMAND.proxy || size > V2_MOST) return BAD
  const length = V2_FIXED + size
  if (bytes.length < length) return MORE
  if (command === COMMAND.local) return { kind: 'header', length, client: null }
  const family = bytes[13]! >> 4
  const transport = bytes[13]! & 0x0f
  const addressBytes = ADDRESS_BYTES[family]
  if (addressBytes === undefined || transport > MOST_TRANSPORT || addressBytes > size) return BAD
  if (!extensionsHold(bytes.subarray(0, length), V2_FIXED + addressBytes)) return BAD
  const isKnown = transport === STREAM && (family === 1 || family === 2)
  return { kind: 'header', length, client: isKnown ? clientOf(bytes, family === 1 ? 4 : 16) : null }
}

/** `width` bytes an address. */
function clientOf(bytes: Buffer, width: 4 | 16): ProxiedClient {
  const ports = V2_FIXED + 2 * width
  return {
    address: addressOf(bytes.subarray(V2_FIXED, V2_FIXED + width)),
    port: bytes.readUInt16BE(ports),
    localAddress: addressOf(bytes.subarray(V2_FIXED + width, ports)),
    localPort: bytes.readUInt16BE(ports + 2),
  }
}

function addressOf(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.')
  const groups = Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(at * 2).toString(16))
  return plain(groups.join(':'))
}

/** As others write it: the shortest form of RFC 5952, and IPv4 without its `::ffff:`. */
function plain(address: string): string {
  if (!address.includes(':')) return address
  const short = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short)
  if (!mapped) return short
  const words = [Number.parseInt(mapped[1]!, 16), Number.parseInt(mapped[2]!, 16)]
  return words.flatMap((word) => [word >> 8, word & 0xff]).join('.')
}

/** Type, length, value, one after the other: skipped, but for a checksum, which must be right. */
function extensionsHold(header: Buffer, from: number): boolean {
  let at = from
  while (at < header.length) {
    if (at + 3 > header.length) return false
    const length = header.readUInt16BE(at + 1)
    if (at + 3 + length > header.length) return false
    if (header[at] === CRC32C_TYPE && !checksumHolds(header, at + 3, length)) return false
    at += 3 + length
  }
  return true
}

/** It is taken over the whole header with zeros in its own place. */
function checksumHolds(header: Buffer, at: number, length: number): boolean {
  if (length !== 4) return false
  const zeroed = Buffer.from(header)
  zeroed.fill(0, at, at + 4)
  return crc32c(zeroed) === header.readUInt32BE(at)
}
