import { afterEach, expect, test } from 'vitest'
import {
  answering,
  cleanUp,
  closedPort,
  dial,
  gateway,
  Holding,
  serve,
  type Traffic,
  type TrafficOptions,
  until,
} from '../kit/traffic.ts'

afterEach(cleanUp)

const AFFINITY = { cookie: 'SID', lifetimeMs: 3_600_000, secret: null, key: 'a key' }
const COOKIE = /Set-Cookie: (SID=[\w-]{22}); Path=\/; Max-Age=3600; HttpOnly; SameSite=Lax\r\n/

async function pool(ports: readonly number[], over: Partial<TrafficOptions> = {}): Promise<Traffic> {
  return gateway({ servers: ports, ...over, pool: { affinity: AFFINITY, ...over.pool } })
}

async function servers(count: number): Promise<number[]> {
  const started = Array.from({ length: count }, (_, at) =>
    serve(answering(() => `HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nserver${at}`)),
  )
  return (await Promise.all(started)).map(({ port }) => port)
}

/** Asks once; gives the server's name and the cookie that was set, if one was. */
async function ask(traffic: Traffic, cookie = ''): Promise<{ server: string; cookie: string | null }> {
  const client = await dial(traffic)
  client.send(`GET / HTTP/1.1\r\nHost: a\r\n${cookie === '' ? '' : `Cookie: a=b; ${cookie}\r\n`}\r\n`)
  const heard = await client.hears(/server\d$/)
  client.socket.destroy()
  return { server: heard.slice(-7), cookie: COOKIE.exec(heard)?.[1] ?? null }
}

test('a session stays with the server that began it, and is told of it once', async () => {
  const traffic = await pool(await servers(4))
  const first = await ask(traffic)
  expect(first.cookie).not.toBeNull()
  for (let n = 0; n < 8; n++)
    expect(await ask(traffic, first.cookie!)).toEqual({ server: first.server, cookie: null })
  const others = await Promise.all(Array.from({ length: 8 }, () => ask(traffic)))
  expect(new Set(others.map(({ server }) => server)).size).toBe(4)
})

test('a cookie that was made up is no session', async () => {
  const traffic = await pool(await servers(2))
  for (const made of ['SID=AAAAAAAAAAAAAAAAAAAAAA', 'SID=0', 'SID=']) {
    expect((await ask(traffic, made)).cookie).not.toBeNull()
  }
})

test('it survives reloads and other members, goes on while its server drains, and moves when that is gone', async () => {
  const ports = await servers(4)
  const traffic = await pool(ports)
  const { server, cookie } = await ask(traffic)
  const own = ports[Number(server.slice(-1))]!
  await traffic.apply(ports.toReversed())
  expect((await ask(traffic, cookie!)).server).toBe(server)
  await traffic.apply(ports, [own])
  expect(await ask(traffic, cookie!)).toEqual({ server, cookie: null })
  await traffic.apply(ports.filter((port) => port !== own))
  const moved = await ask(traffic, cookie!)
  expect(moved.server).not.toBe(server)
  expect(await ask(traffic, moved.cookie!)).toEqual({ server: moved.server, cookie: null })
})

test('it moves when its server is not healthy', async () => {
  const ports = [await closedPort(), ...(await servers(2))]
  const traffic = await pool(ports)
  const { cookie } = await ask(traffic)
  const other = await pool(ports)
  other.weights.set(0, 0)
  const owner = Number((await ask(other, cookie!)).server.slice(-1)) + 1
  other.weights.set(owner, 0)
  other.weights.publish()
  const moved = await ask(other, cookie!)
  expect(moved.cookie).not.toBeNull()
  expect(Number(moved.server.slice(-1)) + 1).not.toBe(owner)
})

/** A server that holds what asks for `/hold`, its gateway, and a session that it has. */
async function aSession(over: Partial<TrafficOptions>) {
  const held = new Holding()
  const speak = (name: string) =>
    serve((socket) => {
      let isHeld = false
      socket.on('data', (chunk) => {
        isHeld ||= `${chunk}`.startsWith('GET /hold')
        if (!isHeld) socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n${name}`)
      })
      held.speak(socket, 0)
      socket.on('end', () => socket.end())
    })
  const traffic = await pool([(await speak('server0')).port, (await speak('server1')).port], over)
  const { server, cookie } = await ask(traffic)
  const other = server === 'server0' ? 'server1' : 'server0'
  const hold = async () => {
    const client = await dial(traffic)
    return client.send(`GET /hold HTTP/1.1\r\nHost: a\r\nCookie: ${cookie}\r\n\r\n`)
  }
  return { traffic, server, other, cookie: cookie!, hold }
}

const BREAKER = { requests: null, connections: null, pending: null }

test('a session whose server is full for the moment is served by another one, and goes back', async () => {
  const { traffic, server, other, cookie, hold } = await aSession({
    pool: { breaker: { ...BREAKER, serverRequests: 1 } },
  })
  const holding = await hold()
  await until(
    () => traffic.gauges().serverInFlight === 1,
    () => 'a full server',
  )
  for (let n = 0; n < 3; n++) expect(await ask(traffic, cookie)).toEqual({ server: other, cookie: null })
  holding.socket.destroy()
  await until(
    () => traffic.gauges().serverInFlight === 0,
    () => 'room',
  )
  expect(await ask(traffic, cookie)).toEqual({ server, cookie: null })
})

test('it waits for a connection to its server, and where too many wait is served by another one', async () => {
  const { traffic, server, other, cookie, hold } = await aSession({
    upstream: { maxConnections: 1, maxPending: 1 },
  })
  const [holding, waiting] = [await hold(), await dial(traffic)]
  await until(
    () => traffic.gauges().serverInFlight === 1,
    () => 'a full server',
  )
  waiting.send(`GET / HTTP/1.1\r\nHost: a\r\nCookie: ${cookie}\r\n\r\n`)
  await until(
    () => traffic.gauges().poolPending === 1,
    () => 'a request that waits',
  )
  for (let n = 0; n < 3; n++) expect(await ask(traffic, cookie)).toEqual({ server: other, cookie: null })
  holding.socket.destroy()
  const heard = await waiting.hears(/server\d$/)
  expect(heard.slice(-7)).toBe(server)
  expect(heard).not.toMatch(/set-cookie/i)
})

test('it outlasts a server that refuses connections for a while', async () => {
  const ports = await servers(2)
  const traffic = await pool(ports)
  const { server, cookie } = await ask(traffic)
  const away = await pool(ports.with(Number(server.slice(-1)), await closedPort()))
  for (let n = 0; n < 3; n++) {
    const answer = await ask(away, cookie!)
    expect(answer.server).not.toBe(server)
    expect(answer.cookie).toBeNull()
  }
  expect(await ask(traffic, cookie!)).toEqual({ server, cookie: null })
})
