import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export const FRAME = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const
export const END_STREAM = 1
export const END_HEADERS = 4

export interface Frame {
  readonly type: number
  readonly flags: number
  readonly stream: number
  readonly payload: Buffer
}

/** RFC 9113 4.1. */
export function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Buffer = Buffer.alloc(0),
): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** Fields as literals that no table keeps (RFC 7541 6.2.2); each at most 126 bytes long. */
export function fields(...pairs: readonly string[]): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; at < pairs.length; at += 2) {
    const [name, value] = [Buffer.from(pairs[at]!, 'latin1'), Buffer.from(pairs[at + 1]!, 'latin1')]
    parts.push(Buffer.from([0, name.length]), name, Buffer.from([value.length]), value)
  }
  return Buffer.concat(parts)
}

export const GET = fields(':method', 'GET', ':scheme', 'http', ':authority', 'a', ':path', '/')
export const POST = fields(':method', 'POST', ':scheme', 'http', ':authority', 'a', ':path', '/')

/** A peer that speaks HTTP/2 frame by frame, and keeps what it hears. */
export class FrameClient {
  readonly socket: Socket
  readonly heard: Frame[] = []
  closed = false
  #rest: Buffer = Buffer.alloc(0)

  private constructor(port: number) {
    this.socket = connect({ host: '127.0.0.1', port, noDelay: true })
    this.socket.on('error', () => this.socket.destroy())
    this.socket.on('data', (chunk: Buffer) => this.#read(chunk))
    this.socket.on('close', () => {
      this.closed = true
    })
  }

  /** With the preface and empty settings sent, and the peer's acknowledged. */
  static async open(port: number): Promise<FrameClient> {
    const client = new FrameClient(port)
    await once(client.socket, 'connect')
    client.send(Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame(FRAME.settings, 0, 0))
    await once(client.socket, 'data')
    return client.send(frame(FRAME.settings, 1, 0))
  }

  send(...frames: readonly Buffer[]): this {
    if (!this.socket.destroyed) this.socket.write(Buffer.concat(frames))
    return this
  }

  /** The code of the GOAWAY that has come; null = none has. */
  get goaway(): number | null {
    const found = this.heard.find(({ type }) => type === FRAME.goaway)
    return found === undefined ? null : found.payload.readUInt32BE(4)
  }

  #read(chunk: Buffer): void {
    let bytes = Buffer.concat([this.#rest, chunk])
    while (bytes.length >= 9) {
      const end = 9 + bytes.readUIntBE(0, 3)
      if (bytes.length < end) break
      const payload = bytes.subarray(9, end)
      this.heard.push({ type: bytes[3]!, flags: bytes[4]!, stream: bytes.readUInt32BE(5), payload })
      bytes = bytes.subarray(end)
    }
    this.#rest = bytes
  }
}
