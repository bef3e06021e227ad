import { once } from 'node:events'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { DEFAULT_GROUPS, type ListenerTls } from '../../src/core/tls.ts'
import { Authority, type Pair } from './certificates.ts'
import { answering, GET, gateway, serve, type Traffic, type TrafficOptions, until } from './traffic.ts'

/** An authority, the certificates `web`, `other` and `client` of it, and gateways and clients that use them. */
export class TlsTraffic {
  readonly authority = new Authority()
  readonly web: Pair = this.authority.issue(['web.test', '*.web.test', '127.0.0.1'])
  readonly other: Pair = this.authority.issue(['other.test'])
  readonly client: Pair = this.authority.issue(['client'])

  remove(): void {
    this.authority.remove()
  }

  keys(over: Partial<ListenerTls> = {}): ListenerTls {
    return {
      id: JSON.stringify(over).slice(0, 200),
      certificates: [
        { names: ['web.test', '*.web.test'], cert: this.web.cert, key: this.web.key },
        { names: ['other.test'], cert: this.other.cert, key: this.other.key },
      ],
      minVersion: 'TLSv1.2',
      groups: DEFAULT_GROUPS,
      handshakeMs: 5_000,
      clientCertificate: null,
      ticketKeys: Buffer.alloc(48, 1).toString('base64'),
      ...over,
    }
  }

  /** A gateway that speaks TLS before a server that answers with the head that it was sent. */
  async secured(over: Partial<ListenerTls> = {}, options: Partial<TrafficOptions> = {}): Promise<Traffic> {
    const server = await serve(
      answering((head) => `HTTP/1.1 200 OK\r\nContent-Length: ${head.length}\r\n\r\n${head}`),
    )
    const listener = { ...options.listener, keys: this.keys(over) }
    return gateway({ servers: [server.port], protocol: 'https', ...options, listener })
  }

  /** Throws when the handshake fails. */
  async shake(traffic: Traffic, over: ConnectionOptions = {}): Promise<TLSSocket> {
    const socket = connect({
      port: traffic.port,
      host: '127.0.0.1',
      servername: 'web.test',
      ca: this.authority.ca.cert,
      ...over,
    })
    await Promise.race([once(socket, 'secureConnect'), once(socket, 'close')])
    socket.on('error', () => socket.destroy())
    return socket
  }

  /** What the gateway lets this client resume. */
  async sessionOf(traffic: Traffic, over: ConnectionOptions = {}): Promise<Buffer> {
    const socket = await this.shake(traffic, over)
    const sessions: Buffer[] = []
    socket.on('session', (session) => sessions.push(session))
    await hears(socket, GET, 'HTTP/1.1 200 ')
    await until(
      () => sessions.length > 0 || socket.getSession() !== undefined,
      () => 'a session',
    )
    const session = sessions.at(-1) ?? socket.getSession()!
    socket.destroy()
    return session
  }
}

/** Sends the text; everything heard from then on, once `end` is in it. */
export async function hears(socket: TLSSocket, text: string, end: string): Promise<string> {
  let heard = ''
  const listen = (chunk: Buffer) => (heard += chunk.toString('latin1'))
  socket.on('data', listen)
  socket.write(text)
  await until(
    () => heard.includes(end),
    () => `${end} in ${heard}`,
  )
  socket.off('data', listen)
  return heard
}
