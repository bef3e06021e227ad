import { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test, vi } from 'vitest'
import { atRest, cleanUp, dial, GET, gateway, Holding, serve, until } from '../kit/traffic.ts'

afterEach(async () => {
  vi.restoreAllMocks()
  await cleanUp()
})

const PART_BYTES = 20_000
const PART = `${PART_BYTES.toString(16)}\r\n${'a'.repeat(PART_BYTES)}\r\n`
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

/** The gateway's own connections: what they have not sent yet is seen from nowhere else. */
function connectionsOf(): Socket[] {
  const made: Socket[] = []
  const connect = Socket.prototype.connect
  vi.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket, ...args: unknown[]) {
    if (typeof args[0] === 'number') made.push(this)
    return Reflect.apply(connect, this, args) as Socket
  })
  return made
}

test('a server that answers before it has read the request never reads bytes of another one', async () => {
  const heard: Socket[] = []
  const servers = await Promise.all(
    ['one', 'other'].map(() =>
      serve((socket) =>
        socket.once('data', () => {
          heard.push(socket)
          socket.pause()
        }),
      ),
    ),
  )
  const made = connectionsOf()
  const traffic = await gateway({ servers: servers.map(({ port }) => port) })
  const client = await dial(traffic)
  client.send('POST /1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n')
  await until(
    () => heard.length === 1,
    () => 'the first server to be asked',
  )
  const early = heard[0]!
  const toEarly = made.find(({ localPort }) => localPort === early.remotePort)!
  // Until the last of the body waits in the gateway, which takes more of it all the same.
  while (toEarly.writableLength === 0) {
    client.send(PART)
    await sleep(3)
  }
  client.send('0\r\n\r\n')
  await sleep(50)
  early.write(OK)
  await client.hears('ok')
  client.send(`POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: ${2 * PART_BYTES}\r\n\r\n`)
  await until(
    () => heard.length === 2,
    () => 'the other server to be asked',
  )
  client.send('b'.repeat(PART_BYTES))
  await sleep(50)
  const another = await dial(traffic)
  another.send(`POST /3 HTTP/1.1\r\nHost: a\r\nContent-Length: ${2 * PART_BYTES}\r\n\r\n`)
  await sleep(50)
  another.send('SECRET'.repeat(5000))
  await sleep(50)
  let body = ''
  early.on('data', (bytes: Buffer) => (body += bytes.toString('latin1')))
  early.resume()
  await until(
    () => early.readableEnded || early.destroyed || body.endsWith('0\r\n\r\n'),
    () => 'the rest of the first request',
  )
  expect(body.replaceAll(/[a\r\n0-9e]/g, '')).toBe('')
})

test('a client that has sent requests ahead of their turn is seen to leave', async () => {
  const held = new Holding()
  const { port } = await serve(held.speak)
  const limits = { responseMs: 60_000, idleMs: 60_000 }
  const traffic = await gateway({ servers: [port], limits, upstream: { idleMs: 60_000 } })
  const client = await dial(traffic)
  client.send(GET)
  await until(
    () => held.count === 1,
    () => 'the first request',
  )
  client.send(GET)
  await sleep(50)
  client.socket.destroy()
  await atRest(traffic)
})

test('of a client that sends far ahead no more is read than has room', async () => {
  const held = new Holding()
  const { port } = await serve(held.speak)
  const traffic = await gateway({ servers: [port] })
  const client = await dial(traffic)
  client.send(GET.repeat(400_000))
  await until(
    () => held.count === 1,
    () => 'the first request',
  )
  await sleep(200)
  // What the kernel holds of both sockets, and no more: all of it is more than ten times that.
  expect(client.socket.writableLength).toBeGreaterThan(1_000_000)
})
