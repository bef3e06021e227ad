import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { Algorithm } from '../../src/core/algorithm.ts'
import type { RuleSpec } from '../../src/core/rule.ts'
import { CLASS } from '../../src/gateway/lanes.ts'
import {
  answering,
  atRest,
  cleanUp,
  dial,
  gateway,
  type RawClient,
  serve,
  type Traffic,
  until,
} from '../kit/traffic.ts'

afterEach(cleanUp)

const TO_MAIN = { kind: 'pool', pool: 'main' } as const
const NO_EDITS = { set: [], add: [], remove: [] }

function answerOf(name: string, lines = ''): string {
  return `HTTP/1.1 200 OK\r\n${lines}Content-Length: ${name.length}\r\n\r\n${name}`
}

/** A server that answers its name, and keeps the heads that it gets. */
async function aServer(name: string, lines = '') {
  const heads: string[] = []
  const server = await serve(
    answering((head) => {
      heads.push(head)
      return answerOf(name, lines)
    }),
  )
  return { heads, port: server.port }
}

/** `main` behind these rules. */
async function behind(rules: readonly RuleSpec[], lines = '') {
  const server = await aServer('main', lines)
  const traffic = await gateway({ servers: [server.port], rules })
  return { server, traffic, client: await dial(traffic) }
}

async function ask(client: RawClient, request: string): Promise<string> {
  return client
    .forget()
    .send(`${request}\r\n\r\n`)
    .hears(/\r\n\r\n(?!HTTP)/)
}

test('a fixed answer, with the headers of the rule', async () => {
  const { client, server, traffic } = await behind([
    {
      match: { path: '/robots.txt' },
      action: { kind: 'respond', status: 200, body: 'none', type: 'text/plain' },
      response: {
        ...NO_EDITS,
        set: [
          { name: 'content-type', value: 'text/x' },
          { name: 'x-path', value: `\${path}` },
        ],
      },
    },
    { match: {}, action: { kind: 'respond', status: 204, body: '', type: 'text/plain' } },
  ])
  const answer = await ask(client, 'GET /robots.txt HTTP/1.1\r\nHost: a')
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  expect(answer).toMatch(
    /\r\ncontent-type: text\/x\r\nx-path: \/robots\.txt\r\nContent-Length: 4\r\n\r\nnone$/,
  )
  expect(await ask(client, 'HEAD /robots.txt HTTP/1.1\r\nHost: a')).toMatch(/Content-Length: 4\r\n\r\n$/)
  const empty = await ask(client, 'GET /x HTTP/1.1\r\nHost: a')
  expect(empty).toMatch(/^HTTP\/1\.1 204 /)
  expect(empty).not.toMatch(/content-type/i)
  expect(server.heads).toEqual([])
  client.socket.destroy()
  await atRest(traffic)
})

test('a redirect says where to, by what was asked', async () => {
  const { client } = await behind([
    {
      match: { host: 'old.example' },
      action: { kind: 'redirect', status: 308, to: `https://new.example\${path}\${query}` },
    },
    {
      match: {},
      action: { kind: 'redirect', status: 302, to: `\${scheme}://www.\${host}/?from=\${client}` },
    },
  ])
  const moved = await ask(client, 'GET /a%20b?c=/d HTTP/1.1\r\nHost: old.example:80')
  expect(moved).toMatch(/^HTTP\/1\.1 308 Permanent Redirect\r\n/)
  expect(moved).toContain('\r\nlocation: https://new.example/a%20b?c=/d\r\n')
  const found = await ask(client, 'GET /a HTTP/1.1\r\nHost: x.example')
  expect(found).toMatch(/^HTTP\/1\.1 302 /)
  expect(found).toContain('\r\nlocation: http://www.x.example/?from=127.0.0.1\r\n')
  expect(await ask(client, 'GET /a HTTP/1.0')).toMatch(/^HTTP\/1\.1 400 /)
})

test('a rewrite changes the path towards the server and keeps the query', async () => {
  const { client, server } = await behind([
    { match: { path: '/api/*' }, action: TO_MAIN, rewrite: { by: 'prefix', prefix: '/api', to: '/v1' } },
    { match: {}, action: TO_MAIN, rewrite: { by: 'regex', regex: '^/u/(\\d+)$', to: '/users/$1/' } },
  ])
  await ask(client, 'GET /api/x?y=/api HTTP/1.1\r\nHost: a')
  await ask(client, 'GET http://a/u/7?z HTTP/1.1\r\nHost: a')
  await ask(client, 'GET /other?z HTTP/1.1\r\nHost: a')
  expect(server.heads.map((head) => head.split('\r\n')[0])).toEqual([
    'GET /v1/x?y=/api HTTP/1.1',
    'GET /users/7/?z HTTP/1.1',
    'GET /other?z HTTP/1.1',
  ])
  expect(server.heads.map((head) => head.match(/^host: /gim)?.length)).toEqual([1, 1, 1])
})

