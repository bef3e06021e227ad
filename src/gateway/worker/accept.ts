import type { Socket } from 'node:net'
import { ClientConnection } from '../http1/client.ts'
import { LISTENER } from '../lanes.ts'
import { ProxiedArrival } from '../proxy-protocol/arrival.ts'
import { TcpConnection } from '../tcp/connection.ts'
import type { Context } from './context.ts'
import { keepAlive } from './dial.ts'
import type { Listener } from './listener.ts'
import { type Peer, peerOf } from './peer.ts'

const PROTOCOLS = { http: ClientConnection, tcp: TcpConnection }

/** What becomes of an accepted socket: first whether it may stay, then who it is, then its protocol's turn. */
export function accept(ctx: Context, listener: Listener, socket: Socket): void {
  socket.on('error', () => socket.destroy())
  ctx.lane.addListener(listener.slot, LISTENER.accepted, 1)
  if (ctx.reader.listenerConnections(listener.slot) >= listener.limits.connections) {
    refuse(ctx, listener, socket)
    return
  }
  ctx.lane.addListenerConnections(listener.slot, 1)
  socket.on('close', () => ctx.lane.addListenerConnections(listener.slot, -1))
  keepAlive(socket, listener.keepAlive)
  const peer = peerOf(socket)
  if (!listener.isProxied) serve(ctx, listener, peer)
  else if (listener.trust?.trusts(peer.address) ?? true) {
    new ProxiedArrival(ctx, listener, peer, (proxied) => serve(ctx, listener, proxied))
  } else refuse(ctx, listener, socket)
}

function serve(ctx: Context, listener: Listener, peer: Peer): void {
  new PROTOCOLS[listener.protocol](ctx, listener, peer)
}

function refuse(ctx: Context, listener: Listener, socket: Socket): void {
  ctx.lane.addListener(listener.slot, LISTENER.rejected, 1)
  socket.destroy()
}
