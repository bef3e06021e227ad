import { afterEach, expect, test } from 'vitest'
import type { RuleSpec, SplitSpec } from '../../src/core/rule.ts'
import type { CompressSpec, CountedBy } from '../../src/core/traffic.ts'
import { answering, cleanUp, dial, GET, gateway, serve, type Traffic, until } from '../kit/traffic.ts'

afterEach(cleanUp)

/** Two pools that answer their names behind a rule that divides requests. Clients are whom a proxy names. */
async function divided(weights: readonly [number, number], sticky: SplitSpec['sticky']): Promise<Traffic> {
  const [blue, green] = await Promise.all(
    ['blue!', 'green'].map((name) =>
      serve(answering(() => `HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n${name}`)),
    ),
  )
  const shares = [
    { pool: 'blue', weight: weights[0] },
    { pool: 'green', weight: weights[1] },
  ]
  return gateway({
    servers: [],
    pools: { blue: [blue!.port], green: [green!.port] },
    rules: [{ match: {}, action: { kind: 'split', shares, sticky } }],
    trust: { networks: ['127.0.0.0/8'], header: 'forwarded' },
  })
}

async function poolsOf(traffic: Traffic, clients: readonly string[]): Promise<string[]> {
  const client = await dial(traffic)
  const pools: string[] = []
  for (const address of clients) {
    client
      .forget()
      .send(`GET / HTTP/1.1\r\nHost: a\r\nForwarded: for=${address}\r\nX-Forwarded-For: 198.51.100.1\r\n\r\n`)
    pools.push((await client.hears(/\r\n\r\n.{5}/)).slice(-5))
  }
  client.socket.destroy()
  return pools
}

const clients = Array.from({ length: 40 }, (_, at) => `192.0.2.${at}`)

test('a split by source gives each client a pool, and the client stays there', async () => {
  const traffic = await divided([1, 1], { by: 'source' })
  const first = await poolsOf(traffic, clients)
  expect(new Set(first)).toEqual(new Set(['blue!', 'green']))
  expect(await poolsOf(traffic, clients)).toEqual(first)
  expect(await poolsOf(traffic, clients)).toEqual(first)
})

test('a pool of weight 0 gets nothing of a split', async () => {
  const traffic = await divided([1, 0], { by: 'source' })
  expect(new Set(await poolsOf(traffic, clients))).toEqual(new Set(['blue!']))
})

test('a fixed answer is of the type that the rule gives', async () => {
  const action = { kind: 'respond', status: 200, body: '{}', type: 'application/json' } as const
  const rules: readonly RuleSpec[] = [{ match: {}, action }]
  const client = await dial(await gateway({ servers: [], rules }))
  const heard = await client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n').hears('{}')
  expect(heard).toMatch(/\r\ncontent-type: application\/json\r\n/i)
})

test('of the lists that a trusted proxy sends, only the one that the listener names is believed', async () => {
  const rules: readonly RuleSpec[] = [
    {
      match: { sources: ['192.0.2.0/24'] },
      action: { kind: 'respond', status: 200, body: 'for=', type: 'a/b' },
    },
    { match: {}, action: { kind: 'respond', status: 200, body: 'xfor', type: 'a/b' } },
  ]
  const asking = async (header: 'forwarded' | 'x-forwarded-for') => {
    const client = await dial(
      await gateway({ servers: [], rules, trust: { networks: ['127.0.0.0/8'], header } }),
    )
    const heads = 'Forwarded: for=192.0.2.1\r\nX-Forwarded-For: 198.51.100.1'
    return (await client.send(`GET / HTTP/1.1\r\nHost: a\r\n${heads}\r\n\r\n`).hears(/\r\n\r\n.{4}/)).slice(
      -4,
    )
  }
  expect(await asking('forwarded')).toBe('for=')
  expect(await asking('x-forwarded-for')).toBe('xfor')
})

