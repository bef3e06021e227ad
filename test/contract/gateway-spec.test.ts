import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { BalancerSpec, PoolSpec } from '../../src/core/balancer.ts'
import { aListener, TestGateway } from '../kit/gateway.ts'
import { answering, cleanUp, GET, HELLO, RawClient, serve, until } from '../kit/traffic.ts'
import { aBalancerSpec, aPoolSpec } from './balancer.ts'

/** What only a whole gateway does: its main thread makes the workers' snapshot out of the specification. */

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
  await cleanUp()
})

/** A gateway with a listener before these servers, which all serve, checked or not; and what it answers. */
async function whole(servers: readonly number[], over: Partial<BalancerSpec>, pool: Partial<PoolSpec> = {}) {
  const gateway = await TestGateway.start()
  ends.push(() => gateway.close())
  const members = servers.map((port) => ({ id: `${port}`, address: `127.0.0.1:${port}`, weight: 100 }))
  const { signal } = new AbortController()
  await gateway.driver.balancer.configure(
    {
      ...aBalancerSpec([{ ...aPoolSpec('api', members), ...pool }]),
      listeners: [aListener('web', 'api')],
      panicRatio: 1,
      ...over,
    },
    signal,
  )
  const { port } = (await gateway.driver.balancer.status(signal)).bound.web!
  return async (head = GET) => {
    const client = await RawClient.open(port)
    const heard = await client.send(head).hears('hello')
    client.socket.destroy()
    return heard
  }
}

const TRACEPARENT = /\r\ntraceparent: 00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]\r\n/i

test('a request of no trace begins one where the gateway makes traces, and nowhere else', async () => {
  const heads: string[] = []
  const server = await serve(
    answering((head) => {
      if (!head.includes('/health')) heads.push(head)
      return HELLO
    }),
  )
  await (await whole([server.port], { makesTraces: true }))()
  await (await whole([server.port], {}))()
  expect(heads[0]).toMatch(TRACEPARENT)
  expect(heads[1]).not.toMatch(/traceparent/i)
})

test('the access log is in the format of the specification', async () => {
  const server = await serve(answering(() => HELLO))
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-'))
  ends.push(() => rmSync(folder, { recursive: true }))
  const lines = async (format: 'json' | 'combined') => {
    const path = join(folder, `${format}.log`)
    await (await whole([server.port], { accessLog: { path, format } }))()
    await until(
      () => existsSync(path) && readFileSync(path, 'utf8').endsWith('\n'),
      () => 'a line',
    )
    return readFileSync(path, 'utf8')
  }
  expect(await lines('combined')).toMatch(/^127\.0\.0\.1 - - \[.+\] "GET \/ HTTP\/1\.1" 200 \d+ "-" "-"\n$/)
  expect(JSON.parse(await lines('json'))).toMatchObject({ method: 'GET', path: '/', status: 200 })
})

test('gateways of one secret know the sessions of each other, those of another do not', async () => {
  const servers = await Promise.all(
    Array.from({ length: 4 }, (_, at) =>
      serve(answering(() => `HTTP/1.1 200 OK\r\nContent-Length: 7\r\nX-Server: ${at}\r\n\r\nhello${at}!`)),
    ),
  )
  const ports = servers.map(({ port }) => port)
  const affinity = (secret: string) => ({ affinity: { cookie: 'SID', lifetimeMs: 3_600_000, secret } })
  const first = await whole(ports, {}, affinity('sixteen-letters-'))
  const second = await whole(ports, {}, affinity('sixteen-letters-'))
  const stranger = await whole(ports, {}, affinity('other-sixteen-letters'))
  const heard = await first()
  const [, cookie] = /Set-Cookie: (SID=[\w-]+)/.exec(heard)!
  const [, server] = /X-Server: (\d)/.exec(heard)!
  const again = `GET / HTTP/1.1\r\nHost: a\r\nCookie: ${cookie}\r\n\r\n`
  for (let n = 0; n < 6; n++) {
    const known = await second(again)
    expect(known).toContain(`X-Server: ${server}\r\n`)
    expect(known).not.toContain('Set-Cookie')
  }
  expect(await stranger(again)).toContain('Set-Cookie: SID=')
})

test('a member changes its state after as many checks as its pool says', async () => {
  let healthy = true
  const server = await serve(
    answering(() => `HTTP/1.1 ${healthy ? '200 OK' : '500 No'}\r\nContent-Length: 0\r\n\r\n`),
  )
  const gateway = await TestGateway.start()
  ends.push(() => gateway.close())
  const { signal } = new AbortController()
  const pool = aPoolSpec('api', [{ id: 'a', address: `127.0.0.1:${server.port}`, weight: 100 }])
  const health = { ...pool.health, unhealthy: 5, healthy: 4 }
  await gateway.driver.balancer.configure(aBalancerSpec([{ ...pool, health }]), signal)
  /** How many of its last checks were alike when it was seen in this state first. */
  const checksUntil = async (state: string) => {
    for (;;) {
      const [member] = await gateway.driver.balancer.members('api', signal)
      const probes = member!.probes.map(({ ok }) => ok)
      if (member!.state === state) return probes.length - 1 - probes.lastIndexOf(!probes.at(-1))
      await new Promise((done) => setTimeout(done, 10))
    }
  }
  await checksUntil('healthy')
  healthy = false
  expect(await checksUntil('unhealthy')).toBeGreaterThanOrEqual(5)
  healthy = true
  expect(await checksUntil('healthy')).toBeGreaterThanOrEqual(4)
})
