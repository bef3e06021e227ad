import { Buffer } from 'node:buffer'
import type { TrustedHeader } from '../../core/trust.ts'
import type { BodyKind, HeaderLines } from './header-lines.ts'
import type { Output } from './output.ts'
import type { RequestHead } from './request-head.ts'
import { isText } from './request-line.ts'
import type { ResponseHead } from './response-head.ts'
import * as tokens from './tokens.ts'
import { BACKSLASH, FORWARDED, HOST, QUOTE, SP, TRAILER, VIA, X_FORWARDED_FOR } from './tokens.ts'

const CRLF = Buffer.from('\r\n')
const HTTP_11 = Buffer.from('HTTP/1.1 ')
const TARGET_END = Buffer.from(' HTTP/1.1\r\n')
const SPACE = Buffer.from(' ')
const HOST_NAME = Buffer.from('Host: ')
const LENGTH_NAME = Buffer.from('Content-Length: ')
const IS_CHUNKED = Buffer.from('Transfer-Encoding: chunked\r\n')
const UPGRADE_NAME = Buffer.from('Connection: Upgrade\r\nUpgrade: ')
const TAKES_TRAILERS = Buffer.from('Connection: TE\r\nTE: trailers\r\n')
const CLOSES = Buffer.from('Connection: close\r\n')
const KEEPS_ALIVE = Buffer.from('Connection: keep-alive\r\n')
const ADDS_HOST = /^host:/im
/** By the minor version that was received, as RFC 9110 7.6.3 wants it. A line of its own continues the list. */
const VIA_LINE = [Buffer.from('Via: 1.0 tidegate\r\n'), Buffer.from('Via: 1.1 tidegate\r\n')] as const

/** What came with a request about those before. */
interface Told {
  /** Each list is '' or ended by a comma. */
  readonly addresses: string
  readonly elements: string
  /** What the first of them was asked, and how; null = not known. */
  readonly host: string | null
  readonly scheme: string | null
}
const NOTHING_TOLD: Told = { addresses: '', elements: '', host: null, scheme: null }
const A_HOST = /^[A-Za-z0-9._:[\]-]{1,255}$/
const A_SCHEME = /^https?$/i
const TOLD = (1 << X_FORWARDED_FOR) | (1 << FORWARDED)
const TOLD_BY_TRUSTED = TOLD | (1 << tokens.X_FORWARDED_PROTO) | (1 << tokens.X_FORWARDED_HOST)
export interface HopSpec {
  readonly clientAddress: string
  readonly scheme: 'http' | 'https'
  /** Where the client has connected to. */
  readonly authority: string
  /** In DER, once it has been verified; null = there is none. */
  readonly clientCertificate?: Buffer | null
}

/** What the gateway tells servers about one client connection; built once a connection. */
export class ClientHop {
  /** Sent as Host for HTTP/1.0 clients that send none. */
  readonly authority: Buffer
  /** What the lists that came are worth: continued, dropped, or, of a proxy that is believed in the rest too, the one that it writes. */
  lists: 'continued' | 'dropped' | TrustedHeader = 'continued'
  /** For whom such a proxy asks: with it the other list begins, which is that client's own. */
  client: string
  readonly scheme: 'http' | 'https'
  readonly #address: string
  readonly #node: string
  readonly #certificate: string
  /** The lines of the request before: most requests of a connection name the same host. */
  #host = ''
  #lines: Buffer

  constructor({ clientAddress, scheme, authority, clientCertificate = null }: HopSpec) {
    this.#address = clientAddress.replace(/^::ffff:(?=[\d.]+$)/i, '')
    this.#node = nodeOf(this.#address)
    this.client = this.#address
    this.scheme = scheme
    // RFC 9440 2.2: the certificate in DER, as bytes of a structured field.
    this.#certificate =
      clientCertificate === null ? '' : `Client-Cert: :${clientCertificate.toString('base64')}:\r\n`
    this.authority = Buffer.from(authority)
    this.#lines = Buffer.from(this.#text('', NOTHING_TOLD))
  }

