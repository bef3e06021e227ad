import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, request, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { CacheSpec } from '../../src/core/cache.ts'
import type { RuleSpec } from '../../src/core/rule.ts'
import { LISTENER } from '../../src/gateway/lanes.ts'
import { atRest, cleanUp, gateway, type Traffic, until } from '../kit/traffic.ts'

const CACHE: CacheSpec = {
  memoryBytes: 1_000_000,
  largestBytes: 100_000,
  entries: 100,
  staleWhileRevalidateMs: 0,
  staleIfErrorMs: 0,
}
const servers: Server[] = []

afterEach(async () => {
  await cleanUp()
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

interface Behind {
  readonly traffic: Traffic
  /** What the server has been asked. */
  readonly asked: IncomingMessage[]
  readonly server: Server
}

async function behind(
  answer: RequestListener,
  cache: Partial<CacheSpec> = {},
  rule: Partial<RuleSpec> = {},
): Promise<Behind> {
  const asked: IncomingMessage[] = []
  const server = createServer({ keepAliveTimeout: 0 }, (message, response) => {
    asked.push(message)
    answer(message, response)
  })
  servers.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const action = { kind: 'pool' as const, pool: 'main' }
  const rules = [{ match: {}, action, cache: { ...CACHE, ...cache }, ...rule }]
  return {
    traffic: await gateway({
      servers: [port],
      rules,
      retries: 0,
      upstream: { idleMs: 200 },
      limits: { idleMs: 60_000 },
    }),
    asked,
    server,
  }
}

interface Heard {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

function ask(
  { traffic }: Behind,
  path = '/',
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const about = { host: '127.0.0.1', port: traffic.port, path, method, agent: false, headers } as const
    const sent = request({ ...about, headers: { host: 'www.example.org', ...headers } }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(parts).toString(),
        }),
      )
      response.on('error', reject)
    })
    sent.on('error', reject).end()
  })
}

const asks = (holds: () => boolean) => until(holds, () => 'the server to be asked')

const lasting: RequestListener = (message, response) => {
  response.setHeader('cache-control', 'max-age=60')
  response.setHeader('etag', '"1"')
  response.end(`of ${message.url}`)
}

test('a second request is answered from memory, with its age', async () => {
  const it = await behind(lasting)
  const first = await ask(it, '/a?b=c')
  expect(first).toMatchObject({ status: 200, body: 'of /a?b=c' })
  expect(first.headers['cache-status']).toBe('tidegate; fwd=uri-miss; stored')
  const second = await ask(it, '/a?b=c')
  expect(second).toMatchObject({ status: 200, body: 'of /a?b=c' })
  expect(second.headers).toMatchObject({ age: '0', etag: '"1"', 'cache-status': 'tidegate; hit' })
  expect(await ask(it, '/a?b=d')).toMatchObject({ body: 'of /a?b=d' })
  expect(it.asked.length).toBe(2)
  expect(it.traffic.reader.listener(0, LISTENER.cached)).toBe(1)
  await atRest(it.traffic)
})

test('what is too long is not kept, and not said to be; a miss by another Vary is told from one of the address', async () => {
  const it = await behind(
    (message, response) => {
      response.setHeader('cache-control', 'max-age=60')
      response.setHeader('vary', 'accept-language')
      response.end('x'.repeat(message.url === '/long' ? 3000 : 10))
    },
    { largestBytes: 2000 },
  )
  const statusOf = async (path: string, language: string) =>
    (await ask(it, path, { headers: { 'accept-language': language } })).headers['cache-status']
  expect(await statusOf('/long', 'en')).toBe('tidegate; fwd=uri-miss')
  expect(await statusOf('/', 'en')).toBe('tidegate; fwd=uri-miss; stored')
  expect(await statusOf('/', 'zh')).toBe('tidegate; fwd=vary-miss; stored')
  expect(await statusOf('/', 'zh')).toBe('tidegate; hit')
})

test('HEAD, a part, and the word that nothing has changed come from the same answer', async () => {
  const it = await behind(lasting)
  await ask(it)
  const head = await ask(it, '/', { method: 'HEAD' })
  expect(head).toMatchObject({ status: 200, body: '', headers: { 'content-length': '4' } })
  const part = await ask(it, '/', { headers: { range: 'bytes=1-2' } })
  expect(part).toMatchObject({ status: 206, body: 'f ', headers: { 'content-range': 'bytes 1-2/4' } })
  expect(await ask(it, '/', { headers: { range: 'bytes=9-' } })).toMatchObject({ status: 416 })
  const same = await ask(it, '/', { headers: { 'if-none-match': '"1"' } })
  expect(same).toMatchObject({ status: 304, body: '', headers: { etag: '"1"' } })
  expect(it.asked.length).toBe(1)
})

