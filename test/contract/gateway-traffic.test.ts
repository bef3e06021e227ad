import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  createServer,
  get,
  type IncomingMessage,
  type RequestListener,
  request,
  type Server,
} from 'node:http'
import { connect } from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { hashText, mix } from '../../src/balancing/hash.ts'
import type { RuleSpec } from '../../src/core/rule.ts'
import type { CompressSpec } from '../../src/core/traffic.ts'
import { atRest, cleanUp, dial, gateway, serve, type Traffic, until } from '../kit/traffic.ts'

const servers: Server[] = []

afterEach(async () => {
  await cleanUp()
  for (const server of servers.splice(0)) server.close()
})

const TO_MAIN = { match: {}, action: { kind: 'pool' as const, pool: 'main' } }

async function behind(rule: Partial<RuleSpec>, answer: RequestListener): Promise<Traffic> {
  const server = createServer(answer)
  servers.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const rules = [{ ...TO_MAIN, ...rule }]
  return gateway({ servers: [port], rules })
}

interface Heard {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
  readonly isWhole: boolean
}

function ask(
  traffic: Traffic,
  headers: Record<string, string> = {},
  about: { method?: string; path?: string } = {},
) {
  return new Promise<Heard>((resolve, reject) => {
    get({ host: '127.0.0.1', port: traffic.port, agent: false, headers, ...about }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', () => {})
      response.on('close', () => {
        const { statusCode = 0, headers: heard, complete } = response
        resolve({ status: statusCode, headers: heard, body: Buffer.concat(parts), isWhole: complete })
      })
    }).on('error', reject)
  })
}

const TEXT = 'The tide comes and goes. '.repeat(2000)
const COMPRESS: CompressSpec = { encodings: ['zstd', 'br', 'gzip'], leastBytes: 1024, types: ['text/*'] }

test('requests beyond the rate are 429, and every answer tells what is left', async () => {
  const key = { by: 'header' as const, name: 'x-user' }
  const traffic = await behind({ rateLimit: { requests: 1, perMs: 60_000, burst: 2, key } }, (_, response) =>
    response.end('ok'),
  )
  const statuses: number[] = []
  for (let n = 0; n < 4; n++) statuses.push((await ask(traffic, { 'x-user': 'a' })).status)
  expect(statuses).toEqual([200, 200, 200, 429])
  const refused = await ask(traffic, { 'x-user': 'a' })
  expect(refused.headers).toMatchObject({ 'retry-after': expect.stringMatching(/^\d+$/) })
  expect(refused.headers.ratelimit).toMatch(/^"rule";r=0;t=\d+$/)
  const other = await ask(traffic, { 'x-user': 'b' })
  expect(other.status).toBe(200)
  expect(other.headers.ratelimit).toMatch(/^"rule";r=2;t=\d+$/)
  expect(other.headers['ratelimit-policy']).toBe('"rule";q=1;w=60')
})

test('nobody gets rid of a count by names that a hash without a key would put in one place', async () => {
  const key = { by: 'header' as const, name: 'x-user' }
  const rule = { rateLimit: { requests: 1, perMs: 60_000, burst: 0, key } }
  const salt = hashText(JSON.stringify({ ...TO_MAIN, ...rule }))
  const placeOf = (name: string) => mix(hashText(name) ^ salt) % 8192
  const place = placeOf('victim')
  const names: string[] = []
  for (let nth = 0; names.length < 8; nth++) if (placeOf(`${nth}`) === place) names.push(`${nth}`)
  const traffic = await behind(rule, (_, response) => response.end('ok'))
  const statuses: number[] = []
  for (const name of ['victim', ...names, 'victim']) {
    statuses.push((await ask(traffic, { 'x-user': name })).status)
  }
  expect(statuses).toEqual([...Array(9).fill(200), 429])
})

test('requests beyond the concurrency wait their turn, those beyond the queue are refused', async () => {
  const waiting: (() => void)[] = []
  const traffic = await behind({ concurrency: { requests: 1, queue: 2, waitMs: 10_000 } }, (_, response) => {
    waiting.push(() => response.end('ok'))
  })
  const asked = Array.from({ length: 4 }, () => ask(traffic))
  expect((await Promise.race(asked)).status).toBe(503)
  for (let answered = 0; answered < 3; answered++) {
    await until(
      () => waiting.length === 1,
      () => 'the next request alone at the server',
    )
    waiting.shift()!()
  }
  expect((await Promise.all(asked)).map(({ status }) => status).sort()).toEqual([200, 200, 200, 503])
  await atRest(traffic)
})

