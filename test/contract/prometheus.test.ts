import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer as createHttp, type RequestListener, request } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { type AddressInfo, createServer as createTcp, type Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Reading } from '../../src/core/metrics.ts'
import { openClient } from '../../src/drivers/prometheus/client.ts'
import { prometheus } from '../../src/drivers/prometheus/module.ts'
import { rangeQuery } from '../../src/drivers/prometheus/query.ts'
import { SILENT } from '../kit/gateway.ts'
import {
  Exporter,
  makeCertificate,
  noPrometheus,
  REAL_CLOCK,
  sourceConfig,
  TestPrometheus,
} from '../kit/prometheus.ts'
import { metricSourceContract } from './metric-source.ts'

const never = new AbortController().signal
const without = noPrometheus === null ? '' : ` (${noPrometheus} is not installed)`
/** bcrypt of `open sesame`. */
const HASH = '$2b$04$NgWmskLRXjILuiEO7zZ2O.TIZZWqXWS6VxBUByDrl5Zl/LHskkvwG'

const HOST = { clock: REAL_CLOCK, rng: Math.random, log: SILENT, installation: 'test', stateDir: '/nowhere' }

let stack = new AsyncDisposableStack()
afterEach(async () => {
  const over = stack
  stack = new AsyncDisposableStack()
  await over.disposeAsync()
})

/** One query, asked as a fleet's loop does: of a source that the configuration opens. */
async function reads(source: Record<string, unknown>, query: string): Promise<() => Promise<Reading>> {
  const config = sourceConfig({ every: '1s', timeout: '10s', ...source })
  const { metrics } = stack.use(await prometheus.open(config, { mine: query }, HOST))
  const asked = { metric: 'mine', fleet: 'api', pools: ['web', 'api'], servers: [] }
  return async () => (await metrics.read([asked], 5_000, never))[0]!
}

async function read(source: Record<string, unknown>, query = 'vector(7)'): Promise<Reading> {
  return (await reads(source, query))()
}

const is = (value: number) => ({ ok: true, sample: { value } })
const isNot = (why: string, detail: string) => ({ ok: false, why, detail: expect.stringContaining(detail) })

/** A server that a test makes, closed with the test. */
async function listening(server: Server): Promise<number> {
  const sockets = new Set<{ destroy(): void }>()
  server.on('connection', (socket) => sockets.add(socket))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  stack.defer(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((done) => server.close(done))
  })
  return (server.address() as AddressInfo).port
}

async function answering(listener: RequestListener): Promise<{ url: string }> {
  return { url: `http://127.0.0.1:${await listening(createHttp(listener))}` }
}

/** One for all: it takes seconds until a Prometheus scrapes for the first time. */
let exporter: Exporter
let server: TestPrometheus
beforeAll(async () => {
  if (noPrometheus !== null) return
  exporter = await Exporter.start()
  exporter.set('depth{queue="a"}', 5)
  exporter.set('depth{queue="b"}', 7)
  server = await TestPrometheus.start({ targets: { queue: exporter.address } })
  await server.until('count(depth)', (value) => value === 2)
})
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  await exporter?.[Symbol.asyncDispose]()
})

if (noPrometheus === null)
  metricSourceContract('prometheus', async () => {
    const series = `lag_${randomUUID().slice(0, 8)}`
    exporter.set(`${series}{fleet="api"}`, 12)
    const config = sourceConfig({ url: server.url, every: '1s' })
    const opened = await prometheus.open(config, { lag: `sum(${series}{fleet="$fleet"})` }, HOST)
    return {
      source: opened.metrics,
      query: { metric: 'lag', fleet: 'api', pools: ['api'], servers: ['a'] },
      now: Date.now,
      pass: () => sleep(20),
      lose: async () => exporter.remove(`${series}{fleet="api"}`),
      async close() {
        await opened[Symbol.asyncDispose]()
      },
    }
  })