test('a stale answer is given again when its server says that it still holds', async () => {
  const it = await behind((message, response) => {
    response.setHeader('etag', '"1"').setHeader('cache-control', 'max-age=0')
    response.statusCode = message.headers['if-none-match'] === '"1"' ? 304 : 200
    response.end(response.statusCode === 304 ? undefined : 'once')
  })
  expect(await ask(it)).toMatchObject({ status: 200, body: 'once' })
  const again = await ask(it, '/', { headers: { 'if-none-match': '"0"', range: 'bytes=0-1' } })
  expect(again).toMatchObject({ status: 206, body: 'on' })
  expect(again.headers['cache-status']).toBe('tidegate; fwd=stale; fwd-status=304')
  expect(it.asked[1]?.headers['if-none-match']).toBe('"1"')
  expect(it.asked[1]?.headers.range).toBeUndefined()
  await atRest(it.traffic)
})

test('what is longer than it may be is given, and not kept', async () => {
  const long: RequestListener = (_, response) => {
    response.setHeader('cache-control', 'max-age=60')
    response.end('x'.repeat(100_001))
  }
  const it = await behind(long)
  expect((await ask(it)).body.length).toBe(100_001)
  expect((await ask(it)).body.length).toBe(100_001)
  expect(it.asked.length).toBe(2)
})

test('no more is kept than the rule may keep', async () => {
  const it = await behind(lasting, { entries: 1 })
  for (const path of ['/1', '/2', '/1']) await ask(it, path)
  expect(it.asked.length).toBe(3)
  const small = await behind(
    (_, response) => response.setHeader('cache-control', 'max-age=60').end('x'.repeat(90_000)),
    { memoryBytes: 100_000 },
  )
  for (const path of ['/1', '/2', '/1']) await ask(small, path)
  expect(small.asked.length).toBe(3)
})

test('a stale answer is given while its server is asked for a new one', async () => {
  let n = 0
  const count: RequestListener = (_, response) => {
    response.setHeader('cache-control', `max-age=${n === 0 ? 0 : 60}`).setHeader('etag', `"${n}"`)
    response.end(`${n++}`)
  }
  const it = await behind(count, { staleWhileRevalidateMs: 60_000 })
  expect((await ask(it)).body).toBe('0')
  expect((await ask(it)).body).toBe('0')
  await asks(() => it.asked.length === 2)
  await atRest(it.traffic)
  expect((await ask(it)).body).toBe('1')
  expect(it.asked.length).toBe(2)
  expect(it.asked[1]?.headers['if-none-match']).toBe('"0"')
  await atRest(it.traffic)
})

test('a stale answer is given when its server fails, or is gone', async () => {
  let status = 200
  const it = await behind(
    (_, response) => {
      response.statusCode = status
      response.setHeader('cache-control', 'max-age=0').setHeader('etag', '"1"')
      response.end(`${status}`)
    },
    { staleIfErrorMs: 60_000 },
  )
  expect(await ask(it)).toMatchObject({ status: 200, body: '200' })
  status = 503
  const failing = await ask(it)
  expect(failing).toMatchObject({ status: 200, body: '200' })
  expect(failing.headers['cache-status']).toBe('tidegate; hit; fwd=stale; fwd-status=503')
  it.server.close()
  it.server.closeAllConnections()
  expect(await ask(it)).toMatchObject({ status: 200, body: '200' })
  expect(await ask(it, '/other')).toMatchObject({ status: 503 })
  await atRest(it.traffic)
})

test('requests for the same wait for one answer', async () => {
  const waiting: (() => void)[] = []
  const it = await behind((message, response) => {
    waiting.push(() => lasting(message, response))
  })
  const all = Array.from({ length: 5 }, () => ask(it))
  await asks(() => waiting.length === 1)
  await new Promise((done) => setTimeout(done, 50))
  for (const go of waiting) go()
  expect((await Promise.all(all)).map(({ body }) => body)).toEqual(Array(5).fill('of /'))
  expect(it.asked.length).toBe(1)
  await atRest(it.traffic)
})