/** What comes of one request of each of these, by path and client, where a rule lets one pass and then 20 an hour. */
async function limited(
  key: CountedBy,
  asked: readonly (readonly [path: string, client: string, cookie?: string])[],
) {
  const rateLimit = { requests: 20, perMs: 3_600_000, burst: 0, key }
  const action = { kind: 'respond', status: 204, body: '', type: '' } as const
  const trust = { networks: ['127.0.0.0/8'], header: 'x-forwarded-for' } as const
  const client = await dial(await gateway({ servers: [], rules: [{ match: {}, action, rateLimit }], trust }))
  const heads: string[] = []
  for (const [path, from, cookie = 'none'] of asked) {
    client
      .forget()
      .send(`GET ${path} HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ${from}\r\nCookie: key=${cookie}\r\n\r\n`)
    heads.push(await client.hears('\r\n\r\n'))
  }
  return { heads, statuses: heads.map((head) => head.slice(9, 12)) }
}

test.each([
  ['source', ['204', '429', '204']],
  ['path', ['204', '204', '429']],
  ['rule', ['204', '429', '429']],
] as const)('requests are counted by %s where the rule says so', async (by, expected) => {
  const asked = [
    ['/a', '192.0.2.1'],
    ['/b', '192.0.2.1'],
    ['/a', '192.0.2.2'],
  ] as const
  expect((await limited({ by }, asked)).statuses).toEqual(expected)
})

test('requests are counted by the cookie that the rule names', async () => {
  const asked = [
    ['/', '192.0.2.1', 'one'],
    ['/', '192.0.2.1', 'two'],
    ['/', '192.0.2.2', 'one'],
  ] as const
  expect((await limited({ by: 'cookie', name: 'key' }, asked)).statuses).toEqual(['204', '204', '429'])
})

test('who asks too often hears when the rate lets the next one in', async () => {
  const asked = ['/a', '192.0.2.1'] as const
  const { heads } = await limited({ by: 'rule' }, [asked, asked])
  expect(heads[1]).toMatch(/\r\nretry-after: (179|180)\r\n/i)
})

const TO_MAIN = { kind: 'pool', pool: 'main' } as const

/** The coding in which a rule gives an answer of this type and size to a client that takes all of them. */
async function codingOf(compress: CompressSpec, type: string, size: number): Promise<string | undefined> {
  const answer = `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: ${size}\r\n\r\n${'a'.repeat(size)}`
  const server = await serve(answering(() => answer))
  const client = await dial(
    await gateway({ servers: [server.port], rules: [{ match: {}, action: TO_MAIN, compress }] }),
  )
  const head = await client
    .send('GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip, br, zstd\r\n\r\n')
    .hears('\r\n\r\n')
  return /\r\ncontent-encoding: (\w+)/i.exec(head)?.[1]
}

test('answers are compressed by the codings, from the length and of the types that the rule names', async () => {
  const rule: CompressSpec = { encodings: ['gzip'], leastBytes: 100, types: ['font/*'] }
  expect(await codingOf(rule, 'font/ttf', 100)).toBe('gzip')
  expect(await codingOf({ ...rule, encodings: ['br', 'gzip'] }, 'font/ttf', 100)).toBe('br')
  expect(await codingOf(rule, 'font/ttf', 99)).toBeUndefined()
  expect(await codingOf(rule, 'text/css', 100)).toBeUndefined()
})

test('who waits for the turn of a rule is refused when the time of the rule is over', async () => {
  const concurrency = { requests: 1, queue: 1, waitMs: 200 }
  const held: string[] = []
  const server = await serve((socket) => socket.on('data', (chunk) => held.push(String(chunk))))
  // The first request ends in time for the second one to have its turn, if it waited for longer.
  const limits = { responseMs: 2_500 }
  const traffic = await gateway({
    servers: [server.port],
    rules: [{ match: {}, action: TO_MAIN, concurrency }],
    limits,
  })
  const [first, second] = [await dial(traffic), await dial(traffic)]
  first.send(GET)
  await until(
    () => held.length === 1,
    () => 'the first request at the server',
  )
  expect(await second.send(GET).hears('\r\n\r\n')).toMatch(/^HTTP\/1\.1 503 /)
  expect(await first.hears('\r\n\r\n')).toMatch(/^HTTP\/1\.1 504 /)
})