describe.skipIf(noPrometheus !== null)(`a real Prometheus${without}`, () => {
  test('dates a sample by its own time, through whatever the query makes of it', async () => {
    const at = Date.now() - 90_000
    exporter.set('old', 3, at)
    await server.until('old', (value) => value === 3)
    for (const query of ['old', 'sum(old) * 2', 'avg_over_time(old[5m])', 'sum(old) / max(depth)'])
      expect(await read({ url: server.url }, query), query).toMatchObject({ ok: true, sample: { at } })
    const reading = await read({ url: server.url }, 'sum(depth)')
    expect(reading.ok && reading.sample.at).toBeGreaterThan(at)
  })

  test.each([
    ['sum(depth)', is(12)],
    ['scalar(max(depth))', is(7)],
    ['depth', isNot('no-data', '2 series, expected one')],
    ['depht', isNot('no-data', 'no series')],
    ['sum(depth) / 0', isNot('no-data', 'Infinity')],
    ['sum(depth', isNot('no-data', 'parse error')],
    ['depth[5m]', isNot('no-data', 'gives a matrix')],
  ])('takes one value and no other, and says why: %s', async (query, expected) => {
    expect(await read({ url: server.url }, query)).toMatchObject(expected)
  })

  test('gives the samples of a range, whole, for an import', async () => {
    await server.until('count_over_time(depth{queue="a"}[1m])', (count) => count >= 4)
    const { ask } = stack.adopt(openClient(sourceConfig({ url: server.url }), REAL_CLOCK), ({ close }) =>
      close(),
    )
    const toAt = Math.floor(Date.now() / 1000) * 1000
    const series = await rangeQuery(
      ask,
      { query: 'depth', fromAt: toAt - 600_000, toAt, stepMs: 1_000 },
      never,
    )
    expect(series.map(({ labels }) => labels.queue).sort()).toEqual(['a', 'b'])
    const { samples } = series.find(({ labels }) => labels.queue === 'b')!
    expect(samples.length).toBeGreaterThan(2)
    samples.forEach((sample, index) => {
      expect(sample).toEqual({ value: 7, at: samples[0]!.at + index * 1_000 })
    })
    const refused = rangeQuery(ask, { query: 'sum(', fromAt: 0, toAt: 1_000, stepMs: 1_000 }, never)
    await expect(refused).rejects.toMatchObject({ code: 'metrics.failed', source: 'user' })
  })

  test('is reached over TLS with a user and a password, and only so', async () => {
    const keys = stack.use(await TestPrometheus.start())
    const { cert, key } = makeCertificate(keys.folder, 'server')
    const other = makeCertificate(keys.folder, 'other')
    const web = `tls_server_config: { cert_file: ${cert}, key_file: ${key} }\nbasic_auth_users: { tide: "${HASH}" }\n`
    const server = stack.use(await TestPrometheus.start({ web }))
    const url = `https://127.0.0.1:${server.port}`
    const user = { user: 'tide', password: 'open sesame' }
    expect(await read({ url, ...user, tls: { ca: cert } })).toMatchObject(is(7))
    expect(await read({ url, ...user, tls: { insecure: true } })).toMatchObject(is(7))
    expect(await read({ url, ...user })).toMatchObject(isNot('unreachable', 'self-signed certificate'))
    expect(await read({ url, ...user, tls: { ca: other.cert } })).toMatchObject(
      isNot('unreachable', 'certificate'),
    )
    expect(await read({ url, ...user, password: 'x', tls: { ca: cert } })).toMatchObject(
      isNot('unreachable', 'refuses the credentials (HTTP 401)'),
    )
    expect(await read({ url, tls: { ca: cert } })).toMatchObject(isNot('unreachable', 'HTTP 401'))
    expect(await read({ url: url.replace('https', 'http'), ...user })).toMatchObject(
      isNot('unreachable', 'HTTP 400'),
    )
  })

  test('is reached through a proxy that wants a bearer token and a certificate of ours', async () => {
    const server = stack.use(await TestPrometheus.start())
    const { cert, key } = makeCertificate(server.folder, 'proxy')
    const mine = makeCertificate(server.folder, 'client')
    const proxy = createHttps(
      { cert: readFileSync(cert), key: readFileSync(key), ca: readFileSync(mine.cert), requestCert: true },
      (asked, answer) => {
        if (asked.headers.authorization !== 'Bearer t0ken') return void answer.writeHead(403).end()
        const path = asked.url!.replace('/behind', '')
        const passed = request(`${server.url}${path}`, { method: 'POST', headers: asked.headers }, (got) => {
          answer.writeHead(got.statusCode!, got.headers)
          got.pipe(answer)
        })
        asked.pipe(passed)
      },
    )
    const url = `https://127.0.0.1:${await listening(proxy)}/behind/`
    const tls = { ca: cert, cert: mine.cert, key: mine.key }
    expect(await read({ url, bearer: 't0ken', tls })).toMatchObject(is(7))
    expect(await read({ url, bearer: 'other', tls })).toMatchObject(isNot('unreachable', 'HTTP 403'))
    expect(await read({ url, bearer: 't0ken', tls: { ca: cert } })).toMatchObject({
      ok: false,
      why: 'unreachable',
    })
  })
})

describe('what is no Prometheus, or none any more', () => {
  test('nobody listens', async () => {
    const reading = await read({ url: 'http://127.0.0.1:9' })
    expect(reading).toMatchObject(isNot('unreachable', 'ECONNREFUSED'))
  })

  test('it takes the call and never answers', async () => {
    const port = await listening(createTcp(() => {}))
    const reading = await read({ url: `http://127.0.0.1:${port}`, timeout: '200ms' })
    expect(reading).toMatchObject(isNot('unreachable', 'no answer within 200ms'))
  })

  test('it begins its answer and never ends it', async () => {
    const source = await answering((_, response) => response.write('{"status":"success",'))
    expect(await read({ ...source, timeout: '200ms' })).toMatchObject(
      isNot('unreachable', 'no answer within 200ms'),
    )
  })

  test('its answer has no end', async () => {
    const source = await answering((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536, ' ')));
      }
      response.on('drain', more)
      more()
    })
    expect(await read(source)).toMatchObject(isNot('unreachable', 'larger than'))
  })

  test('it breaks off', async () => {
    const source = await answering((_, response) => {
      response.writeHead(200, { 'content-length': 1000 })
      response.write('{')
      setImmediate(() => response.destroy())
    })
    expect(await read(source)).toMatchObject({ ok: false, why: 'unreachable' })
  })

  test.each<[number, string, string]>([
    [302, '', 'sends elsewhere'],
    [200, '<html>', 'does not answer as a Prometheus does (HTTP 200): <html>'],
    [200, '{"status":"success","data":[]}', 'not in the form'],
    [502, 'Bad Gateway', 'HTTP 502'],
    [503, '{"status":"error","errorType":"unavailable","error":"TSDB not ready"}', 'TSDB not ready'],
  ])('it answers %s %s', async (status, text, detail) => {
    const source = await answering((_, response) =>
      response.writeHead(status, { location: 'http://127.0.0.1:9/' }).end(text),
    )
    expect(await read(source)).toMatchObject(isNot('unreachable', detail))
  })

  test('a certificate file that has gone', async () => {
    const server = stack.use(new TestPrometheus())
    server.write('ca.pem', 'not one')
    const again = await reads({ url: 'https://127.0.0.1:9', tls: { ca: server.path('ca.pem') } }, 'vector(1)')
    await server[Symbol.asyncDispose]()
    expect(await again()).toMatchObject(isNot('unreachable', 'ENOENT'))
  })
})
