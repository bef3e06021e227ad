import { afterEach, expect, test } from 'vitest'
import { LISTENER } from '../../src/gateway/lanes.ts'
import { END_HEADERS, END_STREAM, FRAME, FrameClient, fields, frame, GET, POST } from '../kit/http2-frames.ts'
import {
  answering,
  atRest,
  cleanUp,
  dial,
  gateway,
  HELLO,
  Holding,
  serve,
  type Traffic,
  until,
} from '../kit/traffic.ts'

const CALM = 11
const PROTOCOL_ERROR = 1
const ENDED = END_HEADERS | END_STREAM

const clients: FrameClient[] = []

afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.destroy()
  await cleanUp()
})

async function speak(traffic: Traffic): Promise<FrameClient> {
  const client = await FrameClient.open(traffic.port)
  clients.push(client)
  return client
}

async function isCutOff(client: FrameClient, ...codes: readonly number[]): Promise<void> {
  await until(
    () => client.closed,
    () => `the end of the connection, after ${client.heard.length} frames`,
  )
  expect(codes).toContain(client.goaway)
}

function reset(stream: number): Buffer {
  return frame(FRAME.reset, 0, stream, Buffer.from([0, 0, 0, 8]))
}

test('rapid resets end the connection, and what they began', async () => {
  const holding = new Holding()
  const server = await serve(holding.speak)
  const traffic = await gateway({ servers: [server.port], listener: { http2: { streams: 100, resets: 20 } } })
  const client = await speak(traffic)
  for (let nth = 0; nth < 30; nth++) {
    const id = 2 * nth + 1
    client.send(frame(FRAME.headers, ENDED, id, GET), reset(id))
  }
  await isCutOff(client, CALM)
  await atRest(traffic)
  expect(traffic.reader.listener(0, LISTENER.rejected)).toBe(1)
})

test('resets of requests that run count too', async () => {
  const server = await serve(new Holding().speak)
  const traffic = await gateway({ servers: [server.port], listener: { http2: { streams: 100, resets: 20 } } })
  const client = await speak(traffic)
  for (let nth = 0; nth < 25; nth++) {
    client.send(frame(FRAME.headers, ENDED, 2 * nth + 1, GET))
    await new Promise(setImmediate)
    client.send(reset(2 * nth + 1))
  }
  await isCutOff(client, CALM)
  await atRest(traffic)
})

test('a client that cancels now and then goes on', async () => {
  const server = await serve(answering((head) => (head.includes('/slow') ? '' : HELLO)))
  const client = await speak(
    await gateway({ servers: [server.port], listener: { http2: { streams: 100, resets: 20 } } }),
  )
  for (let nth = 0; nth < 20; nth++) {
    client.send(frame(FRAME.headers, ENDED, 2 * nth + 1, GET), reset(2 * nth + 1))
  }
  client.send(frame(FRAME.headers, ENDED, 101, GET))
  await until(
    () => client.heard.some(({ type, stream }) => type === FRAME.data && stream === 101),
    () => 'an answer',
  )
  expect(client.closed).toBe(false)
})

test('floods of PING and SETTINGS end the connection', async () => {
  const traffic = await gateway({ servers: [] })
  const pings = await speak(traffic)
  pings.send(...Array.from({ length: 250 }, () => frame(FRAME.ping, 0, 0, Buffer.alloc(8))))
  await isCutOff(pings, CALM)
  const settings = await speak(traffic)
  settings.send(...Array.from({ length: 250 }, () => frame(FRAME.settings, 0, 0)))
  await isCutOff(settings, CALM)
  await atRest(traffic)
})

test('floods of empty DATA frames end the connection', async () => {
  const server = await serve(new Holding().speak)
  const traffic = await gateway({ servers: [server.port] })
  const client = await speak(traffic)
  client.send(frame(FRAME.headers, END_HEADERS, 1, POST))
  client.send(...Array.from({ length: 300 }, () => frame(FRAME.data, 0, 1)))
  await until(
    () => client.closed,
    () => 'the end of the connection',
  )
  await atRest(traffic)
})

test('a head that never ends (CONTINUATION) ends the connection', async () => {
  const traffic = await gateway({ servers: [] })
  const client = await speak(traffic)
  client.send(frame(FRAME.headers, 0, 1, GET))
  for (let nth = 0; nth < 2_000 && !client.closed; nth++) {
    client.send(frame(FRAME.continuation, 0, 1, fields(`x-${nth}`, 'y'.repeat(100))))
    if (nth % 50 === 0) await new Promise(setImmediate)
  }
  await isCutOff(client, CALM, PROTOCOL_ERROR, 2)
  await atRest(traffic)
})

