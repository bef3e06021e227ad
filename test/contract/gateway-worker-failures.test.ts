import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { LISTENER, MEMBER, POOL } from '../../src/gateway/lanes.ts'
import {
  answering,
  atRest,
  cleanUp,
  closedPort,
  dial,
  until as eventually,
  GET,
  gateway,
  HELLO,
  Holding,
  serve,
} from '../kit/traffic.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) end()
  await cleanUp()
})

const POST = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi'

test('a refused connection is tried on the next server, for POST too', async () => {
  const server = await serve(answering(() => HELLO))
  const dead = [await closedPort(), await closedPort(), await closedPort()]
  const traffic = await gateway({ servers: [...dead, server.port], retries: 0 })
  const client = await dial(traffic)
  for (const request of [POST, GET, POST]) {
    await client.forget().send(request).hears('hello')
  }
  expect(traffic.reader.pool(0, POOL.refused)).toBe(0)
})

test('a member that refused is left alone for a while, and counted', async () => {
  const server = await serve(answering(() => HELLO))
  const traffic = await gateway({ servers: [await closedPort(), server.port] })
  const client = await dial(traffic)
  for (let n = 0; n < 20; n++) await client.forget().send(GET).hears('hello')
  expect(traffic.reader.member(0, MEMBER.connectFailures)).toBe(1)
  expect(traffic.reader.failuresInRow(0, 0)).toBe(1)
  expect(traffic.reader.member(1, MEMBER.requests)).toBe(20)
})

test('no server at all is 503 with Retry-After, and the connection stays', async () => {
  const traffic = await gateway({ servers: [await closedPort()] })
  const client = await dial(traffic)
  const heard = await client.send(GET).hears('\r\n\r\n')
  expect(heard).toMatch(/^HTTP\/1\.1 503 [\s\S]*retry-after: \d/i)
  traffic.weights.set(0, 0)
  expect(await client.forget().send(GET).hears('\r\n\r\n')).toMatch(/^HTTP\/1\.1 503 /)
  expect(traffic.reader.pool(0, POOL.refused)).toBe(2)
})

test('a safe request whose server resets it is answered by another one', async () => {
  const bad = await serve(answering(() => null))
  const good = await serve(answering(() => HELLO))
  const traffic = await gateway({ servers: [bad.port, good.port] })
  const client = await dial(traffic)
  for (let n = 0; n < 4; n++) await client.forget().send(GET).hears('hello')
  expect(bad.accepted).toBeGreaterThan(0)
  expect(traffic.reader.pool(0, POOL.retries)).toBe(bad.accepted)
})

test('a request that may have had an effect is not sent twice: 502', async () => {
  const bad = await serve(answering(() => null))
  const traffic = await gateway({ servers: [bad.port, bad.port] })
  const client = await dial(traffic)
  expect(await client.send(POST).hears('\r\n\r\n')).toMatch(/^HTTP\/1\.1 502 /)
  expect(bad.accepted).toBe(1)
})

test('a kept connection that died is replaced, even to the only server', async () => {
  const server = await serve((socket, nth) => {
    let requests = 0
    socket.on('data', () => {
      if (nth === 0 && requests++ > 0) socket.resetAndDestroy()
      else socket.write(HELLO)
    })
  })
  const client = await dial(await gateway({ servers: [server.port] }))
  await client.send(GET).hears('hello')
  await client.forget().send(GET).hears('hello')
  expect(server.accepted).toBe(2)
})

test('a POST is never given a connection that its server has closed', async () => {
  const server = await serve((socket) => {
    socket.on('data', () => socket.end(HELLO))
    socket.on('end', () => socket.destroy())
  })
  const traffic = await gateway({ servers: [server.port] })
  const client = await dial(traffic)
  for (let n = 0; n < 10; n++) {
    await client.forget().send(POST).hears('hello')
    await atLeastOneTurn()
  }
  expect(traffic.reader.member(0, MEMBER.failures)).toBe(0)
})

test('retries stop where the pool says', async () => {
  const bad = await serve(answering(() => null))
  const traffic = await gateway({ servers: Array(8).fill(bad.port), retries: 3 })
  const client = await dial(traffic)
  expect(await client.send(GET).hears('\r\n\r\n')).toMatch(/^HTTP\/1\.1 502 /)
  expect(bad.accepted).toBe(4)
})

