import type { Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { Algorithm } from '../../src/core/algorithm.ts'
import type { SnapshotPool } from '../../src/core/snapshot.ts'
import { answering, cleanUp, dial, gateway, serve, type Traffic, until } from '../kit/traffic.ts'

afterEach(cleanUp)

/** A gateway before so many servers, each of which answers with its number. */
async function spread(
  count: number,
  algorithm: Algorithm,
  pool: Partial<SnapshotPool> = {},
): Promise<Traffic> {
  const servers = await Promise.all(
    Array.from({ length: count }, (_, at) =>
      serve(answering(() => `HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nserver${at}`)),
    ),
  )
  return gateway({ servers: servers.map(({ port }) => port), pool: { algorithm, ...pool } })
}

async function asks(traffic: Traffic, heads: readonly string[]): Promise<string[]> {
  const client = await dial(traffic)
  const answers: string[] = []
  for (const head of heads) {
    client.forget().send(`${head}\r\nHost: a\r\n\r\n`)
    answers.push(/server\d/.exec(await client.hears(/server\d/))![0])
  }
  client.socket.destroy()
  return answers
}

const get = (path: string, header = ''): string =>
  `GET ${path} HTTP/1.1${header === '' ? '' : `\r\n${header}`}`

test('uri-hash: the same path goes to the same server, whatever its query and connection', async () => {
  const traffic = await spread(5, 'uri-hash')
  const paths = Array.from({ length: 40 }, (_, at) => `/page/${at}`)
  const first = await asks(
    traffic,
    paths.map((path) => get(path)),
  )
  const second = await asks(
    traffic,
    paths.map((path) => get(`${path}?again=1`)),
  )
  expect(second).toEqual(first)
  expect(new Set(first).size).toBe(5)
})

test('header-hash and cookie-hash go by their value, and by the client where there is none', async () => {
  const users = Array.from({ length: 40 }, (_, at) => `user${at}`)
  const headers = await spread(5, 'header-hash', { hash: { header: 'x-user' } })
  const byHeader = await asks(
    headers,
    users.map((user, at) => get(`/${at}`, `X-User: ${user}`)),
  )
  expect(
    await asks(
      headers,
      users.map((user) => get('/other', `x-user: ${user}`)),
    ),
  ).toEqual(byHeader)
  expect(new Set(byHeader).size).toBe(5)
  expect(
    new Set(
      await asks(
        headers,
        users.map((_, at) => get(`/${at}`)),
      ),
    ).size,
  ).toBe(1)
  const cookies = await spread(5, 'cookie-hash', { hash: { cookie: 'sid' } })
  const byCookie = await asks(
    cookies,
    users.map((user) => get('/', `Cookie: a=b; sid=${user}`)),
  )
  expect(
    await asks(
      cookies,
      users.map((user) => get('/x', `Cookie: sid=${user}; c=d`)),
    ),
  ).toEqual(byCookie)
  expect(new Set(byCookie).size).toBe(5)
})

test('a rule hashes by its own header and cookie, whatever its pool goes by', async () => {
  const users = Array.from({ length: 40 }, (_, at) => `user${at}`)
  const servers = await Promise.all(
    Array.from({ length: 5 }, (_, at) =>
      serve(answering(() => `HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nserver${at}`)),
    ),
  )
  const pool = { hash: { header: 'x-other', cookie: 'other' } }
  const cases = [
    {
      spread: { algorithm: 'header-hash', hash: { header: 'x-user' } },
      line: (user: string) => `X-User: ${user}`,
    },
    {
      spread: { algorithm: 'cookie-hash', hash: { cookie: 'sid' } },
      line: (user: string) => `Cookie: sid=${user}`,
    },
  ] as const
  for (const { spread, line } of cases) {
    const rules = [{ match: {}, action: { kind: 'pool', pool: 'main' }, spread }] as const
    const traffic = await gateway({ servers: servers.map(({ port }) => port), rules, pool })
    const first = await asks(
      traffic,
      users.map((user) => get('/', line(user))),
    )
    expect(new Set(first).size).toBe(5)
    expect(
      await asks(
        traffic,
        users.map((user) => get('/again', line(user))),
      ),
    ).toEqual(first)
  }
})

test.each(['pool', 'rule'])(
  'uri-hash with a bound of the %s: what all ask for goes to several servers',
  async (of) => {
    const held = [0, 0, 0, 0]
    const servers = await Promise.all(
      held.map((_, at) => serve((socket) => socket.on('data', () => held[at]!++))),
    )
    const hash = { bound: 1.25 }
    const rule = {
      match: {},
      action: { kind: 'pool', pool: 'main' },
      spread: { algorithm: 'uri-hash', hash },
    } as const
    const traffic = await gateway({
      servers: servers.map(({ port }) => port),
      ...(of === 'rule' ? { rules: [rule] } : { pool: { algorithm: 'uri-hash', hash } }),
    })
    for (let asked = 1; asked <= 12; asked++) {
      ;(await dial(traffic)).send('GET /hot HTTP/1.1\r\nHost: a\r\n\r\n')
      await until(
        () => held.reduce((sum, count) => sum + count) === asked,
        () => `${asked} requests, have ${held}`,
      )
    }
    // The request that comes is counted too.
    expect(Math.max(...held)).toBeLessThanOrEqual(Math.ceil((1.25 * 13) / 4))
  },
)

test('source-hash: one client, one server; when that leaves, another, and back', async () => {
  const traffic = await spread(5, 'source-hash')
  const all = await asks(traffic, Array(10).fill(get('/')))
  expect(new Set(all).size).toBe(1)
  const own = Number(all[0]!.slice(-1))
  const { servers } = traffic.options
  await traffic.apply(servers.filter((_, at) => at !== own))
  const [other] = await asks(traffic, [get('/')])
  expect(other).not.toBe(all[0])
  await traffic.apply(servers)
  expect((await asks(traffic, [get('/')]))[0]).toBe(all[0])
})

test('first: the first server as long as it has room', async () => {
  const traffic = await spread(3, 'first')
  expect(new Set(await asks(traffic, Array(10).fill(get('/'))))).toEqual(new Set(['server0']))
})

test('least-time: a server that answers at once with errors does not draw the requests', async () => {
  const bad = await serve(answering(() => 'HTTP/1.1 500 No\r\nContent-Length: 7\r\n\r\nserver9'))
  const good = await serve((socket) => {
    socket.on('data', () =>
      setTimeout(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nserver1'), 2),
    )
    socket.on('error', () => {})
  })
  const traffic = await gateway({ servers: [bad.port, good.port], pool: { algorithm: 'least-time' } })
  const answers = await asks(traffic, Array(60).fill(get('/')))
  expect(answers.filter((answer) => answer === 'server9').length).toBeLessThan(6)
})

test('bad answers in a row are counted where the pool says so, and a good one ends the row', async () => {
  let bad = true
  const server = await serve(
    answering(() => `HTTP/1.1 ${bad ? '503 No' : '200 OK'}\r\nContent-Length: 7\r\n\r\nserver0`),
  )
  const traffic = await gateway({ servers: [server.port], pool: { countsErrors: true } })
  await asks(traffic, Array(3).fill(get('/')))
  expect(traffic.reader.errorsInRow(0, 0)).toBe(3)
  bad = false
  await asks(traffic, [get('/')])
  await until(
    () => traffic.reader.errorsInRow(0, 0) === 0,
    () => 'an end of the row',
  )
})

test('least-time: requests that were under way when it was chosen are not held against their server', async () => {
  const held: Socket[] = []
  const speak = (socket: Socket, at: number) =>
    socket.on('data', (chunk) => {
      if (String(chunk).startsWith('GET /hold')) held.push(socket)
      else socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nserver${at}`)
    })
  const servers = [await serve((socket) => speak(socket, 0)), await serve((socket) => speak(socket, 1))]
  const pool: Partial<Writable<SnapshotPool>> = { algorithm: 'first' }
  const ports = servers.map(({ port }) => port)
  const traffic = await gateway({ servers: ports, pool })
  const client = await dial(traffic)
  client.send('GET /hold HTTP/1.1\r\nHost: a\r\n\r\n')
  await until(
    () => held.length === 1,
    () => 'a request under way',
  )
  pool.algorithm = 'least-time'
  await traffic.apply(ports)
  held[0]!.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nheld')
  await client.hears('held')
  const answers = await asks(
    traffic,
    Array.from({ length: 20 }, () => get('/')),
  )
  expect(new Set(answers)).toEqual(new Set(['server0', 'server1']))
})

type Writable<T> = { -readonly [key in keyof T]: T[key] }
