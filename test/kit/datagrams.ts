import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { until } from './traffic.ts'

const HOST = '127.0.0.1'

/** One end of datagrams on loopback, which keeps what it hears. */
export class Datagrams implements AsyncDisposable {
  readonly socket: Socket = createSocket('udp4')
  readonly heard: { readonly text: string; readonly from: RemoteInfo }[] = []

  /** `answer` gives what goes back to each. */
  static async open(answer: (text: string) => string | null = () => null, port = 0): Promise<Datagrams> {
    const end = new Datagrams()
    end.socket.on('error', () => {})
    end.socket.on('message', (bytes, from) => {
      end.heard.push({ text: bytes.toString('latin1'), from })
      const text = answer(bytes.toString('latin1'))
      if (text !== null) end.socket.send(text, from.port, from.address)
    })
    end.socket.bind(port, HOST)
    await once(end.socket, 'listening')
    return end
  }

  get port(): number {
    return this.socket.address().port
  }

  get texts(): readonly string[] {
    return this.heard.map(({ text }) => text)
  }

  send(text: string, port: number): this {
    this.socket.send(text, port, HOST)
    return this
  }

  async hears(text: string): Promise<void> {
    await until(
      () => this.texts.includes(text),
      () => `${text} among ${this.texts.join(', ')}`,
    )
  }

  /** Gives what is heard next. */
  async asksOnce(text: string, port: number): Promise<string> {
    const before = this.heard.length
    this.send(text, port)
    await until(
      () => this.heard.length > before,
      () => `an answer to ${text}`,
    )
    return this.heard[before]!.text
  }

  /** Sends again until there is an answer: datagrams may be lost, and are while a server is found out to be gone. */
  async asks(text: string, port: number): Promise<string> {
    const again = setInterval(() => this.send(text, port), 50)
    try {
      return await this.asksOnce(text, port)
    } finally {
      clearInterval(again)
    }
  }

  async close(): Promise<void> {
    await new Promise<void>((done) => this.socket.close(done))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

/** A server of datagrams that takes connections on the same port too, for its checks. */
export async function checkedDatagrams(answer: (text: string) => string) {
  const checked = createServer((socket) => socket.on('error', () => {}).end())
  await new Promise<void>((done) => checked.listen(0, HOST, done))
  const { port } = checked.address() as AddressInfo
  const datagrams = await Datagrams.open(answer, port)
  const stop = async () => {
    await datagrams.close()
    await new Promise((done) => checked.close(done))
  }
  return { address: `${HOST}:${port}`, stop }
}
