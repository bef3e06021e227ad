import type { Buffer } from 'node:buffer'
import { LISTENER } from '../../lanes.ts'
import type { Context } from '../../worker/context.ts'
import type { Listener } from '../../worker/listeners/listener.ts'
import type { Peer } from '../../worker/listeners/peer.ts'
import { tunnelEntry } from '../../worker/log/tunnel-entry.ts'

/** Of a request line that is none: enough to see what somebody tried. */
const SHOWN = 256

/** A client has sent what is no request. It is counted, and the log tells of it although nobody knows what it asked. `bytes`: what came. */
export function noteRefused(
  ctx: Context,
  { listener, peer }: { readonly listener: Listener; readonly peer: Peer },
  status: number,
  bytes: Buffer,
): void {
  ctx.lane.addListener(listener.slot, LISTENER.rejected, 1)
  if (ctx.accessLog === null) return
  const known = {
    ...{ listener: listener.name, client: peer.address, tls: peer.tls, serverTls: null },
    ...{ bytesIn: bytes.length, bytesOut: 0, pool: null, server: null, retries: 0, why: 'no-request' },
  }
  ctx.accessLog.add({ ...tunnelEntry(performance.now(), known), path: firstLine(bytes), status })
}

function firstLine(bytes: Buffer): string {
  const text = bytes.toString('latin1', 0, SHOWN)
  return /^[^\r\n]*/.exec(text)![0]
}