test('requests that waited for what is not kept ask for themselves', async () => {
  const waiting: (() => void)[] = []
  const it = await behind((_, response) => {
    waiting.push(() => response.setHeader('cache-control', 'private').end('mine'))
  })
  const all = Array.from({ length: 3 }, () => ask(it))
  await asks(() => waiting.length === 1)
  waiting[0]?.()
  await asks(() => waiting.length === 3)
  for (const go of waiting.slice(1)) go()
  expect((await Promise.all(all)).map(({ body }) => body)).toEqual(['mine', 'mine', 'mine'])
  await atRest(it.traffic)
})

test('those that waited for a request whose client left ask for themselves', async () => {
  const waiting: (() => void)[] = []
  const it = await behind((message, response) => {
    waiting.push(() => lasting(message, response))
  })
  const gone = request({ host: '127.0.0.1', port: it.traffic.port, headers: { host: 'www.example.org' } })
  gone.on('error', () => {})
  gone.end()
  await asks(() => waiting.length === 1)
  const left = ask(it)
  await new Promise((done) => setTimeout(done, 50))
  gone.destroy()
  await asks(() => waiting.length === 2)
  waiting[1]?.()
  expect((await left).body).toBe('of /')
  await atRest(it.traffic)
})

test('those that wait do not go at the pace of a client that does not read', async () => {
  const body = Buffer.alloc(16_000_000)
  const big: RequestListener = (_, response) => response.setHeader('cache-control', 'max-age=60').end(body)
  const it = await behind(big, { memoryBytes: 64_000_000, largestBytes: 32_000_000 })
  const idle = connect(it.traffic.port, '127.0.0.1').pause()
  idle.on('error', () => {})
  idle.write('GET / HTTP/1.1\r\nHost: www.example.org\r\n\r\n')
  await asks(() => it.asked.length === 1)
  expect((await ask(it)).body.length).toBe(body.length)
  expect(it.asked.length).toBe(2)
  idle.destroy()
  await atRest(it.traffic)
})

test('an unsafe request that succeeds makes the cache forget what it changed', async () => {
  const it = await behind(lasting)
  await ask(it, '/a')
  await ask(it, '/a', { method: 'POST' })
  await ask(it, '/a')
  expect(it.asked.map(({ method }) => method)).toEqual(['GET', 'POST', 'GET'])
})

test('it forgets on demand, and by address', async () => {
  const it = await behind(lasting)
  for (const path of ['/a', '/b/1', '/b/2']) await ask(it, path)
  const url = 'http://www.example.org'
  expect(it.traffic.server.purge({ kind: 'url', url: `${url}/a` })).toBe(1)
  expect(it.traffic.server.purge({ kind: 'prefix', url: `${url}/b/` })).toBe(2)
  expect(it.traffic.server.purge({ kind: 'everything' })).toBe(0)
  await ask(it, '/a')
  expect(it.asked.length).toBe(4)
})

test('what is kept survives new members, and not a new rule', async () => {
  const it = await behind(lasting)
  await ask(it)
  await it.traffic.apply(it.traffic.options.servers)
  await ask(it)
  expect(it.asked.length).toBe(1)
})

test('headers of the rule and compression are of what comes from memory too', async () => {
  const text = 'The tide comes and goes. '.repeat(200)
  const it = await behind(
    (_, response) => {
      response.setHeader('cache-control', 'max-age=60').setHeader('content-type', 'text/plain')
      response.end(text)
    },
    {},
    {
      compress: { encodings: ['gzip'], leastBytes: 100, types: ['text/*'] },
      response: { remove: [], set: [{ name: 'x-color', value: 'blue' }], add: [] },
    },
  )
  for (let n = 0; n < 2; n++) {
    const zipped = await ask(it, '/', { headers: { 'accept-encoding': 'gzip' } })
    expect(zipped.headers).toMatchObject({ 'content-encoding': 'gzip', 'x-color': 'blue' })
  }
  expect(await ask(it)).toMatchObject({ body: text, headers: { 'x-color': 'blue' } })
  expect(it.asked.length).toBe(1)
  await atRest(it.traffic)
})

test('only-if-cached is 504 where nothing is kept', async () => {
  const it = await behind(lasting)
  const only = { headers: { 'cache-control': 'only-if-cached' } }
  expect((await ask(it, '/', only)).status).toBe(504)
  await ask(it)
  expect((await ask(it, '/', only)).status).toBe(200)
  expect(it.asked.length).toBe(1)
})
