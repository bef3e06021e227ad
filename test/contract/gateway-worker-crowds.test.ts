import type { ServerHttp2Stream } from 'node:http2'
import { afterEach, expect, test } from 'vitest'
import { Http2Client, serveHttp2 } from '../kit/http2.ts'
import {
  atRest,
  cleanUp,
  dial,
  GET,
  gateway,
  HELLO,
  Holding,
  serve,
  type Traffic,
  until,
} from '../kit/traffic.ts'

afterEach(cleanUp)

function most(connections: number) {
  return { breaker: { requests: null, serverRequests: null, connections, pending: null } }
}

interface Held {
  readonly count: number
}

/** Asks three times: once each of two servers in turn, and the third waits for a connection to the first of them. */
async function crowd<S extends Held>(
  traffic: Traffic,
  servers: readonly [S, S],
  ask: () => Promise<unknown>,
) {
  let own: S | null = null
  for (let n = 0; n < 3; n++) {
    await ask()
    await until(
      () => servers[0].count + servers[1].count + traffic.gauges().poolPending! === n + 1,
      () => `request ${n}`,
    )
    own ??= servers[0].count === 1 ? servers[0] : servers[1]
  }
  expect(traffic.gauges()).toMatchObject({ serverConnections: 2, poolPending: 1 })
  return { own: own!, other: own === servers[0] ? servers[1] : servers[0] }
}

/** Their pool may have two connections. */
async function crowded() {
  const held = [new Holding(), new Holding()] as const
  const servers = [await serve(held[0].speak), await serve(held[1].speak)]
  const traffic = await gateway({ servers: servers.map(({ port }) => port), pool: most(2) })
  const clients = await Promise.all([0, 1, 2].map(() => dial(traffic)))
  let asked = 0
  const { own, other } = await crowd(traffic, held, async () => clients[asked++]!.send(GET))
  return { traffic, own, other, clients }
}

async function both(server: Held): Promise<void> {
  await until(
    () => server.count === 2,
    () => 'both requests at one server',
  )
}

test('who waits for a connection gets one when another server’s is closed', async () => {
  const { own, clients } = await crowded()
  clients[1]!.socket.destroy()
  await both(own)
})

test('who waits for a connection gets one in place of another server’s idle one', async () => {
  const { traffic, own, other, clients } = await crowded()
  await other.answer(HELLO)
  await both(own)
  expect(traffic.gauges()).toMatchObject({ serverConnections: 2, poolPending: 0 })
  for (let n = 0; n < 2; n++) await own.answer(HELLO)
  for (const client of clients) {
    await client.hears('hello')
    client.socket.destroy()
  }
  await atRest(traffic)
})

test('who waits for a connection gets one when there may be more', async () => {
  const { traffic, own } = await crowded()
  const snapshot = traffic.snapshot(traffic.options.servers)
  await traffic.server.apply({ ...snapshot, pools: [{ ...snapshot.pools[0]!, ...most(3) }] })
  await both(own)
})

test('a connection of HTTP/2 that nobody uses gives way too', async () => {
  const answer = (stream: ServerHttp2Stream | undefined) => {
    stream!.respond({ ':status': 200 })
    stream!.end()
  }
  const held = [0, 1].map(() => ({ streams: [] as ServerHttp2Stream[], count: 0 }))
  const servers = await Promise.all(
    held.map((own) =>
      serveHttp2((stream) => (own.count = own.streams.push(stream)), {
        settings: { maxConcurrentStreams: 1 },
      }),
    ),
  )
  const traffic = await gateway({
    servers: servers.map(({ port }) => port),
    pool: most(2),
    upstream: { protocol: 'http2' },
  })
  const client = new Http2Client(`http://127.0.0.1:${traffic.port}`)
  const answers: Promise<unknown>[] = []
  const { own, other } = await crowd(traffic, [held[0]!, held[1]!], async () => answers.push(client.get('/')))
  answer(other.streams[0])
  await both(own)
  for (const stream of own.streams) answer(stream)
  expect(await Promise.all(answers)).toMatchObject(Array(3).fill({ status: 200 }))
  client.session.destroy()
  for (const server of servers) server.stop()
})
