import type { Socket } from 'node:net'
import { isHttp } from '../../../core/balancer.ts'
import { ClientConnection } from '../../http1/client.ts'
import { ClientSession } from '../../http2/client-session.ts'
import { LISTENER } from '../../lanes.ts'
import { ProxiedArrival } from '../../proxy-protocol/arrival.ts'
import { TcpConnection } from '../../tcp/connection.ts'
import { TlsHandshake } from '../../tls/handshake.ts'
import type { Context } from '../context.ts'
import { keepAlive } from '../pools/dial.ts'
import { Reads } from '../reads.ts'
import type { Listener } from './listener.ts'
import { type Peer, peerOf } from './peer.ts'
import { readInto } from './reading-socket.ts'
import { countSource, UNCOUNTED } from './source-limit.ts'

const H2 = 'h2'

/** What becomes of an accepted socket: first whether it may stay, then who it is, then TLS, then its protocol's turn. */
export function accept(ctx: Context, listener: Listener, accepted: Socket): void {
  // Others look at the first bytes, and put them back.
  const isPlain = listener.tls === null && !listener.isProxied
  const reads = isPlain ? new Reads(ctx.readBuffers) : null
  const socket = reads === null ? accepted : readInto(accepted, reads)
  socket.on('error', () => socket.destroy())
  ctx.lane.addListener(listener.slot, LISTENER.accepted, 1)
  if (ctx.reader.listenerConnections(listener.slot) >= listener.limits.connections) {
    refuse(ctx, listener, socket)
    return
  }
  ctx.lane.addListenerConnections(listener.slot, 1)
  socket.on('close', () => ctx.lane.addListenerConnections(listener.slot, -1))
  keepAlive(socket, listener.keepAlive)
  const peer = peerOf(socket, reads)
  if (!listener.isProxied) count(ctx, listener, peer)
  else if (listener.trust?.trusts(peer.address) ?? true) {
    new ProxiedArrival(ctx, listener, peer, (proxied) => count(ctx, listener, proxied))
  } else refuse(ctx, listener, socket)
}

/** The client is known now: it may have as many connections as it may. */
function count(ctx: Context, listener: Listener, peer: Peer): void {
  const leave = countSource(ctx, listener, peer.address)
  if (leave === null) {
    refuse(ctx, listener, peer.socket)
    return
  }
  if (leave !== UNCOUNTED) peer.socket.on('close', leave)
  secure(ctx, listener, peer)
}

function secure(ctx: Context, listener: Listener, peer: Peer): void {
  if (listener.tls === null) serve(ctx, listener, peer)
  else {
    new TlsHandshake(ctx, listener, peer, {
      protocols: protocolsOf(listener),
      terminated: (secured) => serve(ctx, listener, secured),
      passed: (named) => new TcpConnection(ctx, listener, named),
    })
  }
}

/** For ALPN. */
function protocolsOf({ protocol, http2 }: Listener): readonly string[] {
  if (!isHttp(protocol)) return []
  return http2 === null ? ['http/1.1'] : [H2, 'http/1.1']
}

function serve(ctx: Context, listener: Listener, peer: Peer): void {
  if (peer.tls?.protocol === H2 && listener.http2 !== null) new ClientSession(ctx, listener, peer)
  else if (isHttp(listener.protocol)) new ClientConnection(ctx, listener, peer)
  else new TcpConnection(ctx, listener, peer)
}

function refuse(ctx: Context, listener: Listener, socket: Socket): void {
  ctx.lane.addListener(listener.slot, LISTENER.rejected, 1)
  socket.destroy()
}
