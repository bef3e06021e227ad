import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TLSSocket } from 'node:tls'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Snapshot } from '../../src/core/snapshot.ts'
import { hears, TlsTraffic } from '../kit/tls-traffic.ts'
import { answering, atRest, cleanUp, GET, gateway, serve, type Traffic } from '../kit/traffic.ts'

let tls: TlsTraffic
beforeAll(() => {
  tls = new TlsTraffic()
})
afterAll(() => tls.remove())
afterEach(cleanUp)

const CHANGES = 60
const EVERY_MS = 50

/** The nth of many: another certificate, another rule in front, one of two servers draining, other weights. */
function changed(traffic: Traffic, nth: number): Snapshot {
  const { servers } = traffic.options
  const snapshot = traffic.snapshot(servers, [servers[nth % 2]!])
  const { cert, key } = nth % 2 === 0 ? tls.web : tls.other
  const keys = tls.keys({ id: `${nth}`, certificates: [{ names: [], cert, key }] })
  const respond = { kind: 'respond', status: 200, body: `${nth}`, type: 'text/plain' } as const
  const rules = [
    { match: { path: `/none-${nth}` }, action: respond },
    { match: {}, action: { kind: 'pool', pool: 'main' } },
  ] as const
  return { ...snapshot, listeners: snapshot.listeners.map((one) => ({ ...one, keys, rules })) }
}

async function changing(traffic: Traffic): Promise<void> {
  for (let nth = 0; nth < CHANGES; nth++) {
    expect(await traffic.server.apply(changed(traffic, nth))).toEqual([])
    for (const slot of [0, 1]) traffic.weights.set(slot, 50 + ((nth * 37 + slot * 11) % 100))
    traffic.weights.publish()
    await sleep(EVERY_MS)
  }
}

test('no request is lost while certificates, rules, members and weights change, on old connections and new ones', async () => {
  const answer = answering(() => 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n[ok]')
  const servers = [await serve(answer), await serve(answer)].map(({ port }) => port)
  const traffic = await gateway({ servers, protocol: 'https', listener: { keys: tls.keys() } })
  let running = true
  const ask = async (socket: TLSSocket) => {
    expect(await hears(socket, GET, '[ok]')).toMatch(/^HTTP\/1\.1 200 /)
  }
  const keeping = async () => {
    const socket = await tls.shake(traffic, { rejectUnauthorized: false })
    let asked = 0
    for (; running; asked++) await ask(socket)
    socket.destroy()
    return asked
  }
  const coming = async (session?: Buffer) => {
    let asked = 0
    for (; running; asked++) {
      const socket = await tls.shake(traffic, { rejectUnauthorized: false, ...(session && { session }) })
      await ask(socket)
      socket.end()
      await once(socket, 'close')
    }
    return asked
  }
  const session = await tls.sessionOf(traffic, {})
  const clients = [keeping(), keeping(), coming(), coming(session)]
  await Promise.race([changing(traffic), Promise.all(clients)])
  running = false
  for (const asked of await Promise.all(clients)) expect(asked).toBeGreaterThan(0)
  await atRest(traffic)
})
