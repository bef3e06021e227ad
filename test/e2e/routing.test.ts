import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { systemClock } from '../../src/app/clock.ts'
import { localApi } from '../../src/app/terminal.ts'
import { loadSettings } from '../../src/config/load.ts'
import type { BalancerSpec } from '../../src/core/balancer.ts'
import { openGateway } from '../../src/drivers/gateway/open.ts'
import { controlPathFor } from '../../src/drivers/gateway/path.ts'
import { Load } from '../kit/load.ts'
import { Tidegate } from '../kit/tidegate.ts'

const GUIDE = readFileSync(new URL('../../docs/guides/routing.md', import.meta.url), 'utf8')
const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

interface Seen {
  readonly server: string
  readonly target: string
  readonly headers: IncomingHttpHeaders
}

/** A server that tells what it was asked. */
async function echo(name: string, seen: Seen[] = []): Promise<string> {
  const server = createServer((request, response) => {
    const told: Seen = { server: name, target: request.url ?? '', headers: request.headers }
    seen.push(told)
    request.resume()
    request.on('end', () => {
      response.writeHead(200, { 'x-server': name, server: 'echo', 'x-powered-by': 'node' })
      response.end(JSON.stringify(told))
    })
  })
  servers.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

interface Answer {
  readonly status: number
  readonly headers: string
  readonly body: string
  /** What the server was asked; empty when none was. */
  readonly told: Partial<Seen>
}

const run = promisify(execFile)

async function curl(url: string, ...args: string[]): Promise<Answer> {
  const { stdout } = await run('curl', ['-s', '-i', '--path-as-is', ...args, url])
  const at = stdout.indexOf('\r\n\r\n')
  const body = stdout.slice(at + 4)
  return {
    status: Number(/^HTTP\/\S+ (\d+)/.exec(stdout)?.[1] ?? 0),
    headers: stdout.slice(0, at),
    body,
    told: body.startsWith('{') ? (JSON.parse(body) as Seen) : {},
  }
}

/** The file of the guide, with servers that are there. */
async function guide(shadow: Seen[]): Promise<string> {
  const names = ['app-1', 'app-2', 'files', 'next']
  const addresses = await Promise.all(names.map((name) => echo(name, name === 'next' ? shadow : [])))
  const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(GUIDE) ?? []
  return addresses
    .reduce((text, address, at) => text.replace(`127.0.0.1:300${at + 1}`, address), yaml)
    .replace('":8080"', '"127.0.0.1:0"')
}

async function started(tidegate: Tidegate, pools: readonly string[]): Promise<string> {
  tidegate.start()
  for (const pool of pools)
    await tidegate.until(`healthy members of ${pool}`, async () =>
      (await tidegate.pool(pool))?.members.every(({ state }) => state === 'healthy'),
    )
  return tidegate.url()
}

test('every rule of the guide does what the guide says', async () => {
  const shadow: Seen[] = []
  await using tidegate = new Tidegate(await guide(shadow))
  const url = await started(tidegate, ['app', 'files', 'next'])
  const at = (path: string, ...args: string[]) => curl(url + path.slice(1), ...args)

  expect(await at('/robots.txt')).toMatchObject({ status: 200, body: 'User-agent: *' })
  expect((await at('/robots.txt')).headers).toContain('content-type: text/plain; charset=utf-8')
  const moved = await at('/a?b=c', '-H', 'Host: Example.org')
  expect(moved.status).toBe(308)
  expect(moved.headers).toContain('location: https://www.example.org/a?b=c')

  expect(await at('/admin/x')).toMatchObject({ status: 403, body: 'not from here' })
  const office = await at('/admin/x', '-H', 'X-Forwarded-For: 198.51.100.9, 192.0.2.7')
  expect(office.told.server).toMatch(/^app-/)
  expect(office.told.headers?.['x-forwarded-for']).toBe('198.51.100.9, 192.0.2.7, 127.0.0.1')
  expect((await at('/admin/x', '-H', 'X-Forwarded-For: 192.0.2.7, 198.51.100.9')).status).toBe(403)

  const file = await at('/files/a')
  expect(file.told.server).toBe('files')
  expect(file.headers).toContain('cache-control: max-age=3600')
  expect(file.headers).not.toMatch(/^(server|x-powered-by):/im)
  const upload = async (type: string, ...more: string[]) =>
    (await at('/upload', '-H', `Content-Type: ${type}`, '--data', 'x', ...more)).told.server
  expect(await upload('image/png')).toBe('files')
  expect(await upload('text/plain')).toMatch(/^(app-|next)/)
  expect(await upload('image/png', '-H', 'Transfer-Encoding: chunked')).toMatch(/^(app-|next)/)

  for (let nth = 0; nth < 40; nth++) {
    const api = await at(`/api/orders?id=${nth}`, '-H', 'Host: shop', '-H', 'X-Debug: 1')
    expect(api.told).toMatchObject({ server: expect.stringMatching(/^app-/), target: `/v1/orders?id=${nth}` })
    expect(api.told.headers).toMatchObject({ 'x-asked-for': 'shop/api/orders', 'x-client': '127.0.0.1' })
    expect(api.told.headers).not.toHaveProperty('x-debug')
  }
  // One in 2^39 runs has none or all of them.
  const copies = () => shadow.filter(({ target }) => target.startsWith('/v1/orders?id='))
  await tidegate.until('copies', () => copies().length > 0)
  expect(copies().length).toBeLessThan(40)

  // Rules are the same whatever HTTP their client speaks.
  const second = (path: string, ...args: string[]) => at(path, '--http2-prior-knowledge', ...args)
  const moved2 = await second('/a?b=c', '-H', 'Host: example.org')
  expect(moved2.status).toBe(308)
  expect(moved2.headers).toContain('location: https://www.example.org/a?b=c')
  const api = await second('/api/orders?id=two', '-H', 'Host: shop', '--data', 'x'.repeat(1000))
  expect(api.headers).toMatch(/^HTTP\/2 200/)
  expect(api.told).toMatchObject({
    target: '/v1/orders?id=two',
    headers: { 'x-asked-for': 'shop/api/orders' },
  })
  expect((await second('/files/a')).headers).toContain('cache-control: max-age=3600')

  expect((await at('/', '-H', 'X-Beta: 1', '-H', 'Accept: text/html')).told.server).toBe('next')
  expect((await at('/', '-H', 'Cookie: a=b; beta=yes')).told.server).toBe('next')
  expect((await at('/?a&version=%32')).told.server).toBe('next')
  expect((await at('/u/12?x')).told.target).toBe('/users/12?x')

  const canary = await at('/')
  expect(canary.headers).toContain('alt-svc: h3=":443"; ma=86400')
  const cookie = /^set-cookie: (tidegate-split=[0-9a-f]{16});/im.exec(canary.headers)?.[1] ?? ''
  const again = await Promise.all(Array.from({ length: 6 }, () => at('/', '-b', cookie)))
  expect(new Set(again.map(({ told }) => told.server?.slice(0, 3)))).toEqual(
    new Set([canary.told.server?.slice(0, 3)]),
  )

  const metrics = await tidegate.until('metrics', async () => {
    const api = localApi(tidegate.stateDir)!
    const page = await fetch(`${api.url}/metrics`, { headers: { authorization: `Bearer ${api.token}` } })
    const text = await page.text()
    return text.includes('tidegate_class_requests_total{class="api"} 41') ? text : null
  })
  expect(metrics).toMatch(/tidegate_class_errors_total\{class="api"\} 0/)
  expect(metrics).toMatch(/tidegate_class_requests_total\{class="downloads"\} 2/)
})

const RULES = [
  'rules: [ { match: { path: /* }, split: { pools: { one: 1, two: 3 }, sticky: cookie } } ]',
  'rules: [ { match: { method: [GET] }, pool: one, response: { add: { x-a: b } } } ], pool: two',
  'rules: [ { match: { path-regex: "^/" }, rewrite: { prefix: /, to: /x }, pool: two, class: all } ]',
  'rules: [ { match: { host: no.example }, respond: {} } ], pool: one, trusted-proxies: 127.0.0.1',
  'rules: [ { split: { pools: { one: 5, two: 0 } }, mirror: { pool: two, share: 50% }, algorithm: random-two } ]',
]

test('rules that change twenty times a second lose no request', async () => {
  const [one, two] = [await echo('one'), await echo('two')]
  const yaml = (rules: string) => `
gateway: { workers: 2 }
listeners:
  web: { bind: "127.0.0.1:0", ${rules} }
pools:
  one: { servers: [ { address: "${one}" } ] }
  two: { servers: [ { address: "${two}" } ] }
`
  await using tidegate = new Tidegate(yaml(RULES[0]!))
  const url = await started(tidegate, ['one', 'two'])
  const specs: BalancerSpec[] = []
  for (const rules of RULES) {
    tidegate.write(yaml(rules), '')
    const loaded = await loadSettings(tidegate.file, process.env, Date.now())
    expect(loaded.ok ? [] : loaded.problems).toEqual([])
    if (loaded.ok) specs.push(loaded.settings.balancer)
  }
  const { epoch } = (await tidegate.gatewayStatus())!
  const gateway = openGateway(controlPathFor(tidegate.stateDir), epoch, systemClock())
  const load = new Load(url, 200)
  for (let change = 0; change < 60; change++) {
    await Promise.all([
      gateway.balancer.configure(specs[change % specs.length]!, AbortSignal.timeout(10_000)),
      sleep(50),
    ])
  }
  const { failed, byServer } = await load.stop()
  gateway.close()
  expect(failed).toEqual([])
  expect([...byServer.keys()].sort()).toEqual(['one', 'two'])
})