  /** X-Forwarded-* and Forwarded behind the lists that came. */
  lines(head: RequestHead, bytes: Buffer): string {
    const { lines } = head
    const host = bytes.toString('latin1', head.hostStart, head.hostEnd)
    const told = {
      addresses: readList(bytes, lines, X_FORWARDED_FOR),
      elements: readList(bytes, lines, FORWARDED),
      host: null,
      scheme: null,
    }
    if (this.lists === 'continued') return this.#text(host, told)
    const scheme = readWord(bytes, lines, tokens.X_FORWARDED_PROTO, A_SCHEME)
    return this.#text(host, {
      ...(this.lists === 'forwarded'
        ? { ...told, addresses: this.#isPeers ? '' : `${this.client}, ` }
        : {
            ...told,
            elements: this.#isPeers ? '' : `for=${nodeOf(this.client)};proto=${scheme ?? this.scheme}, `,
          }),
      host: readWord(bytes, lines, tokens.X_FORWARDED_HOST, A_HOST),
      scheme,
    })
  }

  /** The proxy asks for itself. */
  get #isPeers(): boolean {
    return this.client === this.#address
  }

  /** The host is '' when none was named. */
  #text(host: string, { addresses, elements, host: first, scheme }: Told): string {
    const hostLine = host === '' ? '' : `X-Forwarded-Host: ${first ?? host}\r\n`
    const parameter = host === '' ? '' : `;host="${host}"`
    return (
      `X-Forwarded-Proto: ${scheme ?? this.scheme}\r\nX-Forwarded-For: ${addresses}${this.#address}\r\n${hostLine}` +
      `Forwarded: ${elements}for=${this.#node};proto=${this.scheme}${parameter}\r\n${this.#certificate}`
    )
  }

  /** Nothing that came needs to be told on. */
  goesFirst({ present }: HeaderLines): boolean {
    if ((present & TOLD_BY_TRUSTED) === 0 || this.lists === 'dropped') return true
    return this.lists === 'continued' && (present & TOLD) === 0
  }

  /** The same for a client that sent no lists; the host is bytes[start..end). */
  firstLines(bytes: Buffer, start: number, end: number): Buffer {
    if (!isText(bytes, start, end, this.#host)) {
      this.#host = bytes.toString('latin1', start, end)
      this.#lines = Buffer.from(this.#text(this.#host, NOTHING_TOLD), 'latin1')
    }
    return this.#lines
  }
}

/** RFC 7239 6. */
function nodeOf(address: string): string {
  return address.includes(':') ? `"[${address}]"` : address
}

/** Who the response goes to; a RequestHead is one. keepAlive = will the gateway keep the connection open? */
export interface ClientSide {
  readonly versionMinor: number
  readonly keepAlive: boolean
}

/** Fields that are copied, as bits; bit 0 is every field that the codec does not know. The others end here or are written anew. */
const REQUEST_FIELDS = 1 | (1 << HOST) | (1 << VIA)
export const RESPONSE_FIELDS =
  1 |
  (1 << HOST) |
  (1 << VIA) |
  (1 << FORWARDED) |
  (1 << tokens.EXPECT) |
  (1 << X_FORWARDED_FOR) |
  (1 << tokens.X_FORWARDED_PROTO) |
  (1 << tokens.X_FORWARDED_HOST) |
  (1 << tokens.HTTP2_SETTINGS)

/**
 * Appends the head for the server, HTTP/1.1: the body that follows must be framed as `head.body` says. It does not depend on the
 * server, so a retry may send the same bytes.
 */
export function writeRequestHead(head: RequestHead, bytes: Buffer, hop: ClientHop, out: Output): void {
  const lines = head.lines
  const isCopied = head.form === 'origin' && head.versionMinor === 1 && head.newPath === ''
  if (!isCopied) writeRequestLine(head, bytes, hop, out)
  const kept = head.body === 'chunked' ? REQUEST_FIELDS | (1 << TRAILER) : REQUEST_FIELDS
  copyKept(bytes, lines, { kept, from: isCopied ? head.start : -1 }, out)
  writeFraming(head.body, head.bodyLength, out)
  if (head.upgrade !== '') writeUpgrade(head.upgrade, out)
  else if (head.acceptsTrailers) out.add(TAKES_TRAILERS)
  if (hop.goesFirst(lines)) out.add(hop.firstLines(bytes, head.hostStart, head.hostEnd))
  else out.text(hop.lines(head, bytes))
  if (head.added !== '') out.text(head.added)
  out.add(VIA_LINE[head.versionMinor === 0 ? 0 : 1])
  out.add(CRLF)
}