test('who waits too long is refused, and who leaves gives up the place', async () => {
  const waiting: (() => void)[] = []
  const traffic = await behind({ concurrency: { requests: 1, queue: 1, waitMs: 100 } }, (_, response) => {
    waiting.push(() => response.end('ok'))
  })
  const first = ask(traffic)
  await until(
    () => waiting.length === 1,
    () => 'the first request at the server',
  )
  const leaving = request({ host: '127.0.0.1', port: traffic.port, agent: false }).on('error', () => {})
  leaving.end()
  await until(
    () => traffic.reader.listenerConnections(0) === 2,
    () => 'two clients',
  )
  leaving.destroy()
  await until(
    () => traffic.reader.listenerConnections(0) === 1,
    () => 'one client',
  )
  expect((await ask(traffic)).status).toBe(503)
  waiting.shift()!()
  expect((await first).status).toBe(200)
  await atRest(traffic)
})

test.each([
  ['gzip', gunzipSync],
  ['br', brotliDecompressSync],
  ['zstd', zstdDecompressSync],
] as const)('answers are compressed with %s where the client takes it', async (encoding, decompress) => {
  const traffic = await behind({ compress: COMPRESS }, (_, response) => {
    response.writeHead(200, {
      'content-type': 'text/plain; charset=utf-8',
      etag: '"1"',
      'accept-ranges': 'bytes',
    })
    response.end(TEXT)
  })
  const heard = await ask(traffic, { 'accept-encoding': encoding })
  expect(heard.headers).toMatchObject({
    'content-encoding': encoding,
    etag: 'W/"1"',
    vary: 'Accept-Encoding',
  })
  expect(heard.headers).not.toHaveProperty('accept-ranges')
  expect(heard.body.length).toBeLessThan(TEXT.length / 10)
  expect(decompress(heard.body).toString()).toBe(TEXT)
  const plain = await ask(traffic)
  expect(plain.headers).not.toHaveProperty('content-encoding')
  expect(plain.headers).toMatchObject({ etag: '"1"', vary: 'Accept-Encoding' })
  expect(plain.body.toString()).toBe(TEXT)
  const head = await ask(traffic, { 'accept-encoding': encoding }, { method: 'HEAD' })
  expect(head.headers.vary).toBe('Accept-Encoding')
  await atRest(traffic)
})

test.each<[string, RequestListener]>([
  [
    'too short',
    (_, response) =>
      response.writeHead(200, { 'content-type': 'text/plain', 'content-length': '5' }).end('short'),
  ],
  ['of another type', (_, response) => response.writeHead(200, { 'content-type': 'image/png' }).end(TEXT)],
  [
    'encoded already',
    (_, response) =>
      response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'x' }).end(TEXT),
  ],
  [
    'not to be changed',
    (_, response) =>
      response.writeHead(200, { 'content-type': 'text/plain', 'cache-control': 'no-transform' }).end(TEXT),
  ],
  ['a part', (_, response) => response.writeHead(206, { 'content-type': 'text/plain' }).end(TEXT)],
])('an answer that is %s stays as it is', async (_, answer) => {
  const traffic = await behind({ compress: COMPRESS }, answer)
  const heard = await ask(traffic, { 'accept-encoding': 'gzip' })
  expect(heard.headers['content-encoding']).not.toBe('gzip')
  expect(heard.body.length).toBeGreaterThan(0)
})

test('a stream of events is compressed without being held back', async () => {
  let push = (_: string) => {}
  const traffic = await behind({ compress: COMPRESS }, (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    push = (text) => response.write(text)
    push('data: one\n\n')
  })
  const parts: Buffer[] = []
  const heard = () => Buffer.concat(parts).length
  const asking = get(
    { host: '127.0.0.1', port: traffic.port, agent: false, headers: { 'accept-encoding': 'gzip' } },
    (response) => response.on('data', (part: Buffer) => parts.push(part)).on('error', () => {}),
  ).on('error', () => {})
  await until(
    () => heard() > 0,
    () => 'the first event',
  )
  const before = heard()
  push('data: two\n\n')
  await until(
    () => heard() > before,
    () => 'the second event',
  )
  asking.destroy()
  await atRest(traffic)
})