test('the retry budget ends a storm', async () => {
  const bad = await serve(answering(() => null))
  const traffic = await gateway({ servers: Array(8).fill(bad.port), retries: 3 })
  const client = await dial(traffic)
  for (let n = 0; n < 40; n++) await client.forget().send(GET).hears('\r\n\r\n')
  expect(traffic.reader.pool(0, POOL.retries)).toBe(50)
  expect(bad.accepted).toBe(90)
})

test.each([
  ['a silent connection', '', { firstByteMs: 100 }, /^$/],
  ['half a head', 'GET / HTTP/1.1\r\n', { headerMs: 100 }, /^HTTP\/1\.1 408 [\s\S]*close/i],
  [
    'half a body',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx',
    { bodyMs: 100 },
    /^HTTP\/1\.1 408 /,
  ],
])('%s is ended in time', async (_, sent, limits, answer) => {
  const server = await serve((socket) => socket.resume())
  const traffic = await gateway({ servers: [server.port], limits })
  const client = await dial(traffic)
  expect(await client.send(sent).hearsEnd()).toMatch(answer)
  await atRest(traffic)
})

test('a kept connection without requests is closed without an answer', async () => {
  const server = await serve(answering(() => HELLO))
  const client = await dial(await gateway({ servers: [server.port], limits: { idleMs: 100 } }))
  await client.send(GET).hears('hello')
  expect(await client.forget().hearsEnd()).toBe('')
})

test('a kept connection to a server is closed after the pool’s silence, not that of clients', async () => {
  const server = await serve(answering(() => HELLO))
  const traffic = await gateway({
    servers: [server.port],
    limits: { idleMs: 2_000 },
    upstream: { idleMs: 200 },
  })
  const client = await dial(traffic)
  await client.send(GET).hears('hello')
  expect(server.sockets.size).toBe(1)
  await client.hearsEnd()
  expect(server.sockets.size).toBe(0)
})

test('a server that does not answer in time is 504', async () => {
  const server = await serve((socket) => socket.resume())
  const traffic = await gateway({ servers: [server.port, server.port], limits: { responseMs: 100 } })
  const client = await dial(traffic)
  expect(await client.send(GET).hears('\r\n\r\n')).toMatch(/^HTTP\/1\.1 504 /)
  expect(server.accepted).toBe(1)
})

test('a server that falls silent within its answer costs the client its connection', async () => {
  const server = await serve(answering(() => HELLO.slice(0, -2)))
  const traffic = await gateway({ servers: [server.port], limits: { responseMs: 100 } })
  const client = await dial(traffic)
  expect(await client.send(GET).hearsEnd()).toMatch(/\r\n\r\nhel$/)
})