function writeRequestLine(head: RequestHead, bytes: Buffer, hop: ClientHop, out: Output): void {
  out.text(head.method)
  out.add(SPACE)
  // An absolute target may have no path: `http://host?query`.
  const hasNewPath = head.newPath !== ''
  if (hasNewPath) out.text(head.newPath)
  else if (head.targetStart === head.pathEnd || head.path === '*') out.text(head.path)
  if (head.path !== '*') out.copy(bytes, hasNewPath ? head.pathEnd : head.targetStart, head.targetEnd)
  out.add(TARGET_END)
  if (head.lines.has(HOST) || ADDS_HOST.test(head.added)) return
  out.add(HOST_NAME)
  if (head.hostEnd > head.hostStart) out.copy(bytes, head.hostStart, head.hostEnd)
  else out.add(hop.authority)
  out.add(CRLF)
}

/** How the response's body must be framed towards this client. After `until-close` the connection must be closed. */
export function bodyTowards(client: ClientSide, head: ResponseHead): BodyKind {
  if (head.body !== 'chunked' && head.body !== 'until-close') return head.body
  return client.versionMinor === 1 ? 'chunked' : 'until-close'
}

/**
 * Appends the head for the client: the body that follows must be framed as `bodyTowards` says. Interim responses are not for
 * HTTP/1.0 clients.
 */
export function writeResponseHead(head: ResponseHead, bytes: Buffer, client: ClientSide, out: Output): void {
  const body = bodyTowards(client, head)
  const isCopied = head.versionMinor === 1 && bytes[head.start + 12] === SP
  if (!isCopied) {
    out.add(HTTP_11)
    out.copy(bytes, head.start + 9, head.reasonEnd)
    if (head.reasonEnd === head.start + 12) out.add(SPACE)
    out.add(CRLF)
  }
  const kept = body === 'chunked' ? RESPONSE_FIELDS | (1 << TRAILER) : RESPONSE_FIELDS
  copyKept(bytes, head.lines, { kept, from: isCopied ? head.start : -1 }, out)
  if (body === 'none' && head.contentLength >= 0) writeFraming('sized', head.contentLength, out)
  else writeFraming(body, head.bodyLength, out)
  if (head.upgrade !== '') writeUpgrade(head.upgrade, out)
  else if (!head.isInterim) {
    if (!client.keepAlive || body === 'until-close') out.add(CLOSES)
    else if (client.versionMinor === 0) out.add(KEEPS_ALIVE)
  }
  if (head.added !== '') out.text(head.added)
  out.add(VIA_LINE[head.versionMinor === 0 ? 0 : 1])
  out.add(CRLF)
}

function writeFraming(body: BodyKind, length: number, out: Output): void {
  if (body === 'chunked') out.add(IS_CHUNKED)
  if (body !== 'sized') return
  out.add(LENGTH_NAME)
  out.text(String(length))
  out.add(CRLF)
}

function writeUpgrade(protocol: string, out: Output): void {
  out.add(UPGRADE_NAME)
  out.text(protocol)
  out.add(CRLF)
}

/** Copies the lines that go on, neighbours as one slice. `from` >= 0: the slice that begins there reaches up to the first line. */
function copyKept(
  bytes: Buffer,
  lines: HeaderLines,
  { kept, from }: { kept: number; from: number },
  out: Output,
): void {
  let start = from
  for (let line = 0; line < lines.count; line++) {
    if (((kept >>> lines.id(line)) & 1) === 1 && !lines.isDropped(line)) {
      if (start < 0) start = lines.start(line)
    } else if (start >= 0) {
      out.copy(bytes, start, lines.start(line))
      start = -1
    }
  }
  if (start >= 0) out.copy(bytes, start, lines.end)
}

/** What the client sent in a list field, to be continued. */
function readList(bytes: Buffer, lines: HeaderLines, id: number): string {
  let list = ''
  for (let line = lines.find(id); line >= 0; line = lines.find(id, line + 1)) {
    const start = lines.valueStart(line)
    const end = lines.valueEnd(line)
    // An open quote would swallow this hop's element.
    if (start < end && !hasOpenQuote(bytes, start, end)) list += `${bytes.toString('latin1', start, end)}, `
  }
  return list
}

function readWord(bytes: Buffer, lines: HeaderLines, id: number, pattern: RegExp): string | null {
  const line = lines.find(id)
  const word = line < 0 ? '' : bytes.toString('latin1', lines.valueStart(line), lines.valueEnd(line))
  return pattern.test(word) ? word : null
}

function hasOpenQuote(bytes: Buffer, start: number, end: number): boolean {
  let isOpen = false
  for (let at = start; at < end; at++) {
    if (bytes[at] === QUOTE) isOpen = !isOpen
    else if (isOpen && bytes[at] === BACKSLASH) at++
  }
  return isOpen
}
