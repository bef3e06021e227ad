import { afterEach, expect, test } from 'vitest'
import { POOL } from '../../src/gateway/lanes.ts'
import {
  answering,
  cleanUp,
  closedPort,
  dial,
  GET,
  gateway,
  HELLO,
  serve,
  type Traffic,
  until,
} from '../kit/traffic.ts'

afterEach(cleanUp)

/** What the pool has counted of its ends, and of bytes to clients. */
function counted({ reader }: Traffic) {
  return {
    ended: reader.pool(0, POOL.ended),
    errors: reader.pool(0, POOL.errors),
    sent: reader.pool(0, POOL.sentToClients),
  }
}

test('counts every byte that a client hears, whoever answers', async () => {
  const answers = [
    HELLO,
    HELLO.replace('200 OK', '500 Oops'),
    `HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n${HELLO}`,
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
  ]
  const server = await serve(answering((_, nth) => answers[nth] ?? null))
  const traffic = await gateway({ servers: [server.port], retries: 0 })
  const client = await dial(traffic)
  for (const [nth] of answers.entries()) {
    client.send(GET)
    await until(
      () => counted(traffic).ended === nth + 1,
      () => `answer ${nth}`,
    )
  }
  // The server leaves without an answer: the gateway's own 502.
  client.send(GET)
  await client.hears('502')
  await client.hears(counted(traffic).sent)
  expect(client.heard).toHaveLength(counted(traffic).sent)
  expect(counted(traffic)).toMatchObject({ ended: 5, errors: 2 })
})

test('pipelined requests and their error pages are counted one by one', async () => {
  const traffic = await gateway({ servers: [await closedPort()], retries: 0 })
  const client = await dial(traffic)
  client.send(GET.repeat(3))
  await until(
    () => counted(traffic).ended === 3,
    () => 'three answers',
  )
  await client.hears(counted(traffic).sent)
  expect(client.heard).toHaveLength(counted(traffic).sent)
  expect(counted(traffic).errors).toBe(3)
})

test('counts a long answer while it flows, not only when it has ended', async () => {
  const part = 'x'.repeat(100_000)
  const server = await serve((socket) => {
    socket.on('data', () => socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n${part}`))
  })
  const traffic = await gateway({ servers: [server.port] })
  const client = await dial(traffic)
  client.send(GET)
  await client.hears(part.length)
  expect(counted(traffic).sent).toBeGreaterThan(part.length)
  expect(counted(traffic).ended).toBe(0)
  // Broken off: an error, and an end.
  for (const socket of server.sockets) socket.destroy()
  await client.hearsEnd()
  expect(counted(traffic)).toMatchObject({ ended: 1, errors: 1 })
})

test('what the client gives up is neither an answer nor an error', async () => {
  const server = await serve(() => {})
  const traffic = await gateway({ servers: [server.port] })
  const client = await dial(traffic)
  client.send(GET)
  await until(
    () => traffic.gauges().memberInFlight === 1,
    () => 'the request',
  )
  client.socket.destroy()
  await until(
    () => traffic.gauges().memberInFlight === 0,
    () => 'the end',
  )
  expect(counted(traffic)).toEqual({ ended: 0, errors: 0, sent: 0 })
})

test('a tunnel is an answer, and its bytes count while it is open', async () => {
  const switched = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'
  const server = await serve((socket) => {
    socket.once('data', () => {
      socket.write(`${switched}early`)
      socket.on('data', (chunk) => socket.write(chunk))
    })
  })
  const traffic = await gateway({ servers: [server.port] })
  const client = await dial(traffic)
  client.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n')
  await client.hears('early')
  client.send('hello')
  await client.hears('hello')
  expect(counted(traffic)).toEqual({ ended: 1, errors: 0, sent: client.heard.length })
})

test('of a tcp listener connections are counted, and the bytes that servers send', async () => {
  const server = await serve((socket) => socket.on('data', (chunk) => socket.write(chunk)))
  const traffic = await gateway({ servers: [server.port], protocol: 'tcp' })
  const client = await dial(traffic)
  client.send('hello')
  await client.hears('hello')
  expect(counted(traffic)).toEqual({ ended: 1, errors: 0, sent: 5 })
})

test('a tcp connection that no server takes is an error', async () => {
  const traffic = await gateway({ servers: [await closedPort()], protocol: 'tcp', retries: 0 })
  const client = await dial(traffic)
  await client.hearsEnd()
  expect(counted(traffic)).toEqual({ ended: 1, errors: 1, sent: 0 })
})
