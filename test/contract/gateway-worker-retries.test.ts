import { afterEach, expect, test } from 'vitest'
import { POOL } from '../../src/gateway/lanes.ts'
import {
  answering,
  atRest,
  cleanUp,
  closedPort,
  dial,
  GET,
  gateway,
  HELLO,
  serve,
  until,
} from '../kit/traffic.ts'

afterEach(cleanUp)

test('what comes of a body between two attempts goes behind the head of the second one', async () => {
  let heard = ''
  const bad = await serve(answering(() => null))
  const good = await serve((socket) => socket.on('data', (chunk) => (heard += chunk.toString('latin1'))))
  const traffic = await gateway({ servers: [bad.port, good.port], upstream: { maxConnections: 1 } })
  traffic.weights.set(0, 0)
  const holder = await dial(traffic)
  holder.send(GET)
  await until(
    () => heard !== '',
    () => 'the only connection to be taken',
  )
  heard = ''
  traffic.weights.set(0, 1000)
  traffic.weights.set(1, 1)
  await traffic.apply([bad.port, good.port])
  const client = await dial(traffic)
  client.send('GET /x HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n')
  await until(
    () => traffic.reader.pool(0, POOL.retries) === 1,
    () => 'the second attempt to wait for a connection',
  )
  client.send('body')
  await new Promise((done) => setTimeout(done, 20))
  const [connection] = good.sockets
  connection!.write(HELLO)
  await holder.hears('hello')
  await until(
    () => heard.includes('body'),
    () => 'the body',
  )
  expect(heard).toMatch(/^GET \/x [\s\S]*\r\n\r\nbody$/)
  connection!.write(HELLO)
  await client.hears('hello')
  for (const { socket } of [holder, client]) socket.destroy()
  connection!.destroy()
  await atRest(traffic)
})

test('a refusal says to a client of HTTP/1.0 that the connection ends, and ends it', async () => {
  const client = await dial(await gateway({ servers: [await closedPort()] }))
  client.send('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')
  expect(await client.hearsEnd()).toMatch(/^HTTP\/1\.1 503 [\s\S]*\r\nConnection: close\r\n/)
})
