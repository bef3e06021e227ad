import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { TimerWheel } from '../worker/timer-wheel.ts'
import { Tunnel, type TunnelEnd } from './tunnel.ts'

let far: Server

beforeEach(async () => {
  far = createServer((socket) => socket.resume())
  await once(far.listen(0, '127.0.0.1'), 'listening')
})

afterEach(() => far.close())

async function aSocket() {
  const socket = connect({
    host: '127.0.0.1',
    port: (far.address() as AddressInfo).port,
    allowHalfOpen: true,
  })
  await once(socket, 'connect')
  return socket
}

test('a tunnel whose client was on its way out ends once, when both sides have closed', async () => {
  const [client, server] = [await aSocket(), await aSocket()]
  const wheel = new TimerWheel(0)
  const ends: TunnelEnd[] = []
  client.destroy()
  const listener = { onSent: () => {}, onEnd: (end: TunnelEnd) => ends.push(end) }
  new Tunnel({ client, server }, { wheel, idleMs: 1000 }, listener)
  await Promise.all([once(client, 'close'), once(server, 'close')])
  await new Promise((done) => setImmediate(done))
  expect(ends).toEqual([{ fromClient: 0, fromServer: 0, why: null }])
  expect(wheel.size).toBe(0)
})
