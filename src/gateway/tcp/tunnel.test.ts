import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { Duplex } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ReadBuffers, Reads } from '../worker/reads.ts'
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
  const sides = { client: { stream: client, reads: null }, server: { stream: server, reads: null } }
  new Tunnel(sides, { wheel, idleMs: 1000 }, listener)
  await Promise.all([once(client, 'close'), once(server, 'close')])
  await new Promise((done) => setImmediate(done))
  expect(ends).toEqual([{ fromClient: 0, fromServer: 0, why: null }])
  expect(wheel.size).toBe(0)
})

/** Read into memory of the connection's own. */
const BUSY_BYTES = 5000

test('what the client has not taken yet is not overwritten by what the server sends next', () => {
  const waiting: { chunk: Buffer; done: () => void }[] = []
  const write = (chunk: Buffer, _: unknown, done: () => void) => void waiting.push({ chunk, done })
  const client = new Duplex({ read() {}, write })
  const server = new Duplex({ read() {}, write })
  const reads = new Reads(new ReadBuffers())
  const listener = { onSent: () => {}, onEnd: () => {} }
  const sides = { client: { stream: client, reads: null }, server: { stream: server, reads } }
  const tunnel = new Tunnel(sides, { wheel: new TimerWheel(0), idleMs: 1000 }, listener)
  const { buffer, callback } = reads.onread
  const taken: string[] = []
  for (const letter of 'abcdefgh') {
    const into = (buffer as () => Buffer)()
    into.fill(letter, 0, BUSY_BYTES)
    callback(BUSY_BYTES, into)
    // The client takes something now and then.
    if (letter === 'd' || letter === 'e') {
      const { chunk, done } = waiting.shift()!
      taken.push(chunk.toString('latin1'))
      done()
    }
  }
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    taken.push(next.chunk.toString('latin1'))
    next.done()
  }
  expect(taken).toEqual([...'abcdefgh'].map((letter) => letter.repeat(BUSY_BYTES)))
  tunnel.destroy('test')
})