test('too many fields are 431, or a reset', async () => {
  const traffic = await gateway({ servers: [], limits: { headerCount: 10 } })
  const client = await speak(traffic)
  const many = Array.from({ length: 11 }, (_, nth) => fields(`x-${nth}`, 'y'))
  client.send(frame(FRAME.headers, ENDED, 1, Buffer.concat([GET, ...many])))
  const endless = Array.from({ length: 200 }, (_, nth) => fields(`x-${nth}`, 'y'))
  client.send(frame(FRAME.headers, ENDED, 3, Buffer.concat([GET, ...endless])))
  await until(
    () => client.heard.some(({ type, stream }) => type === FRAME.reset && stream === 3),
    () => 'the reset',
  )
  const answer = client.heard.find(({ type, stream }) => type === FRAME.data && stream === 1)
  expect(`${answer?.payload}`).toContain('431')
})

test('more streams at once than are allowed are refused', async () => {
  const holding = new Holding()
  const server = await serve(holding.speak)
  const traffic = await gateway({ servers: [server.port], listener: { http2: { streams: 4, resets: 20 } } })
  const client = await speak(traffic)
  for (let nth = 0; nth < 4; nth++) client.send(frame(FRAME.headers, ENDED, 2 * nth + 1, GET))
  await until(
    () => holding.count === 4,
    () => 'four requests',
  )
  client.send(frame(FRAME.headers, ENDED, 9, GET))
  await until(
    () => client.closed || client.heard.some(({ type, stream }) => type === FRAME.reset && stream === 9),
    () => 'the refusal',
  )
  expect(holding.count).toBe(4)
})

test('a client that owes a body and is silent gets 408', async () => {
  const server = await serve(new Holding().speak)
  const traffic = await gateway({ servers: [server.port], limits: { bodyMs: 200 } })
  const client = await speak(traffic)
  client.send(frame(FRAME.headers, END_HEADERS, 1, POST))
  await until(
    () => client.heard.some(({ type, payload }) => type === FRAME.data && `${payload}`.includes('408')),
    () => '408',
  )
})

test('a client that takes nothing of its answer is given up, and its server freed', async () => {
  const server = await serve(
    answering(() => `HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n${'x'.repeat(1_000_000)}`),
  )
  const traffic = await gateway({ servers: [server.port], limits: { idleMs: 300 } })
  const client = await speak(traffic)
  client.send(frame(FRAME.headers, ENDED, 1, GET))
  await until(
    () => client.heard.some(({ type, stream }) => type === FRAME.reset && stream === 1),
    () => 'the reset',
  )
  expect(traffic.gauges()).toMatchObject({ serverInFlight: 0, poolInFlight: 0 })
})

test('a reset without an error is no end of a body', async () => {
  let heard = ''
  const server = await serve((socket) => socket.on('data', (chunk) => (heard += chunk)))
  const traffic = await gateway({ servers: [server.port] })
  const client = await speak(traffic)
  client.send(frame(FRAME.headers, END_HEADERS, 1, POST), frame(FRAME.data, 0, 1, Buffer.from('part')))
  await until(
    () => heard.includes('part'),
    () => 'the part',
  )
  client.send(frame(FRAME.reset, 0, 1, Buffer.alloc(4)))
  await until(
    () => traffic.gauges().serverConnections === 0,
    () => 'the end of the server connection',
  )
  expect(heard).not.toMatch(/\r\n0\r\n/)
})

test('a preface that is none, or comes late, is answered in HTTP/1.1', async () => {
  const server = await serve(answering(() => HELLO))
  const off = await gateway({ servers: [server.port], listener: { http2: null } })
  for (const [traffic, bytes] of [
    [off, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    [await gateway({ servers: [server.port] }), 'GET / HTTP/1.1\r\nHost: a\r\n\r\nPRI * HTTP/2.0\r\n\r\n'],
  ] as const) {
    expect(await (await dial(traffic)).send(bytes).hears('505')).toContain('HTTP/1.1 505 ')
  }
})

test('a client that stays when it is told to leave is cut off', async () => {
  const traffic = await gateway({ servers: [], limits: { idleMs: 200 } })
  const client = await speak(traffic)
  client.socket.allowHalfOpen = true
  await until(
    () => client.goaway === 0,
    () => 'GOAWAY',
  )
  await atRest(traffic)
})
