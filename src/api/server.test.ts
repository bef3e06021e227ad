import type { InjectOptions } from 'fastify'
import { afterEach, expect, test } from 'vitest'
import { aFleet, anEvent, apiTools, NOW, queriesOf, recordedOrders } from '../../test/kit/admin.ts'
import type { Queries } from '../core/admin.ts'
import { Fault } from '../core/fault.ts'
import { createApi, startApi } from './server.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const app of open.splice(0)) await app.close()
})

function api(over: Partial<Queries> = {}) {
  const { orders, given } = recordedOrders()
  const app = createApi({ queries: queriesOf(over), orders, ...apiTools() })
  open.push(app)
  const ask = (options: InjectOptions) =>
    app.inject({ ...options, headers: { host: 'localhost:9900', ...options.headers } })
  const write = (method: 'POST' | 'PUT', url: string, payload: object = {}) =>
    ask({ method, url, payload, headers: { 'x-tidegate-by': 'cli:ann' } })
  return { app, ask, write, orders, given }
}

test('lists pools and fleets as pages', async () => {
  const { ask } = api()
  const pools = await ask({ url: '/api/v1/pools' })
  expect(pools.json()).toMatchObject({
    items: [{ name: 'api', members: [{ id: 'api-1', p95Ms: 60 }] }],
    next: null,
  })
  expect((await ask({ url: '/api/v1/fleets' })).json().items[0]).toEqual(aFleet())
  expect((await ask({ url: '/api/v1/fleets/api' })).json()).toEqual(aFleet())
})

test('answers an unknown name with a problem that lists the known ones', async () => {
  const answer = await api().ask({ url: '/api/v1/pools/nope' })
  expect(answer.statusCode).toBe(404)
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
  expect(answer.json()).toEqual({
    type: 'urn:tidegate:fault:not-found',
    title: 'There is nothing of that name.',
    status: 404,
    detail: 'no pool is called "nope"; pools: api',
    code: 'not-found',
  })
})

test('an unknown path is a problem, too', async () => {
  expect((await api().ask({ url: '/api/v2/pools' })).json()).toMatchObject({ status: 404, code: 'not-found' })
})

test('hands decisions on with their limits and says where the next page starts', async () => {
  const asked: unknown[] = []
  const { ask } = api({
    decisions: async (query) => {
      asked.push(query)
      return queriesOf().decisions(query)
    },
  })
  const page = await ask({ url: '/api/v1/decisions?fleet=api&limit=1&before=9' })
  expect(asked).toEqual([{ fleet: 'api', limit: 1, beforeId: 9 }])
  expect(page.json()).toMatchObject({ items: [{ id: 7 }], next: 7 })
  expect((await ask({ url: '/api/v1/decisions?fleet=api' })).json().next).toBe(null)
})

test.each([
  ['/api/v1/decisions', 'fleet: expected text'],
  ['/api/v1/decisions?fleet=api&limit=0', 'limit: expected a whole number from 1 to 500'],
  ['/api/v1/decisions?fleet=api&limit=1e9', 'limit: expected a whole number from 1 to 500'],
  ['/api/v1/decisions?fleet=a&fleet=b', 'fleet: expected text'],
  ['/api/v1/decisions?fleet=api&limits=1', '"limits" is not known here; known: fleet, limit, before'],
  ['/api/v1/decisions?fleet=api&__proto__=1', '"__proto__" is not known here'],
])('refuses the query %s', async (url, detail) => {
  const answer = await api().ask({ url })
  expect(answer.statusCode).toBe(400)
  expect(answer.json().detail).toContain(detail)
})

test('lists events as JSON when asked for JSON', async () => {
  const { ask } = api(queriesOf({ journal: [anEvent(1), anEvent(2), anEvent(3)] }))
  const json = (url: string) => ask({ url, headers: { accept: 'application/json' } })
  expect((await json('/api/v1/events?limit=2')).json()).toEqual({
    items: [anEvent(2), anEvent(3)],
    next: null,
  })
  expect((await json('/api/v1/events?after=0&limit=2')).json()).toEqual({
    items: [anEvent(1), anEvent(2)],
    next: 2,
  })
})

test('a HEAD request opens no stream', async () => {
  expect((await api().ask({ method: 'HEAD', url: '/api/v1/events' })).statusCode).toBe(404)
})

