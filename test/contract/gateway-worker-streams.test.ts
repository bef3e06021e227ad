import type { Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { MEMBER } from '../../src/gateway/lanes.ts'
import {
  answering,
  atRest,
  cleanUp,
  closedPort,
  dial,
  GET,
  gateway,
  HELLO,
  type RawClient,
  serve,
  until,
} from '../kit/traffic.ts'

afterEach(cleanUp)

const PART = Buffer.alloc(64 * 1024, 'x')
/** More than the kernel's buffers on the way take in. */
const HUGE_BYTES = 64 * 1024 * 1024
/** What may lie in the gateway and in the kernel's buffers when nobody reads. */
const BOUND_BYTES = 24 * 1024 * 1024
const UPGRADE = 'GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'
const SWITCHED = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'

/** Writes `total` bytes as fast as the other side takes them; returns a count of what has been taken so far. */
function pour(socket: Socket, total: number): () => number {
  let sent = 0
  const more = () => {
    while (sent < total && !socket.destroyed) {
      sent += PART.length
      if (!socket.write(PART)) return
    }
  }
  socket.on('drain', more)
  more()
  return () => sent - socket.writableLength
}

/** Resolves when the count has not changed for a while. */
async function settled(count: () => number): Promise<number> {
  for (;;) {
    const before = count()
    await new Promise((done) => setTimeout(done, 150))
    if (count() === before && before > 0) return before
  }
}

function drink(client: RawClient): () => number {
  let bytes = 0
  client.socket.removeAllListeners('data')
  client.socket.on('data', (chunk) => (bytes += chunk.length))
  return () => bytes
}

test('a client that reads slowly slows its server down, and gets all', async () => {
  let taken = () => 0
  const server = await serve((socket) => {
    socket.once('data', () => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${HUGE_BYTES}\r\n\r\n`)
      taken = pour(socket, HUGE_BYTES)
    })
  })
  const traffic = await gateway({ servers: [server.port] })
  const client = await dial(traffic)
  const drunk = drink(client)
  client.send(GET)
  client.socket.pause()
  expect(await settled(() => taken())).toBeLessThan(BOUND_BYTES)
  client.socket.resume()
  await until(
    () => drunk() > HUGE_BYTES,
    () => `all of it, not ${drunk()}`,
  )
})

test('a server that reads slowly slows its client down, and gets all', async () => {
  let received = 0
  let upstream: Socket | null = null
  const server = await serve((socket) => {
    upstream = socket
    socket.on('data', (chunk) => {
      received += chunk.length
      if (received > HUGE_BYTES) socket.write(HELLO)
    })
    socket.pause()
  })
  const client = await dial(await gateway({ servers: [server.port] }))
  client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${HUGE_BYTES}\r\n\r\n`)
  const taken = pour(client.socket, HUGE_BYTES)
  expect(await settled(taken)).toBeLessThan(BOUND_BYTES)
  upstream!.resume()
  await client.hears('hello')
})

test('a client that sends requests and reads no answer is not read for ever', async () => {
  const big = `HTTP/1.1 200 OK\r\nContent-Length: ${PART.length}\r\n\r\n${PART.toString()}`
  const server = await serve(answering(() => big))
  const traffic = await gateway({ servers: [server.port] })
  const client = await dial(traffic)
  client.socket.pause()
  client.send(GET.repeat(5000))
  await settled(() => traffic.reader.member(0, MEMBER.requests))
  expect(traffic.reader.member(0, MEMBER.requests)).toBeLessThan(500)
})

test('large bodies pass unchanged, chunked and in both directions at once', async () => {
  const body = Buffer.from(
    Array.from({ length: 300_000 }, (_, n) => String.fromCharCode(97 + (n % 26))).join(''),
  )
  const server = await serve((socket) => {
    let seen = ''
    socket.on('data', (chunk) => {
      seen += chunk.toString('latin1')
      if (!seen.endsWith('0\r\n\r\n')) return
      socket.write(
        `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${seen.slice(seen.indexOf('\r\n\r\n') + 4)}`,
      )
    })
  })
  const client = await dial(await gateway({ servers: [server.port] }))
  client.send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n')
  for (let at = 0; at < body.length; at += 70_000) {
    const part = body.subarray(at, at + 70_000).toString()
    client.send(`${part.length.toString(16)}\r\n${part}\r\n`)
  }
  const heard = await client.send('0\r\n\r\n').hears('\r\n0\r\n\r\n')
  expect(unchunk(heard.slice(heard.indexOf('\r\n\r\n') + 4))).toBe(body.toString())
})

function unchunk(text: string): string {
  let body = ''
  for (let at = 0; ; ) {
    const line = text.indexOf('\r\n', at)
    const size = Number.parseInt(text.slice(at, line), 16)
    if (size === 0) return body
    body += text.slice(line + 2, line + 2 + size)
    at = line + 2 + size + 2
  }
}

test('what a broken answer leaves behind never reaches another client', async () => {
  let stream: Socket | null = null
  const server = await serve((socket) => {
    socket.once('data', (request) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
      if (request.includes('/broken')) socket.write('6\r\nsecret\r\nnonsense\r\n')
      else stream = socket
    })
  })
  const traffic = await gateway({ servers: [server.port] })
  const [honest, broken] = [await dial(traffic), await dial(traffic)]
  await honest.send(GET).hears('\r\n\r\n')
  await broken.send(GET.replace('/', '/broken')).hearsEnd()
  stream!.write('5\r\nhello\r\n0\r\n\r\n')
  expect(await honest.hears('0\r\n\r\n')).toMatch(/\r\n\r\n5\r\nhello\r\n0\r\n\r\n$/)
})

test('a client that neither takes its answer nor sends its body is not held for ever', async () => {
  const server = await serve((socket) => {
    socket.once('data', () => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${HUGE_BYTES}\r\n\r\n`)
      pour(socket, HUGE_BYTES)
    })
  })
  const traffic = await gateway({ servers: [server.port], limits: { idleMs: 300, bodyMs: 60_000 } })
  const client = await dial(traffic)
  client.socket.pause()
  client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n')
  await settled(() => traffic.reader.member(0, MEMBER.requests))
  client.send('x'.repeat(100))
  await atRest(traffic)
})

test('an upgraded connection is a tunnel in which each side ends by itself', async () => {
  let ended = false
  const server = await serve((socket) => {
    socket.once('data', () => {
      socket.write(`${SWITCHED}early`)
      socket.on('data', (chunk) => socket.write(`[${chunk}]`))
      socket.on('end', () => {
        ended = true
        socket.end('goodbye')
      })
    })
  })
  const traffic = await gateway({ servers: [server.port] })
  const client = await dial(traffic)
  expect(await client.send(UPGRADE).hears('early')).toMatch(/^HTTP\/1\.1 101 [\s\S]*upgrade: websocket/i)
  await client.send('ping').hears('[ping]')
  expect(traffic.gauges().serverInFlight).toBe(1)
  client.socket.end()
  expect(await client.hearsEnd()).toMatch(/goodbye$/)
  expect(ended).toBe(true)
  await atRest(traffic)
})

test('a refused upgrade is an ordinary answer', async () => {
  const server = await serve(answering(() => HELLO))
  const client = await dial(await gateway({ servers: [server.port] }))
  await client.send(UPGRADE).hears('hello')
  await client.forget().send(GET).hears('hello')
})

test('a silent tunnel is ended', async () => {
  const server = await serve(answering(() => SWITCHED))
  const traffic = await gateway({ servers: [server.port], limits: { idleMs: 200 } })
  const client = await dial(traffic)
  await client.send(UPGRADE).hearsEnd()
  await atRest(traffic)
})

test('tcp listeners carry bytes both ways and pass each side’s end on', async () => {
  const server = await serve((socket) => {
    socket.on('data', (chunk) => socket.write(`[${chunk}]`))
    socket.on('end', () => socket.end('goodbye'))
  })
  const traffic = await gateway({ servers: [server.port], protocol: 'tcp' })
  const client = await dial(traffic)
  await client.send('one').hears('[one]')
  await client.send('two').hears('[two]')
  expect(traffic.gauges()).toMatchObject({
    clients: 1,
    serverInFlight: 1,
    memberInFlight: 1,
    serverConnections: 1,
  })
  client.socket.end()
  expect(await client.hearsEnd()).toBe('[one][two]goodbye')
  await atRest(traffic)
})

test('tcp: a server that refuses is passed over; nobody left ends the client', async () => {
  const server = await serve((socket) => socket.end('hi'))
  const traffic = await gateway({ servers: [await closedPort(), server.port], protocol: 'tcp' })
  for (let n = 0; n < 3; n++) expect(await (await dial(traffic)).hearsEnd()).toBe('hi')
  const nowhere = await gateway({ servers: [await closedPort()], protocol: 'tcp' })
  expect(await (await dial(nowhere)).hearsEnd()).toBe('')
  await atRest(nowhere)
})

test('tcp: silence in both directions ends the tunnel', async () => {
  const server = await serve((socket) => socket.resume())
  const traffic = await gateway({ servers: [server.port], protocol: 'tcp', limits: { idleMs: 200 } })
  await (await dial(traffic)).hearsEnd()
  await atRest(traffic)
})

test('tcp: a slow reader slows its server down', async () => {
  let taken = () => 0
  const server = await serve((socket) => {
    taken = pour(socket, HUGE_BYTES)
  })
  const traffic = await gateway({ servers: [server.port], protocol: 'tcp' })
  const client = await dial(traffic)
  const drunk = drink(client)
  client.socket.pause()
  expect(await settled(() => taken())).toBeLessThan(BOUND_BYTES)
  client.socket.resume()
  await until(
    () => drunk() >= HUGE_BYTES,
    () => `all of it, not ${drunk()}`,
  )
})
