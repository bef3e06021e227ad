import { createSocket, type Socket, type SocketOptions } from 'node:dgram'
import { isIP } from 'node:net'

/** Bytes that may wait in this process for the system to take them; datagrams beyond are lost, as they are anywhere else. */
const MOST_QUEUED_BYTES = 1024 * 1024

/** A socket for addresses of the family of `host`; names are looked up as IPv4. */
export function socketFor(host: string, more: Partial<SocketOptions> = {}): Socket {
  const family = isIP(host) === 6 ? 'udp6' : 'udp4'
  return createSocket({ type: family, ...(isIP(host) === 0 ? {} : { lookup: asItIs }), ...more })
}

/** An address needs no looking up, nor a wait for it with every datagram. */
const asItIs = ((host: string, _: unknown, done: (error: null, address: string, family: number) => void) =>
  done(null, host, isIP(host))) as unknown as NonNullable<SocketOptions['lookup']>

export function takesMore(socket: Socket): boolean {
  return socket.getSendQueueSize() < MOST_QUEUED_BYTES
}
