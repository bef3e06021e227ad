import { randomBytes } from 'node:crypto'
import type { Output } from '../http1/output.ts'
import { parseRequestHead, type RequestHead } from '../http1/request-head.ts'
import { readGrpcTimeout } from './grpc.ts'
import { CONNECTION_FIELDS, type RawHeaders } from './raw-headers.ts'

const BAD_REQUEST = 400
const METHOD_NOT_ALLOWED = 405
const NOT_IMPLEMENTED = 501

type Read = (fields: RequestFields, value: string) => boolean

/** How a field is read that is more than a line; false = the request is malformed. */
const READ = new Map<string, Read>([
  [':method', (fields, value) => fields.set('method', value)],
  [':path', (fields, value) => fields.set('path', value)],
  [':scheme', (fields, value) => fields.set('scheme', value)],
  [':authority', (fields, value) => fields.set('authority', value)],
  [':protocol', (fields, value) => fields.set('protocol', value)],
  ['host', (fields, value) => fields.name(value)],
  ['cookie', (fields, value) => fields.addCookie(value)],
  ['content-length', (fields, value) => fields.addLength(value)],
  ['content-type', (fields, value) => fields.addType(value)],
  ['grpc-timeout', (fields, value) => fields.addTimeout(value)],
  ['te', (fields, value) => value === 'trailers' && fields.add('te', value)],
  ['sec-websocket-key', (fields, value) => fields.protocol !== '' || fields.add('sec-websocket-key', value)],
])
for (const name of CONNECTION_FIELDS) READ.set(name, () => false)

/** What a stream's header fields say. Reused from stream to stream. */
export class RequestFields {
  method = ''
  path = ''
  scheme = ''
  authority = ''
  /** Of an extended CONNECT (RFC 8441): `websocket`; '' = it is none. */
  protocol = ''
  isGrpc = false
  /** `grpc-timeout`: the client waits no longer. 0 = it has not said. */
  timeoutMs = 0
  #host = ''
  #cookie = ''
  #lines = ''
  #count = 0
  #hasLength = false

  /**
   * Turns them into an HTTP/1.1 head, which the strict parser reads `into`; gives its bytes. Or a status: 400, 405, 414, 417, 431, 501.
   * A body follows as `into.body` says; one whose length is not known is called chunked.
   */
  read(raw: RawHeaders, isWhole: boolean, into: RequestHead, out: Output): Buffer | number {
    this.#clear()
    for (let at = 0; at < raw.length; at += 2) {
      const name = raw[at]!
      const read = READ.get(name)
      const isRead = read === undefined ? this.add(name, raw[at + 1]!) : read(this, raw[at + 1]!)
      if (!isRead) return BAD_REQUEST
    }
    const refusal = this.#refusal()
    if (refusal !== 0) return refusal
    out.discard()
    out.text(this.#head(isWhole))
    return this.#parse(out.take(), into)
  }

  /** A pseudo-header field: once, before all others, and not empty. */
  set(field: 'method' | 'path' | 'scheme' | 'authority' | 'protocol', value: string): boolean {
    if (value === '' || this[field] !== '' || this.#count > 0) return false
    this[field] = value
    return true
  }

  name(value: string): boolean {
    if (this.#host !== '') return false
    this.#host = value
    return value !== ''
  }

  add(name: string, value: string): boolean {
    this.#lines += `${name}: ${value}\r\n`
    this.#count++
    return name.charCodeAt(0) !== 58
  }

  /** RFC 9113 8.2.3: they may come one by one, for compression's sake. */
  addCookie(value: string): boolean {
    this.#cookie = this.#cookie === '' ? value : `${this.#cookie}; ${value}`
    return true
  }

  addLength(value: string): boolean {
    this.#hasLength = true
    return this.add('content-length', value)
  }

  addType(value: string): boolean {
    this.isGrpc = value.startsWith('application/grpc')
    return this.add('content-type', value)
  }

  addTimeout(value: string): boolean {
    this.timeoutMs = readGrpcTimeout(value)
    return this.add('grpc-timeout', value)
  }

  #clear(): void {
    this.method = this.path = this.scheme = this.authority = this.protocol = ''
    this.#host = this.#cookie = this.#lines = ''
    this.#count = this.timeoutMs = 0
    this.#hasLength = this.isGrpc = false
  }

  /** 0, or the status of the answer to fields that make no request. */
  #refusal(): number {
    if (this.method === 'CONNECT') {
      if (this.protocol === '') return METHOD_NOT_ALLOWED
      if (this.protocol !== 'websocket') return NOT_IMPLEMENTED
    } else if (this.protocol !== '') return BAD_REQUEST
    // An absolute target would name another authority.
    if (this.path.charCodeAt(0) !== 47 && this.path !== '*') return BAD_REQUEST
    if (this.scheme !== 'https' && this.scheme !== 'http') return BAD_REQUEST
    if (this.authority === '') this.authority = this.#host
    const names = this.#host !== '' && this.#host.toLowerCase() !== this.authority.toLowerCase()
    return names || this.authority === '' ? BAD_REQUEST : 0
  }

  #head(isWhole: boolean): string {
    const isTunnel = this.protocol !== ''
    let lines = `${isTunnel ? 'GET' : this.method} ${this.path} HTTP/1.1\r\nhost: ${this.authority}\r\n${this.#lines}`
    this.#count++
    if (this.#cookie !== '') {
      lines += `cookie: ${this.#cookie}\r\n`
      this.#count++
    }
    if (isTunnel) {
      const key = randomBytes(16).toString('base64')
      lines += `connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-key: ${key}\r\n`
      this.#count += 3
    } else if (!isWhole && !this.#hasLength) {
      lines += 'transfer-encoding: chunked\r\n'
      this.#count++
    }
    return `${lines}\r\n`
  }

  /** One head, of as many lines as there are fields: whatever a value had in it, it has become no line of its own. */
  #parse(bytes: Buffer, into: RequestHead): Buffer | number {
    into.scanned = 0
    const end = parseRequestHead(bytes, 0, bytes.length, into)
    if (end < 0) return -end
    return end === bytes.length && into.lines.count === this.#count ? bytes : BAD_REQUEST
  }
}

/** What a request that is none began with, for people. */
export function requestLineOf(raw: readonly string[]): string {
  const [method, path] = [':method', ':path'].map((name) =>
    raw.includes(name) ? raw[raw.indexOf(name) + 1] : '',
  )
  return `${method} ${path} HTTP/2`
}
