import type { Socket } from 'node:net'
import { ClientConnection } from '../http1/client.ts'
import { LISTENER } from '../lanes.ts'
import { TcpConnection } from '../tcp/connection.ts'
import type { Context } from './context.ts'
import { keepAlive } from './dial.ts'
import type { Listener } from './listener.ts'
import { peerOf } from './peer.ts'

const PROTOCOLS = { http: ClientConnection, tcp: TcpConnection }

/** What becomes of an accepted socket: first whether it may stay, then who it is, then its protocol's turn. */
export function accept(ctx: Context, listener: Listener, socket: Socket): void {
  socket.on('error', () => socket.destroy())
  ctx.lane.addListener(listener.slot, LISTENER.accepted, 1)
  if (ctx.reader.listenerConnections(listener.slot) >= listener.limits.connections) {
    ctx.lane.addListener(listener.slot, LISTENER.rejected, 1)
    socket.destroy()
    return
  }
  ctx.lane.addListenerConnections(listener.slot, 1)
  socket.on('close', () => ctx.lane.addListenerConnections(listener.slot, -1))
  keepAlive(socket, listener.keepAlive)
  new PROTOCOLS[listener.protocol](ctx, listener, peerOf(socket))
}