test('headers towards the server are set, added and removed', async () => {
  const { client, server } = await behind([
    {
      match: {},
      action: TO_MAIN,
      request: {
        remove: ['x-gone'],
        set: [
          { name: 'host', value: 'inner' },
          { name: 'x-asked', value: `\${host}\${path}\${query} by \${client}` },
        ],
        add: [{ name: 'x-tag', value: 'b' }],
      },
    },
  ])
  await ask(
    client,
    'GET /p?q HTTP/1.1\r\nHost: a\r\nX-Gone: 1\r\nx-asked: 2\r\nX-Tag: a\r\nx-gone: 3\r\nX-Kept: 4',
  )
  await ask(client, 'GET http://a/p HTTP/1.1\r\nHost: a')
  await ask(client, 'GET /p HTTP/1.0\r\nConnection: keep-alive')
  const [first, absolute, bare] = server.heads
  expect(first).not.toMatch(/x-gone/i)
  expect(first!.match(/^x-asked: .*/gim)).toEqual(['x-asked: a/p?q by 127.0.0.1'])
  expect(first!.match(/^x-tag: .*/gim)).toEqual(['X-Tag: a', 'x-tag: b'])
  expect(first).toContain('\r\nX-Kept: 4\r\n')
  expect(first).toContain('\r\nX-Forwarded-Host: a\r\n')
  for (const head of [first, absolute, bare]) expect(head!.match(/^host: .*/gim)).toEqual(['host: inner'])
})

test('headers of answers are set, added and removed', async () => {
  const rules: readonly RuleSpec[] = [
    {
      match: {},
      action: TO_MAIN,
      response: {
        remove: ['server'],
        set: [{ name: 'cache-control', value: 'max-age=3600' }],
        add: [{ name: 'alt-svc', value: 'h3=":443"; ma=60' }],
      },
    },
  ]
  const { client } = await behind(
    rules,
    'Server: x\r\nCache-Control: no-store\r\nX-Kept: 1\r\ncache-control: private\r\n',
  )
  const answer = await ask(client, 'GET / HTTP/1.1\r\nHost: a')
  expect(answer).not.toMatch(/^server:/im)
  expect(answer.match(/^cache-control: .*/gim)).toEqual(['cache-control: max-age=3600'])
  expect(answer).toContain('\r\nalt-svc: h3=":443"; ma=60\r\n')
  expect(answer).toContain('\r\nX-Kept: 1\r\n')
  expect(answer).toMatch(/\r\n\r\nmain$/)
})

async function canary(sticky: object | null): Promise<Traffic> {
  const [stable, next] = [await aServer('stable'), await aServer('canary')]
  const shares = [
    { pool: 'stable', weight: 50 },
    { pool: 'canary', weight: 50 },
  ]
  return gateway({
    servers: [stable.port],
    pools: { stable: [stable.port], canary: [next.port] },
    rules: [{ match: {}, action: { kind: 'split', shares, sticky } as RuleSpec['action'] }],
  })
}

const bodyOf = (answer: string) => answer.split('\r\n\r\n')[1]

test('a split by cookie gives each client a pool, and the client stays there', async () => {
  const client = await dial(await canary({ by: 'cookie', name: 'pick', lifetimeMs: 60_000 }))
  const first = await ask(client, 'GET / HTTP/1.1\r\nHost: a')
  const cookie = /^set-cookie: (pick=[0-9a-f]{16}); Path=\/; Max-Age=60; HttpOnly; SameSite=Lax$/im.exec(
    first,
  )
  expect(cookie).not.toBeNull()
  const seen = new Set<string | undefined>()
  for (let key = 0; key < 40; key++) {
    const named = `pick=${key.toString(16).padStart(16, '0')}`
    const [once, twice] = [
      await ask(client, `GET / HTTP/1.1\r\nHost: a\r\nCookie: a=b; ${named}`),
      await ask(client, `GET / HTTP/1.1\r\nHost: a\r\nCookie: ${named}`),
    ]
    expect(bodyOf(once)).toBe(bodyOf(twice))
    expect(once).not.toMatch(/set-cookie/i)
    seen.add(bodyOf(once))
  }
  expect(seen).toEqual(new Set(['stable', 'canary']))
  const again = await ask(client, `GET / HTTP/1.1\r\nHost: a\r\nCookie: ${cookie![1]}`)
  expect(bodyOf(again)).toBe(bodyOf(first))
  expect(await ask(client, 'GET / HTTP/1.1\r\nHost: a\r\nCookie: pick=mine')).toMatch(/^set-cookie: pick=/im)
})

test('a split by source needs no cookie, one without either is by chance', async () => {
  const bySource = await dial(await canary({ by: 'source' }))
  const first = await ask(bySource, 'GET / HTTP/1.1\r\nHost: a')
  expect(first).not.toMatch(/set-cookie/i)
  for (let nth = 0; nth < 5; nth++) {
    expect(bodyOf(await ask(bySource, 'GET / HTTP/1.1\r\nHost: a'))).toBe(bodyOf(first))
  }
  // The chance of these tests is 0.5 each time: behind the first half.
  const byChance = await dial(await canary(null))
  expect(bodyOf(await ask(byChance, 'GET / HTTP/1.1\r\nHost: a'))).toBe('canary')
})

