import { once } from 'node:events'
import { Agent, createServer, get, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { PoolStats } from '../../src/core/control.ts'
import type { Reading } from '../../src/core/metrics.ts'
import { aListener, TestGateway } from '../kit/gateway.ts'
import { aBalancerSpec, aPoolSpec } from './balancer.ts'

const never = new AbortController().signal
/** One in ten answers takes this long, the others none of it. */
const SLOW_MS = 120
const BODY = Buffer.alloc(50_000, 'x')
const LINE_BPS = 1e9

let gateway: TestGateway
let server: Server
const agent = new Agent({ keepAlive: true, maxSockets: 10 })

beforeEach(async () => {
  gateway = await TestGateway.start()
  server = createServer((request, response) => {
    const nth = Number(request.url!.slice(1))
    response.statusCode = nth % 4 === 0 ? 500 : 200
    setTimeout(() => response.end(BODY), nth % 10 === 9 ? SLOW_MS : 0)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
})

afterEach(async () => {
  agent.destroy()
  server.closeAllConnections()
  server.close()
  await gateway.close()
})

async function serving(): Promise<number> {
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const pool = {
    ...aPoolSpec('api', [{ id: address, address, weight: 100 }]),
    health: { ...aPoolSpec('api').health, type: 'tcp' as const },
  }
  const spec = { ...aBalancerSpec([pool]), listeners: [aListener('web', 'api')], bandwidthBps: LINE_BPS }
  await gateway.driver.balancer.configure(spec, never)
  for (let round = 0; round < 500; round++) {
    const [member] = await gateway.driver.balancer.members('api', never)
    if (member?.state === 'healthy') return (await gateway.driver.status(never)).bound.web!.port
    await new Promise((done) => setTimeout(done, 20))
  }
  throw new Error('the member did not become healthy')
}

/** How long it took, in ms. */
function fetch(port: number, nth: number): Promise<number> {
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: `/${nth}`, agent }, (response) => {
      response.resume()
      response.on('end', () => resolve(performance.now() - startedAt))
      response.on('error', reject)
    }).on('error', reject)
  })
}

async function read(metrics: readonly string[], windowMs: number): Promise<readonly Reading[]> {
  const queries = metrics.map((metric) => ({ metric, fleet: 'f', pools: ['api'], servers: [] }))
  return gateway.driver.metrics.read(queries, windowMs, never)
}

/** The pool's counts once so many exchanges have ended: a client may have its answer before it is counted. */
async function ended(count: number): Promise<PoolStats> {
  for (;;) {
    const pool = (await gateway.driver.stats(60_000, never)).pools[0]!
    if (pool.ended >= count) return pool
    await new Promise((done) => setTimeout(done, 20))
  }
}

/** Why each has no sample, once the gateway has a window to speak of. */
async function whys(metrics: readonly string[]): Promise<readonly string[]> {
  for (let round = 0; round < 500; round++) {
    if ((await gateway.driver.stats(5_000, never)).windowMs > 0) break
    await new Promise((done) => setTimeout(done, 20))
  }
  return (await read(metrics, 5_000)).map((reading) => (reading.ok ? 'none' : reading.why))
}

function valueIn(reading: Reading | undefined): number {
  if (!reading?.ok) throw new Error(JSON.stringify(reading))
  return reading.sample.value
}

test('latencies, errors and bandwidth of real traffic are what the clients saw', async () => {
  const port = await serving()
  expect(await whys(['p99', 'error-rate'])).toEqual(['idle', 'idle'])

  const before = (await gateway.driver.stats(60_000, never)).pools[0]!
  const total = 200
  let longest = 0
  for (let nth = 0; nth < total; nth += 10) {
    const took = await Promise.all(Array.from({ length: 10 }, (_, one) => fetch(port, nth + one)))
    longest = Math.max(longest, ...took)
  }
  const after = await ended(before.ended + total)
  expect(after.ended - before.ended).toBe(total)
  expect(after.errors - before.errors).toBe(total / 4)
  const sent = after.sentToClients - before.sentToClients
  expect(sent).toBeGreaterThan(total * BODY.length)
  expect(sent, 'heads are short').toBeLessThan(total * (BODY.length + 500))

  // All of it lies within the longest window, however slow this machine is.
  const [p50, p99, errors, bandwidth, free] = await read(
    ['p50', 'p99', 'error-rate', 'bandwidth', 'bandwidth-free'],
    60_000,
  )
  const { windowMs } = await gateway.driver.stats(60_000, never)
  expect(valueIn(errors)).toBeCloseTo(0.25)
  // The gateway's time lies between the server's and the client's; a bucket is at most a quarter wide.
  expect(valueIn(p99)).toBeGreaterThan(SLOW_MS * 0.75)
  expect(valueIn(p99)).toBeLessThan(longest * 1.25)
  expect(valueIn(p50)).toBeLessThan(valueIn(p99))
  // The windows of two calls differ by what passed between them.
  expect(valueIn(bandwidth) / ((8_000 * sent) / windowMs)).toBeGreaterThan(0.5)
  expect(valueIn(bandwidth) / ((8_000 * sent) / windowMs)).toBeLessThan(2)
  expect(valueIn(free)).toBeCloseTo(LINE_BPS - valueIn(bandwidth), -5)
})
