import type { Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { AttemptSpec, BreakerSpec } from '../../src/core/attempts.ts'
import { POOL, POOL_GAUGE } from '../../src/gateway/lanes.ts'
import {
  answering,
  atRest,
  cleanUp,
  dial as dialled,
  GET,
  gateway,
  HELLO,
  type RawClient,
  serve,
  type Traffic,
  until,
} from '../kit/traffic.ts'

const clients: RawClient[] = []

afterEach(cleanUp)

async function dial(traffic: Traffic): Promise<RawClient> {
  const client = await dialled(traffic)
  clients.push(client)
  return client
}

/** With its clients gone, the gateway holds nothing. */
async function rest(traffic: Traffic): Promise<void> {
  for (const client of clients.splice(0)) client.socket.destroy()
  await atRest(traffic)
}

const POST = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi'

function attempts(over: Partial<AttemptSpec>): { attempts: AttemptSpec } {
  return { attempts: { tryMs: null, totalMs: null, hedgeMs: null, ...over } }
}

function breaker(over: Partial<BreakerSpec>): { breaker: BreakerSpec } {
  return { breaker: { requests: null, serverRequests: null, connections: null, pending: null, ...over } }
}

/** Takes requests and answers none until `release`. */
function holding(): { speak: (socket: Socket) => void; release(): void; held(): number } {
  const sockets: Socket[] = []
  let requests = 0
  return {
    speak: (socket) => {
      socket.on('data', () => {
        requests++
        sockets.push(socket)
      })
      socket.on('end', () => socket.end())
    },
    release: () => {
      for (const socket of sockets.splice(0)) socket.write(HELLO)
    },
    held: () => requests,
  }
}

test('a safe request whose attempt is too slow is asked of another server, one with effects is not', async () => {
  const slow = holding()
  const [first, second] = [await serve(slow.speak), await serve(answering(() => HELLO))]
  const pool = attempts({ tryMs: 200 })
  const traffic = await gateway({ servers: [first.port, second.port], pool })
  const client = await dial(traffic)
  for (let n = 0; n < 4; n++) await client.forget().send(GET).hears('hello')
  expect(slow.held()).toBeGreaterThan(0)
  expect(traffic.reader.pool(0, POOL.retries)).toBe(slow.held())
  const answers = new Set<string>()
  for (let n = 0; n < 2; n++) {
    const other = await dial(traffic)
    answers.add((await other.send(POST).hears('\r\n\r\n')).slice(9, 12))
  }
  expect([...answers].sort()).toEqual(['200', '504'])
  await rest(traffic)
})

test('all attempts together end at the total', async () => {
  const slow = holding()
  const servers = [await serve(slow.speak), await serve(slow.speak), await serve(slow.speak)]
  const pool = attempts({ tryMs: 300, totalMs: 500 })
  const traffic = await gateway({ servers: servers.map((server) => server.port), retries: 10, pool })
  const client = await dial(traffic)
  expect(await client.send(GET).hears('\r\n\r\n')).toMatch(/^HTTP\/1\.1 504 /)
  expect(slow.held()).toBe(2)
  await rest(traffic)
})

test('a hedge asks a second server, and the first answer counts', async () => {
  const slow = holding()
  const [first, second] = [await serve(slow.speak), await serve(answering(() => HELLO))]
  const pool = attempts({ hedgeMs: 100 })
  const traffic = await gateway({ servers: [first.port, second.port], retries: 0, pool })
  const client = await dial(traffic)
  for (let n = 0; n < 4; n++) expect(await client.forget().send(GET).hears('hello')).toContain(' 200 ')
  expect(slow.held()).toBeGreaterThan(0)
  expect(traffic.reader.pool(0, POOL.retries)).toBe(slow.held())
  expect(traffic.reader.pool(0, POOL.requests)).toBe(4)
  await rest(traffic)
})

test('a hedge that fails leaves the first attempt alone, and a first one that fails the hedge', async () => {
  const slow = holding()
  const [first, second] = [await serve(slow.speak), await serve(answering(() => null))]
  const pool = attempts({ hedgeMs: 100 })
  const traffic = await gateway({ servers: [first.port, second.port], retries: 0, pool })
  const client = await dial(traffic)
  const answer = client.send(GET).hears('\r\n\r\n')
  await until(
    () => traffic.reader.pool(0, POOL.retries) === 1 || client.heard !== '',
    () => 'a hedge',
  )
  if (slow.held() > 0) slow.release()
  expect(await answer).toMatch(/^HTTP\/1\.1 (200|502) /)
  await rest(traffic)
})

test('hedges stop at their budget', async () => {
  const slow = holding()
  const servers = [await serve(slow.speak), await serve(slow.speak)]
  const pool = attempts({ hedgeMs: 100 })
  const traffic = await gateway({ servers: servers.map((server) => server.port), retries: 0, pool })
  const all = await Promise.all(Array.from({ length: 30 }, () => dial(traffic)))
  for (const client of all) client.send(GET)
  await until(
    () => slow.held() === 40,
    () => `40 requests at the servers, not ${slow.held()}`,
  )
  expect(traffic.reader.pool(0, POOL.retries)).toBe(10)
  slow.release()
  await Promise.all(all.map((client) => client.hears('hello')))
  await rest(traffic)
})

test('a pool takes no more requests than it may have in flight', async () => {
  const slow = holding()
  const server = await serve(slow.speak)
  const traffic = await gateway({ servers: [server.port], pool: breaker({ requests: 2 }) })
  const both = [await dial(traffic), await dial(traffic)]
  for (const client of both) client.send(GET)
  await until(
    () => slow.held() === 2,
    () => 'two requests at the server',
  )
  const third = await dial(traffic)
  expect(await third.send(GET).hears('\r\n\r\n')).toMatch(/^HTTP\/1\.1 503 /)
  slow.release()
  await Promise.all(both.map((client) => client.hears('hello')))
  third.forget().send(GET)
  await until(
    () => slow.held() === 3,
    () => 'the third request at the server',
  )
  slow.release()
  await third.hears('hello')
  await rest(traffic)
})

test('a limit that adapts begins with twenty requests, and counts those that end', async () => {
  const slow = holding()
  const server = await serve(slow.speak)
  const pool = breaker({ adaptive: 4 })
  const traffic = await gateway({ servers: [server.port], pool })
  const all = await Promise.all(Array.from({ length: 20 }, () => dial(traffic)))
  for (const client of all) client.send(GET)
  await until(
    () => slow.held() === 20,
    () => 'twenty requests at the server',
  )
  const next = await dial(traffic)
  expect(await next.send(GET).hears('\r\n\r\n')).toMatch(/^HTTP\/1\.1 503 [\s\S]*Retry-After: 1/)
  slow.release()
  await Promise.all(all.map((client) => client.hears('hello')))
  next.forget().send(GET)
  await until(
    () => slow.held() === 21,
    () => 'the next request at the server',
  )
  slow.release()
  await next.hears('hello')
  await rest(traffic)
})

test('a full server is passed over', async () => {
  const slow = holding()
  const [first, second] = [await serve(slow.speak), await serve(answering(() => HELLO))]
  const pool = breaker({ serverRequests: 1 })
  const traffic = await gateway({ servers: [first.port, second.port], pool })
  const both = [await dial(traffic), await dial(traffic)]
  for (const client of both) client.send(GET)
  await until(
    () => slow.held() === 1,
    () => 'one request at the slow server',
  )
  const third = await dial(traffic)
  for (let n = 0; n < 5; n++) await third.forget().send(GET).hears('hello')
  expect(slow.held()).toBe(1)
  slow.release()
  await Promise.all(both.map((client) => client.hears('hello')))
  await rest(traffic)
})

test('beyond its connections a pool lets requests wait, beyond its pending ones it refuses', async () => {
  const slow = holding()
  const server = await serve(slow.speak)
  const pool = breaker({ connections: 1, pending: 1 })
  const traffic = await gateway({ servers: [server.port], pool })
  const both = [await dial(traffic), await dial(traffic)]
  both[0]!.send(GET)
  await until(
    () => slow.held() === 1,
    () => 'one request at the server',
  )
  both[1]!.send(GET)
  await until(
    () => traffic.reader.poolGauge(0, POOL_GAUGE.pending) === 1,
    () => 'one that waits',
  )
  const third = await dial(traffic)
  expect(await third.send(GET).hears('\r\n\r\n')).toMatch(/^HTTP\/1\.1 503 /)
  slow.release()
  await both[0]!.hears('hello')
  await until(
    () => slow.held() === 2,
    () => 'the one that waited at the server',
  )
  slow.release()
  await both[1]!.hears('hello')
  expect(server.accepted).toBe(1)
  await rest(traffic)
})