test.each([
  ['sized', 'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello'],
  ['chunked', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n'],
])('a %s answer that its server breaks off is not whole for the client either', async (_, answer) => {
  const server = await serve((socket) => {
    socket.on('data', () => socket.end(answer))
  })
  const traffic = await gateway({ servers: [server.port] })
  const heard = await (await dial(traffic)).send(GET).hearsEnd()
  expect(heard).toContain('hello')
  expect(heard).not.toContain('\r\n0\r\n')
  await atRest(traffic)
})

test('a client that leaves ends its request at the server', async () => {
  let gone = false
  const server = await serve((socket) => {
    socket.resume()
    socket.on('end', () => (gone = true))
  })
  const traffic = await gateway({ servers: [server.port] })
  const client = await dial(traffic)
  client.send(GET)
  await atInFlight(traffic, 1)
  client.socket.destroy()
  await atRest(traffic)
  await until(() => gone)
})

test('waits for a connection when a server has as many as it may, and refuses when too many wait', async () => {
  const holding = new Holding()
  const server = await serve(holding.speak)
  const traffic = await gateway({ servers: [server.port], upstream: { maxConnections: 1, maxPending: 1 } })
  const [first, second, third] = [await dial(traffic), await dial(traffic), await dial(traffic)]
  first.send(GET)
  await atInFlight(traffic, 1)
  second.send(GET)
  await atInFlight(traffic, 2)
  expect(await third.send(GET).hears('\r\n\r\n')).toMatch(/^HTTP\/1\.1 503 /)
  await holding.answer(HELLO)
  await first.hears('hello')
  await holding.answer(HELLO)
  await second.hears('hello')
  expect(server.accepted).toBe(1)
})

test('who waits too long for a connection is refused', async () => {
  const server = await serve((socket) => socket.resume())
  const traffic = await gateway({ servers: [server.port], upstream: { maxConnections: 1, connectMs: 200 } })
  const first = await dial(traffic)
  first.send(GET)
  await atInFlight(traffic, 1)
  const second = await dial(traffic)
  expect(await second.send(GET).hears('\r\n\r\n')).toMatch(/^HTTP\/1\.1 503 /)
})

/** A port whose owner is stopped and has no room for more connections, so that the system answers no attempt to connect. */
async function deaf(): Promise<number> {
  const listen =
    "const s = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(s.address().port))"
  const child = spawn(process.execPath, ['-e', listen], { stdio: ['ignore', 'pipe', 'inherit'] })
  ends.push(() => child.kill('SIGKILL'))
  const [line] = await once(child.stdout, 'data')
  child.kill('SIGSTOP')
  const port = Number(String(line))
  for (let n = 0; n < 4; n++) {
    const socket = connect(port, '127.0.0.1').on('error', () => {})
    ends.push(() => socket.destroy())
  }
  return port
}

test('a server that cannot be connected to in time is given up for another', async () => {
  const other = await serve(answering(() => HELLO))
  const attempts = { tryMs: null, totalMs: 1500, hedgeMs: null }
  const servers = [await deaf(), other.port]
  const traffic = await gateway({
    servers,
    upstream: { connectMs: 200 },
    pool: { attempts, algorithm: 'first' },
  })
  expect(await (await dial(traffic)).send(GET).hears('\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /)
  const alone = await gateway({ servers: servers.slice(0, 1), upstream: { connectMs: 200 } })
  expect(await (await dial(alone)).send(GET).hears('\r\n\r\n')).toMatch(/^HTTP\/1\.1 504 /)
})

test('connections over the listener’s limit are closed at once', async () => {
  const server = await serve(answering(() => HELLO))
  const traffic = await gateway({ servers: [server.port], limits: { connections: 1 } })
  const first = await dial(traffic)
  await first.send(GET).hears('hello')
  expect(await (await dial(traffic)).hearsEnd()).toBe('')
  expect(traffic.reader.listener(0, LISTENER.rejected)).toBe(1)
})

test('tcp: a server that is full is passed over for one that has room', async () => {
  const servers = await Promise.all(['one', 'two'].map((name) => serve((socket) => void socket.write(name))))
  const ports = servers.map(({ port }) => port)
  const traffic = await gateway({ servers: ports, protocol: 'tcp', upstream: { maxConnections: 1 } })
  // Only the first has any weight to speak of, so both connections would go there.
  traffic.weights.set(0, 1000)
  traffic.weights.set(1, 1)
  traffic.weights.publish()
  const heard = [await (await dial(traffic)).hears(/one|two/), await (await dial(traffic)).hears(/one|two/)]
  expect(heard.sort()).toEqual(['one', 'two'])
  expect(await (await dial(traffic)).hearsEnd()).toBe('')
})

test('an answer without a length that breaks off is reset, so that an HTTP/1.0 client does not take it for whole', async () => {
  const server = await serve((socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n')
      setTimeout(() => socket.destroy(), 20)
    })
  })
  const client = await dial(await gateway({ servers: [server.port] }))
  const reset = new Promise((done) => client.socket.once('error', done))
  client.send('GET / HTTP/1.0\r\n\r\n')
  expect(await reset).toMatchObject({ code: 'ECONNRESET' })
})

async function atInFlight(traffic: Awaited<ReturnType<typeof gateway>>, count: number): Promise<void> {
  await until(() => traffic.gauges().serverInFlight === count)
}

async function until(holds: () => boolean): Promise<void> {
  await eventually(holds, () => String(holds))
}

async function atLeastOneTurn(): Promise<void> {
  await new Promise((done) => setTimeout(done, 2))
}
