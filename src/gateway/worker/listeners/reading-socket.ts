import { Socket, type SocketConstructorOpts } from 'node:net'
import type { Reads } from '../reads.ts'

/** Options and fields of sockets that Node has and does not document. */
interface Internals {
  _handle: object | null
}

/**
 * An accepted connection that reads as `reads` says. Node offers `onread` only to those who connect, so the handle moves to a
 * new socket; uploads would take twice the memory and the time otherwise. Before the first byte, so none is lost.
 */
export function readInto(accepted: Socket, reads: Reads): Socket {
  const internals = accepted as unknown as Internals
  const handle = internals._handle
  internals._handle = null
  accepted.destroy()
  const options = { handle, allowHalfOpen: true, onread: reads.onread }
  return new Socket(options as SocketConstructorOpts)
}
