import { createServer } from 'node:net'
import { Fault } from '../../core/fault.ts'
import type { Millis, Rng } from '../../core/time.ts'
import { ephemeralPorts } from './proc.ts'

const FIRST = 20_000
const LAST = 29_999
/** A client may still hold the address of a server that has gone; it must not reach another one there. */
const REST_MS = 5 * 60_000

/** When each port was last seen in use. One table for the process: two fleets must not choose the same port at once. */
const usedAt = new Map<number, Millis>()

/** Keeps a port from being chosen for the next five minutes. */
export function notePort(port: number, now: Millis): void {
  usedAt.set(port, now)
}

/** A port of 127.0.0.1 that nobody listens on, noted as used. Throws Fault fleet.launch-failed when there is none. */
export async function takePort(now: Millis, rng: Rng): Promise<number> {
  const ports = candidates(ephemeralPorts())
  const start = Math.floor(rng() * ports.length)
  for (let step = 0; step < ports.length; step++) {
    const port = ports[(start + step) % ports.length]!
    const at = usedAt.get(port)
    if (at !== undefined && now - at < REST_MS) continue
    notePort(port, now)
    if (await isFree(port)) return port
  }
  throw new Fault('fleet.launch-failed', `no free port between ${FIRST} and ${LAST}`, {
    source: 'user',
    retry: 'yes',
  })
}

/** Where the kernel takes outgoing ports from all of the range, a port may be lost between the test and the
 *  server's own bind; that server fails and is replaced, which is better than none at all. */
export function candidates([from, to]: readonly [number, number]): readonly number[] {
  const all = Array.from({ length: LAST - FIRST + 1 }, (_, index) => FIRST + index)
  const quiet = all.filter((port) => port < from || port > to)
  return quiet.length > 0 ? quiet : all
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
