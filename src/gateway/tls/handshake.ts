import { Buffer } from 'node:buffer'
import { TLSSocket } from 'node:tls'
import { LISTENER } from '../lanes.ts'
import type { Context } from '../worker/context.ts'
import type { Connection, Listener } from '../worker/listeners/listener.ts'
import type { Peer, TlsFacts } from '../worker/listeners/peer.ts'
import { Timer } from '../worker/timer-wheel.ts'
import { clientNames } from './certificate-names.ts'
import { type ClientHello, readClientHello } from './client-hello.ts'
import type { TlsContexts } from './contexts.ts'
import { negotiatedGroup } from './groups.ts'

/** Answered to a client that speaks HTTP where TLS was expected. */
const NOT_TLS = Buffer.from(
  'HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 42\r\nConnection: close\r\n\r\nThis port speaks TLS: ask for it by https\n',
)
const METHOD = /^[A-Z]{3,10} \//

/** What comes after it. */
export interface AfterHandshake {
  /** Protocols that may be agreed on (ALPN), the preferred one first. */
  readonly protocols: readonly string[]
  /** TLS is spoken: bytes of the peer's socket are plain from now on. */
  terminated(peer: Peer): void
  /** The listener has no certificate: the connection goes on as it came, with the hello unread. */
  passed(peer: Peer): void
}

/** A connection from its first byte to the end of the TLS handshake. */
export class TlsHandshake implements Connection {
  readonly #ctx: Context
  readonly #listener: Listener
  readonly #tls: TlsContexts
  readonly #peer: Peer
  readonly #after: AfterHandshake
  readonly #timer: Timer
  readonly #startedMs = performance.now()
  readonly #onData = (chunk: Buffer) => this.#read(chunk)
  readonly #onClose = () => this.#failed()
  #input: Buffer | null = null
  #secure: TLSSocket | null = null
  #done = false

  constructor(ctx: Context, listener: Listener, peer: Peer, after: AfterHandshake) {
    this.#ctx = ctx
    this.#listener = listener
    this.#tls = listener.tls!
    this.#peer = peer
    this.#after = after
    this.#timer = new Timer(() => this.destroy())
    listener.connections.add(this)
    peer.socket.on('data', this.#onData)
    peer.socket.on('close', this.#onClose)
    ctx.wheel.arm(this.#timer, this.#tls.handshakeMs)
  }

  /** A handshake has no pause in which it could end unnoticed. */
  endWhenIdle(): void {}

  destroy(): void {
    this.#secure?.destroy()
    this.#peer.socket.destroy()
  }

  #read(chunk: Buffer): void {
    const input = this.#input === null ? chunk : Buffer.concat([this.#input, chunk])
    const hello = readClientHello(input)
    this.#input = input
    if (hello === 'more') return
    const { socket } = this.#peer
    socket.removeListener('data', this.#onData)
    socket.pause()
    if (hello === 'other') this.#refuse(input)
    else {
      socket.unshift(input)
      this.#input = null
      this.#shake(hello)
    }
  }

  #refuse(input: Buffer): void {
    if (METHOD.test(input.toString('latin1', 0, 12))) this.#peer.socket.end(NOT_TLS)
    this.#peer.socket.destroySoon()
  }

  #shake(hello: ClientHello): void {
    const secureContext = this.#tls.for(hello.serverName)
    if (secureContext === null) {
      this.#finish()
      this.#after.passed({ ...this.#peer, serverName: hello.serverName })
      return
    }
    const { clientCertificate } = this.#tls
    const secure = new TLSSocket(this.#peer.socket, {
      isServer: true,
      secureContext,
      ALPNProtocols: [...this.#after.protocols],
      requestCert: clientCertificate !== null,
      rejectUnauthorized: clientCertificate?.required ?? false,
    })
    this.#secure = secure
    secure.on('error', () => secure.destroy())
    secure.on('secure', () => this.#shaken(hello, secure))
  }

  #shaken(hello: ClientHello, socket: TLSSocket): void {
    if (this.#done) return
    if (this.#tls.clientCertificate?.required && !isVerified(socket)) {
      socket.destroy()
      return
    }
    this.#finish()
    const tls = this.#facts(hello, socket)
    this.#ctx.lane.countClientTls(this.#listener.slot, tls.group, tls.resumed)
    socket.on('close', () => this.#peer.socket.destroy())
    this.#after.terminated({ ...this.#peer, socket, serverName: hello.serverName, tls })
  }

  #facts(hello: ClientHello, socket: TLSSocket): TlsFacts {
    const version = socket.getProtocol() ?? ''
    const resumed = socket.isSessionReused()
    return {
      version,
      cipher: socket.getCipher().standardName,
      group: negotiatedGroup(hello, this.#tls.groups, { version, resumed }),
      protocol: socket.alpnProtocol || null,
      resumed,
      client: this.#tls.clientCertificate === null ? null : clientOf(socket),
      handshakeMs: performance.now() - this.#startedMs,
    }
  }

  /** Closed before it was done. */
  #failed(): void {
    if (this.#done) return
    this.#finish()
    this.#secure?.destroy()
    this.#ctx.lane.addListener(this.#listener.slot, LISTENER.tlsFailed, 1)
  }

  #finish(): void {
    this.#done = true
    this.#input = null
    this.#ctx.wheel.release(this.#timer)
    this.#listener.connections.delete(this)
    this.#peer.socket.removeListener('close', this.#onClose)
  }
}

/**
 * There is a certificate, and `ssl.verifyError()` finds nothing, as tls.Server asks it: of a socket made by hand, `authorized` is never
 * set. Where there is none, a resumed session is without error too.
 */
function isVerified(socket: TLSSocket): boolean {
  return verifyError(socket) === null && socket.getPeerX509Certificate() !== undefined
}

interface Internals {
  readonly _handle: { verifyError(): Error | null } | null
}

function verifyError(socket: TLSSocket): Error | null {
  return (socket as unknown as Internals)._handle?.verifyError() ?? null
}

function clientOf(socket: TLSSocket): TlsFacts['client'] {
  const certificate = socket.getPeerX509Certificate()
  if (certificate === undefined || !isVerified(socket)) return null
  return {
    subject: certificate.subject.replaceAll('\n', ','),
    names: clientNames(certificate),
    raw: certificate.raw,
  }
}