test('a client that leaves in the middle of a compressed answer leaves nothing behind', async () => {
  const traffic = await behind({ compress: { ...COMPRESS, types: ['application/*'] } }, (_, response) => {
    response.writeHead(200, { 'content-type': 'application/x' })
    const noise = randomBytes(64 * 1024)
    const more = () => {
      while (!response.destroyed && response.write(noise));
    }
    response.on('drain', more)
    more()
  })
  let heard = 0
  const asking = get(
    { host: '127.0.0.1', port: traffic.port, agent: false, headers: { 'accept-encoding': 'gzip' } },
    (response) =>
      response
        .on('data', (part: Buffer) => {
          heard += part.length
        })
        .on('error', () => {}),
  ).on('error', () => {})
  await until(
    () => heard > 1_000_000,
    () => 'a megabyte',
  )
  asking.destroy()
  await atRest(traffic)
})

test('bodies beyond the rule’s sizes are refused or broken off', async () => {
  const sizes = { requestBytes: 10, responseBytes: 100 }
  const traffic = await behind({ sizes }, (asked, response) => {
    asked.resume()
    if (asked.url === '/known') response.end('x'.repeat(101))
    else if (asked.url === '/unknown') {
      response.write('x'.repeat(60))
      setTimeout(() => response.end('x'.repeat(60)), 20)
    } else response.end('ok')
  })
  expect((await ask(traffic)).status).toBe(200)
  expect((await ask(traffic, {}, { path: '/known' })).status).toBe(502)
  const broken = await ask(traffic, {}, { path: '/unknown' })
  expect(broken).toMatchObject({ status: 200, isWhole: false })
  const send = (headers: Record<string, string>) =>
    new Promise<number>((resolve, reject) => {
      const asking = request({ host: '127.0.0.1', port: traffic.port, agent: false, method: 'POST', headers })
      asking.on('response', (response) => resolve(response.resume().statusCode ?? 0)).on('error', reject)
      asking.end('x'.repeat(11))
    })
  expect(await send({ 'content-length': '11' })).toBe(413)
  expect(await send({ 'transfer-encoding': 'chunked' })).toBe(413)
  await atRest(traffic)
})

test('a client that reads is not cut off because the compressor was full once', async () => {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' })
    response.write(randomBytes(200_000).toString('hex'))
    setTimeout(() => response.end('the end'), 1_500)
  })
  servers.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const rules = [{ match: {}, action: { kind: 'pool' as const, pool: 'main' }, compress: COMPRESS }]
  const traffic = await gateway({ servers: [port], rules, limits: { idleMs: 500 } })
  const heard = await ask(traffic, { 'accept-encoding': 'gzip' })
  expect(heard.isWhole).toBe(true)
  expect(gunzipSync(heard.body).toString().endsWith('the end')).toBe(true)
})

test('a client that does not read what is compressed for it is cut off, though its server is done', async () => {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' })
    response.end(randomBytes(100_000).toString('hex'))
  })
  servers.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const rules = [{ match: {}, action: { kind: 'pool' as const, pool: 'main' }, compress: COMPRESS }]
  const http2 = { streams: 100, resets: 100 }
  const traffic = await gateway({ servers: [port], rules, limits: { idleMs: 500 }, listener: { http2 } })
  const client = connect(`http://127.0.0.1:${traffic.port}`)
  client.on('error', () => {})
  const stream = client.request({ ':path': '/', 'accept-encoding': 'gzip' })
  stream.pause().on('error', () => {})
  // A window of 64 KiB is all that it takes.
  await new Promise((done) => stream.on('close', done))
  client.destroy()
})

test('what is left of an answer that broke off gets into nobody else\u2019s', async () => {
  let fine: Socket | null = null
  let broken: Socket | null = null
  const server = await serve((socket) =>
    socket.on('data', (chunk) => {
      if (String(chunk).startsWith('GET /fine')) fine = socket
      else broken = socket
    }),
  )
  const rules = [{ match: {}, action: { kind: 'pool' as const, pool: 'main' }, compress: COMPRESS }]
  const traffic = await gateway({ servers: [server.port], rules })
  const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n'
  for (let round = 0; round < 20; round++) {
    const [one, two] = [await dial(traffic), await dial(traffic)]
    one.send('GET /fine HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n')
    two.send('GET /broken HTTP/1.1\r\nHost: a\r\n\r\n')
    await until(
      () => fine !== null && broken !== null,
      () => 'both requests',
    )
    fine!.write(`${head}Content-Length: 40000\r\n\r\n${'x'.repeat(40_000)}`)
    broken!.write(`${head}Transfer-Encoding: chunked\r\n\r\n6\r\nsecret\r\nno chunk\r\n`)
    fine = broken = null
    expect(await one.hears('0\r\n\r\n')).not.toContain('secret')
    await two.hearsEnd()
  }
})