test('every order reaches the controller with its arguments and its giver', async () => {
  const { write, given } = api()
  const member = '/api/v1/pools/api/members/10.0.0.7%3A8080'
  const answers = [
    await write('POST', `${member}/drain`),
    await write('POST', `${member}/ready`),
    await write('PUT', `${member}/weight`, { weight: 40, untilAt: NOW + 5 }),
    await write('POST', '/api/v1/fleets/api/pause', { direction: 'in' }),
    await write('POST', '/api/v1/fleets/api/pause'),
    await write('POST', '/api/v1/fleets/api/resume'),
    await write('POST', '/api/v1/fleets/api/replace'),
    await write('PUT', '/api/v1/fleets/api/desired', { desired: 5 }),
    await write('PUT', '/api/v1/fleets/api/desired', { desired: 5, untilAt: null }),
    await write('POST', '/api/v1/servers/api-1/drain'),
    await write('POST', '/api/v1/servers/api-1/ready'),
    await write('POST', '/api/v1/cache/purge', { kind: 'prefix', url: 'http://a/b' }),
    await write('POST', '/api/v1/cache/purge', { kind: 'everything' }),
    await write('POST', '/api/v1/canaries/web/abort'),
    await write('POST', '/api/v1/reload'),
    await write('PUT', '/api/v1/shadow', { file: '/next.yaml', text: 'fleets: {}' }),
    await write('POST', '/api/v1/shadow/stop'),
    await write('POST', '/api/v1/stop'),
  ]
  expect(answers.map(({ statusCode }) => statusCode)).toEqual(answers.map(() => 200))
  expect(given).toEqual([
    ['weigh', { pool: 'api', member: '10.0.0.7:8080', weight: 0, untilAt: null }, 'cli:ann'],
    ['weigh', { pool: 'api', member: '10.0.0.7:8080', weight: null, untilAt: null }, 'cli:ann'],
    ['weigh', { pool: 'api', member: '10.0.0.7:8080', weight: 40, untilAt: NOW + 5 }, 'cli:ann'],
    ['pause', 'api', 'in', 'cli:ann'],
    ['pause', 'api', 'both', 'cli:ann'],
    ['resume', 'api', 'cli:ann'],
    ['replace', 'api', 'cli:ann'],
    ['pin', 'api', 5, NOW + 3_600_000, 'cli:ann'],
    ['pin', 'api', 5, null, 'cli:ann'],
    ['drainServer', 'api-1', 'cli:ann'],
    ['readyServer', 'api-1', 'cli:ann'],
    ['purge', { kind: 'prefix', url: 'http://a/b' }, 'cli:ann'],
    ['purge', { kind: 'everything' }, 'cli:ann'],
    ['canary', 'web', 'abort', 'cli:ann'],
    ['reload', 'cli:ann'],
    ['startShadow', '/next.yaml', 'fleets: {}', 'cli:ann'],
    ['stopShadow', 'cli:ann'],
    ['stop', 'cli:ann'],
  ])
})

test.each([
  ['/api/v1/fleets/api/desired', {}, 'desired: expected a whole number'],
  ['/api/v1/fleets/api/desired', { desired: '5' }, 'desired: expected a whole number'],
  ['/api/v1/fleets/api/desired', { desired: -1 }, 'desired: expected a whole number'],
  ['/api/v1/fleets/api/desired', { desired: 1.5 }, 'desired: expected a whole number'],
  ['/api/v1/fleets/api/desired', { desired: 1, until: 3 }, '"until" is not known here'],
  [
    '/api/v1/pools/api/members/a/weight',
    { weight: 1001 },
    'weight: expected a whole number from 0 to 1000 or null',
  ],
  ['/api/v1/pools/api/members/a/weight', [], 'the body must be a JSON object'],
])('refuses PUT %s %j', async (url, body, detail) => {
  const { write, given } = api()
  const answer = await write('PUT', url, body)
  expect(answer.json()).toMatchObject({ status: 400, code: 'request.invalid' })
  expect(answer.json().detail).toContain(detail)
  expect(given).toEqual([])
})

test.each([
  [{ kind: 'url' }, 'url: expected an address'],
  [{ kind: 'url', url: '/a' }, 'url: expected an address'],
  [{ kind: 'all' }, 'kind: expected "url", "prefix", "everything"'],
])('refuses to make caches forget %j', async (body, detail) => {
  const { write, given } = api()
  expect((await write('POST', '/api/v1/cache/purge', body)).json().detail).toContain(detail)
  expect(given).toEqual([])
})

test('refuses a direction that there is not', async () => {
  const answer = await api().write('POST', '/api/v1/fleets/api/pause', { direction: 'up' })
  expect(answer.json().detail).toBe('direction: expected "in", "out", "both"')
})

test('a fault of the controller keeps its code; a defect does not show its text', async () => {
  const { ask, write, orders } = api({
    plan: async () => {
      throw new Error('secret at /home/ann')
    },
  })
  Object.assign(orders, {
    reload: async () => {
      throw new Fault('config.invalid', 'tidegate.yaml:3:1: no', { source: 'user', retry: 'no' })
    },
  })
  expect((await write('POST', '/api/v1/reload')).json()).toMatchObject({
    status: 422,
    code: 'config.invalid',
    detail: 'tidegate.yaml:3:1: no',
  })
  const defect = await ask({ url: '/api/v1/plan' })
  expect(defect.json()).toMatchObject({ status: 500, code: 'internal' })
  expect(defect.body).not.toContain('secret')
})

test('a write without the JSON content type is refused, with a body or without', async () => {
  const { ask, given } = api()
  const types = [
    undefined,
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
  ]
  for (const type of types) {
    const headers = type ? { 'content-type': type } : {}
    const answer = await ask({ method: 'POST', url: '/api/v1/stop', headers })
    expect(answer.json()).toMatchObject({ status: 415, code: 'request.invalid' })
  }
  expect(given).toEqual([])
})

