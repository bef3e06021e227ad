import { afterEach, expect, test } from 'vitest'
import type { MirrorSpec, RuleSpec } from '../../src/core/rule.ts'
import {
  answering,
  atRest,
  cleanUp,
  closedPort,
  dial,
  GET,
  gateway,
  HELLO,
  type Speak,
  serve,
  type TrafficOptions,
  until,
} from '../kit/traffic.ts'

afterEach(cleanUp)

const MIRROR: MirrorSpec = { pool: 'shadow', share: 1, bodyBytes: 1000, inFlight: 10 }

/** `main` answers hello; what `shadow` gets is copied from it. */
async function mirrored(
  shadow: Speak | number,
  mirror: Partial<MirrorSpec> = {},
  more: Partial<TrafficOptions> & Partial<RuleSpec> = {},
) {
  const { rewrite, request, ...options } = more
  const rule: RuleSpec = {
    match: {},
    action: { kind: 'pool', pool: 'main' },
    mirror: { ...MIRROR, ...mirror },
    ...(rewrite && { rewrite }),
    ...(request && { request }),
  }
  const heard: string[] = []
  const main = await serve(bodies((text) => heard.push(text)))
  const port = typeof shadow === 'number' ? shadow : (await serve(shadow)).port
  const traffic = await gateway({
    servers: [main.port],
    pools: { shadow: [port] },
    rules: [rule],
    ...options,
  })
  return { traffic, heard, client: await dial(traffic) }
}

/** Answers hello when a whole request has come (sized or chunked), and tells it. */
function bodies(tell: (text: string) => void): Speak {
  return (socket) => {
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      const at = text.indexOf('\r\n\r\n')
      if (at < 0) return
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
      const isWhole = /chunked/i.test(text) ? text.endsWith('0\r\n\r\n') : text.length >= at + 4 + length
      if (!isWhole) return
      tell(text)
      text = ''
      socket.write(HELLO)
    })
    socket.on('end', () => socket.end())
  }
}

test('a copy is what the server gets, body and all; its answer is nobody’s', async () => {
  const copies: string[] = []
  const shadow = bodies((text) => copies.push(text))
  const { client, heard, traffic } = await mirrored(
    shadow,
    {},
    {
      rewrite: { by: 'prefix', prefix: '/a', to: '/b' },
      request: { set: [{ name: 'x-copy', value: 'yes' }], add: [], remove: [] },
    },
  )
  client.send('GET /a HTTP/1.1\r\nHost: h\r\n\r\n')
  await client.hears('hello')
  client.forget().send('POST /a/x?y HTTP/1.1\r\nHost: h\r\nContent-Length: 8\r\n\r\nfour')
  await new Promise((done) => setTimeout(done, 10))
  client.send('more')
  await client.hears('hello')
  client
    .forget()
    .send('POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n')
  await client.hears('hello')
  await until(
    () => copies.length === 3,
    () => `three copies, not ${copies.length}`,
  )
  expect(copies.sort()).toEqual([...heard].sort())
  expect(copies.join()).toMatch(/GET \/b HTTP[\s\S]*x-copy: yes/)
  client.socket.destroy()
  await until(
    () => traffic.gauges().serverInFlight === 0,
    () => 'the copies’ end',
  )
})

test('a longer body, a changed protocol and the other part of a share are not copied', async () => {
  let copies = 0
  const { client } = await mirrored(
    bodies(() => copies++),
    { bodyBytes: 3 },
  )
  client.send('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nlong')
  await client.hears('hello')
  client
    .forget()
    .send('POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n')
  await client.hears('hello')
  client.forget().send('GET / HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n')
  await client.hears('hello')
  // The chance of these tests is 0.5 each time.
  const { client: other } = await mirrored(
    bodies(() => copies++),
    { share: 0.5 },
  )
  await other.send(GET).hears('hello')
  const { client: last } = await mirrored(
    bodies(() => copies++),
    { share: 0.51 },
  )
  await last.send(GET).hears('hello')
  await until(
    () => copies > 0,
    () => 'the last one’s copy',
  )
  await new Promise((done) => setTimeout(done, 20))
  expect(copies).toBe(1)
})

test('a pool of copies that does not answer delays nobody, and holds no more than it may', async () => {
  let copies = 0
  const silent: Speak = (socket) => socket.on('data', () => copies++)
  const { client, traffic } = await mirrored(silent, { inFlight: 2 }, { limits: { responseMs: 300 } })
  for (let nth = 0; nth < 6; nth++) await client.forget().send(GET).hears('hello')
  await until(
    () => copies === 2,
    () => 'two copies',
  )
  expect(traffic.reader.serverInFlight(8)).toBe(2)
  // They are given up, and others may be sent again.
  await until(
    () => traffic.reader.serverInFlight(8) === 0,
    () => 'the end of their time',
  )
  await client.forget().send(GET).hears('hello')
  await until(
    () => copies === 3,
    () => 'a third copy',
  )
})

test.each<[string, Speak | 'nobody']>([
  ['refuses connections', 'nobody'],
  ['ends without an answer', (socket) => socket.on('data', () => socket.destroy())],
  ['answers nonsense', answering(() => 'nonsense\r\n\r\n')],
  [
    'changes the protocol',
    answering(() => 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
  ],
])('a pool of copies that %s hurts nobody and leaves nothing', async (_, speak) => {
  const shadow = speak === 'nobody' ? await closedPort() : speak
  const { client, traffic } = await mirrored(shadow, { inFlight: 1 })
  for (let nth = 0; nth < 5; nth++) {
    await client.forget().send(GET).hears('hello')
    await until(
      () => traffic.reader.serverInFlight(8) === 0,
      () => 'the copy’s end',
    )
  }
  client.socket.destroy()
  await until(
    () => traffic.gauges().clients === 0,
    () => 'the client’s end',
  )
  expect(traffic.gauges()).toMatchObject({ serverInFlight: 0, memberInFlight: 0 })
})

test('a client that goes in the middle of a body sends no copy', async () => {
  let copies = 0
  const { client, traffic } = await mirrored(
    bodies(() => copies++),
    { inFlight: 1 },
  )
  client.send('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 8\r\n\r\nfour')
  await until(
    () => traffic.gauges().serverInFlight === 1,
    () => 'the request',
  )
  client.socket.destroy()
  await atRest(traffic)
  const next = await dial(traffic)
  await next.send(GET).hears('hello')
  await until(
    () => copies === 1,
    () => 'the next one’s copy',
  )
})
