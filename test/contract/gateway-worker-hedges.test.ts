import type { Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { POOL } from '../../src/gateway/lanes.ts'
import { cleanUp, dial, GET, gateway, HELLO, serve, until } from '../kit/traffic.ts'

afterEach(cleanUp)

const POST = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi'
const HEDGED = { attempts: { tryMs: null, totalMs: null, hedgeMs: 100 } }

const later = (ms: number) => new Promise((done) => setTimeout(done, ms))

test('a request for a tunnel is asked of one server alone', async () => {
  const heard: string[] = []
  const speak = (socket: Socket) =>
    socket.on('data', (chunk) => {
      heard.push(String(chunk))
      if (heard.length > 1) return
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n')
    })
  const [one, two] = [await serve(speak), await serve(speak)]
  const traffic = await gateway({ servers: [one.port, two.port], pool: HEDGED })
  const client = await dial(traffic)
  await client.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n').hears('101')
  await later(400)
  client.send('ping')
  await until(
    () => heard.includes('ping'),
    () => 'the tunnel',
  )
  expect(one.accepted + two.accepted).toBe(1)
})

test('a hedge that wins may take its time, though the first attempt never got a connection', async () => {
  const busy = await serve((socket) => socket.on('data', () => {}))
  let asked = 0
  const slow = await serve((socket) =>
    socket.on('data', async () => {
      if (asked++ === 0) {
        socket.write(HELLO)
        return
      }
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel')
      await later(1_000)
      socket.write('lo')
    }),
  )
  const traffic = await gateway({
    servers: [busy.port, slow.port],
    upstream: { connectMs: 400, maxConnections: 1 },
    pool: { algorithm: 'first', ...HEDGED },
  })
  const first = await dial(traffic)
  first.send(POST)
  await until(
    () => busy.accepted === 1,
    () => 'a busy server',
  )
  const client = await dial(traffic)
  // The hedge has a kept connection then, and never waits for one.
  await client.send(GET).hears('hello')
  client.forget()
  expect(await client.send(GET).hears(/\r\n\r\nhel.{2}/s)).toMatch(/^HTTP\/1\.1 200 .*\r\n\r\nhello$/s)
})

test('a hedge that waits for a connection does not wait longer than others when the first attempt fails', async () => {
  const asked: Socket[] = []
  const speak = (socket: Socket) =>
    socket.on('data', (chunk) => {
      if (String(chunk).startsWith('GET')) asked.push(socket)
    })
  const servers = [await serve(speak), await serve(speak)]
  const traffic = await gateway({
    servers: servers.map(({ port }) => port),
    retries: 0,
    upstream: { connectMs: 300, maxConnections: 1 },
    limits: { responseMs: 60_000 },
    pool: HEDGED,
  })
  const first = await dial(traffic)
  first.send(POST)
  await until(
    () => servers.some(({ accepted }) => accepted === 1),
    () => 'a busy server',
  )
  const client = await dial(traffic)
  client.send(GET)
  await until(
    () => asked.length === 1 && traffic.reader.pool(0, POOL.retries) === 1,
    () => 'a hedge',
  )
  asked[0]!.destroy()
  expect(await client.hears('\r\n\r\n')).toMatch(/^HTTP\/1\.1 503 /)
})