test('a body that is no JSON, or too long, is refused', async () => {
  const { ask, given } = api()
  const headers = { 'content-type': 'application/json' }
  const url = '/api/v1/stop'
  expect((await ask({ method: 'POST', url, headers, payload: '{' })).statusCode).toBe(400)
  expect((await ask({ method: 'POST', url, headers, payload: `"${'x'.repeat(65_536)}"` })).statusCode).toBe(
    413,
  )
  expect(given).toEqual([])
})

test.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:9900', '10.0.0.1'])(
  'refuses the Host %j, so that no name can be rebound to this address',
  async (host) => {
    const { app } = api()
    const answer = await app.inject({ url: '/api/v1/about', headers: { host } })
    expect(answer.json()).toMatchObject({ status: 403, code: 'request.forbidden' })
  },
)

test.each(['localhost', 'LOCALHOST:1', '127.0.0.1:9900', '[::1]:9900'])('takes the Host %s', async (host) => {
  const { app } = api()
  expect((await app.inject({ url: '/api/v1/about', headers: { host } })).statusCode).toBe(200)
})

test('refuses requests that another site makes', async () => {
  const { ask, given } = api()
  const post = (headers: Record<string, string>) =>
    ask({ method: 'POST', url: '/api/v1/stop', headers: { 'content-type': 'application/json', ...headers } })
  expect((await post({ origin: 'https://evil.example' })).statusCode).toBe(403)
  expect((await post({ origin: 'http://localhost:3000' })).statusCode).toBe(403)
  expect((await post({ origin: 'null' })).statusCode).toBe(403)
  expect((await post({ 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403)
  expect(given).toEqual([])
  expect((await post({ origin: 'http://localhost:9900' })).statusCode).toBe(200)
})

test('healthz always answers, readyz only when the loops see their world', async () => {
  let blind = ['api: the gateway does not answer']
  const { ask } = api({ blind: () => blind })
  expect((await ask({ url: '/healthz' })).statusCode).toBe(200)
  const refused = await ask({ url: '/readyz' })
  expect(refused.statusCode).toBe(503)
  expect(refused.body).toBe('not ready: api: the gateway does not answer\n')
  blind = []
  expect((await ask({ url: '/readyz' })).statusCode).toBe(200)
})

test('the OpenAPI document has every operation with its fields', async () => {
  const document = (await api().ask({ url: '/openapi.json' })).json()
  expect(Object.keys(document.paths).sort()).toEqual([
    '/api/v1/about',
    '/api/v1/alerts',
    '/api/v1/audit',
    '/api/v1/balancers',
    '/api/v1/cache/purge',
    '/api/v1/canaries/{name}/abort',
    '/api/v1/canaries/{name}/hold',
    '/api/v1/canaries/{name}/promote',
    '/api/v1/canaries/{name}/resume',
    '/api/v1/decisions',
    '/api/v1/events',
    '/api/v1/fleets',
    '/api/v1/fleets/{name}',
    '/api/v1/fleets/{name}/cost',
    '/api/v1/fleets/{name}/desired',
    '/api/v1/fleets/{name}/pause',
    '/api/v1/fleets/{name}/replace',
    '/api/v1/fleets/{name}/resume',
    '/api/v1/fleets/{name}/tuning/apply',
    '/api/v1/fleets/{name}/tuning/hold',
    '/api/v1/fleets/{name}/tuning/resume',
    '/api/v1/fleets/{name}/tuning/revert',
    '/api/v1/history',
    '/api/v1/history/import',
    '/api/v1/history/series',
    '/api/v1/plan',
    '/api/v1/pools',
    '/api/v1/pools/{name}',
    '/api/v1/pools/{name}/members/{id}/drain',
    '/api/v1/pools/{name}/members/{id}/ready',
    '/api/v1/pools/{name}/members/{id}/weight',
    '/api/v1/reload',
    '/api/v1/servers/{id}/drain',
    '/api/v1/servers/{id}/ready',
    '/api/v1/shadow',
    '/api/v1/shadow/stop',
    '/api/v1/stop',
  ])
  const put = document.paths['/api/v1/fleets/{name}/desired'].put
  expect(put.parameters).toMatchObject([{ name: 'name', in: 'path' }])
  expect(put.requestBody.content['application/json'].schema).toMatchObject({
    properties: { desired: { type: 'integer' }, untilAt: { type: ['integer', 'null'] } },
    required: ['desired'],
  })
})

test('does not listen where anybody could reach it', async () => {
  const { orders } = recordedOrders()
  const start = (host: string) =>
    startApi({ bind: { host, port: 0 }, queries: queriesOf(), orders, ...apiTools() })
  await expect(start('0.0.0.0')).rejects.toMatchObject({ code: 'config.invalid' })
  await expect(start('')).rejects.toMatchObject({ code: 'config.invalid' })
})