test('each class of traffic is spread by an algorithm of its own, counted apart and named in the log', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-'))
  const named = (name: string) => answering((head) => (head.startsWith('GET /hold') ? '' : answerOf(name)))
  const servers = [(await serve(named('a'))).port, (await serve(named('b'))).port]
  const rule = (path: string, more: Partial<RuleSpec>): RuleSpec => ({
    match: { path },
    action: TO_MAIN,
    ...more,
  })
  const traffic = await gateway({
    servers,
    accessLog: join(folder, 'log'),
    rules: [
      rule('/files/*', { spread: { algorithm: 'round-robin', hash: null }, class: 'downloads' }),
      rule('/api/*', { spread: { algorithm: 'least-connections', hash: null }, class: 'api' }),
      rule('/*', {}),
    ],
  })
  // One of them is busy with this for the rest of the test.
  const holding = await dial(traffic)
  holding.send('GET /hold HTTP/1.1\r\nHost: a\r\n\r\n')
  await until(
    () => traffic.gauges().serverInFlight === 1,
    () => 'a held request',
  )
  const busy = traffic.reader.serverInFlight(0) === 1 ? 'a' : 'b'
  const client = await dial(traffic)
  const picked: Record<string, string[]> = { files: [], api: [] }
  for (let nth = 0; nth < 6; nth++) {
    for (const [name, path] of [
      ['files', '/files/x'],
      ['api', '/api/x'],
      ['api', '/api/y'],
    ] as const) {
      picked[name]!.push(bodyOf(await ask(client, `GET ${path} HTTP/1.1\r\nHost: a`))!)
    }
  }
  const other = busy === 'a' ? 'b' : 'a'
  expect(new Set(picked.api)).toEqual(new Set([other]))
  const [first, second] = picked.files as [string, string]
  expect(first).not.toBe(second)
  expect(picked.files).toEqual([first, second, first, second, first, second])
  const { reader } = traffic
  expect([reader.trafficClass(0, CLASS.requests), reader.trafficClass(1, CLASS.requests)]).toEqual([6, 12])
  expect(reader.trafficClass(1, CLASS.errors)).toBe(0)
  expect(reader.trafficClass(1, CLASS.sentToClients)).toBeGreaterThan(12 * answerOf('a').length)
  expect(reader.trafficClass(1, CLASS.sumMs)).toBeGreaterThan(0)
  await traffic.server.context.accessLog!.close()
  const lines = readFileSync(join(folder, 'log'), 'utf8').trim().split('\n')
  expect(lines.map((line) => (JSON.parse(line) as { class: string }).class).slice(0, 3)).toEqual([
    'downloads',
    'api',
    'api',
  ])
  rmSync(folder, { recursive: true })
})

test('an answer that the gateway gives counts in its class, and 5xx as an error', async () => {
  const { client, traffic } = await behind([
    { match: { path: '/gone' }, action: { kind: 'respond', status: 503, body: '', type: '' }, class: 'api' },
    { match: {}, action: { kind: 'respond', status: 204, body: '', type: '' }, class: 'api' },
  ])
  await ask(client, 'GET /gone HTTP/1.1\r\nHost: a')
  await ask(client, 'GET /x HTTP/1.1\r\nHost: a')
  expect(traffic.reader.trafficClass(0, CLASS.requests)).toBe(2)
  expect(traffic.reader.trafficClass(0, CLASS.errors)).toBe(1)
})

test('the hybrid strategy: downloads in turn, API calls by their path, the rest in turn by weight', async () => {
  const servers = [(await aServer('a')).port, (await aServer('b')).port, (await aServer('c')).port]
  const spread = (algorithm: Algorithm) => ({ algorithm, hash: null })
  const traffic = await gateway({
    servers,
    rules: [
      { match: { path: '/files/*' }, action: TO_MAIN, spread: spread('round-robin') },
      { match: { types: ['application/json'] }, action: TO_MAIN, spread: spread('uri-hash') },
      { match: {}, action: TO_MAIN },
    ],
  })
  traffic.weights.set(2, 300)
  traffic.weights.publish()
  const client = await dial(traffic)
  const seen: Record<string, string[]> = { files: [], api: [], rest: [] }
  for (let nth = 0; nth < 30; nth++) {
    const of = async (request: string) => bodyOf(await ask(client, `${request}\r\nHost: a`))!
    seen.files!.push(await of('GET /files/x HTTP/1.1'))
    seen.api!.push(await of(`GET /orders/${nth % 3} HTTP/1.1\r\nContent-Type: application/json`))
    seen.rest!.push(await of('GET /page HTTP/1.1'))
  }
  const counts = (names: readonly string[]) =>
    ['a', 'b', 'c'].map((name) => names.filter((one) => one === name).length)
  // Weights are those of the pool; what the other classes do in between moves nobody's turn.
  expect(counts(seen.rest!)).toEqual([6, 6, 18])
  expect(counts(seen.files!)).toEqual([6, 6, 18])
  for (const path of [0, 1, 2]) {
    expect(new Set(seen.api!.filter((_, nth) => nth % 3 === path)).size).toBe(1)
  }
})
