import { Buffer } from 'node:buffer'

/** What a client says before anything is encrypted. */
export interface ClientHello {
  /** The host that it wants, lower case (RFC 6066); null = it names none. */
  readonly serverName: string | null
  /** By preference (RFC 7301); empty = it names none. */
  readonly protocols: readonly string[]
  /** IANA numbers of supported_groups, by preference (RFC 8446 4.2.7). */
  readonly groups: readonly number[]
  /** Groups for which it has sent a key share (RFC 8446 4.2.8). */
  readonly shares: readonly number[]
}

/** `more` = not whole yet; `other` = this is not TLS, or a hello beyond all reason. */
export type HelloFound = ClientHello | 'more' | 'other'

/** More than any client sends: hybrid key shares take 1,200 bytes each. */
const MOST_BYTES = 32 * 1024
const RECORD_HEADER = 5
const MESSAGE_HEADER = 4
/** Clients cut a hello into two or three, where boxes on their way want it so. */
const MOST_RECORDS = 16
const MOST_RECORD = 16 * 1024 + 256
const HANDSHAKE = 22
const CLIENT_HELLO = 1
const SERVER_NAME = 0
const SUPPORTED_GROUPS = 10
const ALPN = 16
const KEY_SHARE = 51

/** Reads the ClientHello at the start of a connection (RFC 8446 4.1.2), which may be spread over several records. */
export function readClientHello(bytes: Buffer): HelloFound {
  const message = joinRecords(bytes)
  if (typeof message === 'string') return message
  const reader = new Reader(message)
  try {
    return readHello(reader)
  } catch (error) {
    if (error instanceof RangeError) return 'other'
    throw error
  }
}

/** The handshake message in the records, without its header. */
function joinRecords(bytes: Buffer): Buffer | 'more' | 'other' {
  const parts: Buffer[] = []
  let have = 0
  let at = 0
  while (parts.length < MOST_RECORDS) {
    if (bytes.length > at && bytes[at] !== HANDSHAKE) return 'other'
    if (bytes.length > at + 1 && bytes[at + 1] !== 3) return 'other'
    if (bytes.length < at + RECORD_HEADER) return 'more'
    const length = bytes.readUInt16BE(at + 3)
    if (length === 0 || length > MOST_RECORD) return 'other'
    const part = bytes.subarray(at + RECORD_HEADER, at + RECORD_HEADER + length)
    parts.push(part)
    have += part.length
    const message = parts.length === 1 ? part : Buffer.concat(parts, have)
    if (have > 0 && message[0] !== CLIENT_HELLO) return 'other'
    if (have >= MESSAGE_HEADER) {
      const end = MESSAGE_HEADER + message.readUIntBE(1, 3)
      if (end > MOST_BYTES) return 'other'
      if (have >= end) return message.subarray(MESSAGE_HEADER, end)
    }
    if (part.length < length) return 'more'
    at += RECORD_HEADER + length
  }
  return 'other'
}

function readHello(reader: Reader): ClientHello {
  reader.skip(2 + 32)
  reader.skip(reader.byte())
  reader.skip(reader.short())
  reader.skip(reader.byte())
  const hello = {
    serverName: null as string | null,
    protocols: [] as string[],
    groups: [] as number[],
    shares: [] as number[],
  }
  if (reader.left === 0) return hello
  const extensions = reader.part(reader.short())
  while (extensions.left > 0) {
    const type = extensions.short()
    const body = extensions.part(extensions.short())
    if (type === SERVER_NAME) hello.serverName = readServerName(body)
    else if (type === ALPN) hello.protocols = readProtocols(body)
    else if (type === SUPPORTED_GROUPS) hello.groups = readGroups(body)
    else if (type === KEY_SHARE) hello.shares = readShares(body)
  }
  return hello
}

function readServerName(body: Reader): string | null {
  if (body.left === 0) return null
  const list = body.part(body.short())
  while (list.left > 0) {
    const type = list.byte()
    const name = list.text(list.short())
    if (type === 0) return name.replace(/\.$/, '').toLowerCase()
  }
  return null
}

function readProtocols(body: Reader): string[] {
  const list = body.part(body.short())
  const names: string[] = []
  while (list.left > 0) names.push(list.text(list.byte()))
  return names
}

function readGroups(body: Reader): number[] {
  const list = body.part(body.short())
  const groups: number[] = []
  while (list.left > 0) groups.push(list.short())
  return groups
}

function readShares(body: Reader): number[] {
  const list = body.part(body.short())
  const groups: number[] = []
  while (list.left > 0) {
    groups.push(list.short())
    list.skip(list.short())
  }
  return groups
}

/** Reads forward; throws RangeError beyond the end. */
class Reader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  byte(): number {
    return this.#bytes.readUInt8(this.#move(1))
  }

  short(): number {
    return this.#bytes.readUInt16BE(this.#move(2))
  }

  text(length: number): string {
    const at = this.#move(length)
    return this.#bytes.toString('latin1', at, at + length)
  }

  part(length: number): Reader {
    const at = this.#move(length)
    return new Reader(this.#bytes.subarray(at, at + length))
  }

  skip(length: number): void {
    this.#move(length)
  }

  #move(length: number): number {
    if (length > this.left) throw new RangeError('beyond the end')
    const at = this.#at
    this.#at += length
    return at
  }
}
