import { createHash } from 'node:crypto'
import type { InjectOptions } from 'fastify'
import { afterEach, expect, test } from 'vitest'
import { apiTools, queriesOf, recordedOrders } from '../../test/kit/admin.ts'
import type { Access, Scope } from '../core/access.ts'
import type { Standing } from '../core/audit.ts'
import { Fault } from '../core/fault.ts'
import type { Order } from '../core/order.ts'
import { createApi, startApi } from './server.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const app of open.splice(0)) await app.close()
})

const holder = (name: string, scope: Scope, token: string) => ({
  name,
  scope,
  sha256: createHash('sha256').update(token).digest('hex'),
})
const TOKENS = [holder('ann', 'operate', 'tg_ann'), holder('prom', 'read', 'tg_prom')]

function api(access: Access = { tokens: TOKENS, hosts: [] }, standing?: () => Promise<Standing>) {
  const { orders, given } = recordedOrders()
  const tools = apiTools(access)
  const app = createApi({ queries: queriesOf(standing && { standing }), orders, ...tools })
  open.push(app)
  const ask = (token: string | null, options: InjectOptions) =>
    app.inject({
      ...options,
      headers: {
        host: 'localhost',
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(options.method && { 'content-type': 'application/json' }),
        ...options.headers,
      },
    })
  return { ask, orders, given, ...tools }
}

const PAUSE: InjectOptions = {
  method: 'POST',
  url: '/api/v1/fleets/api/pause',
  payload: '{"direction":"in"}',
}

test.each(['/api/v1/fleets', '/metrics', '/openapi.json', '/api/v1/nothing'])(
  'without a token nothing is told at %s',
  async (url) => {
    const answer = await api().ask(null, { url })
    expect(answer.statusCode).toBe(401)
    expect(answer.headers['www-authenticate']).toBe('Bearer')
    expect(answer.json()).toMatchObject({ code: 'request.unauthenticated' })
  },
)

test('whoever restarts or routes by health has no token', async () => {
  const { ask } = api()
  expect((await ask(null, { url: '/healthz' })).statusCode).toBe(200)
  expect((await ask(null, { url: '/readyz' })).statusCode).toBe(200)
})

test('a reader reads and gives no order; an operator does both', async () => {
  const { ask, given } = api()
  expect((await ask('tg_prom', { url: '/metrics' })).statusCode).toBe(200)
  const refused = await ask('tg_prom', PAUSE)
  expect(refused.statusCode).toBe(403)
  expect(refused.json().detail).toBe('prom may only read; this needs the scope "operate"')
  expect(given).toEqual([])
  expect((await ask('tg_ann', PAUSE)).statusCode).toBe(200)
  expect((await ask('tg_ann', { url: '/api/v1/fleets' })).statusCode).toBe(200)
  expect(given).toEqual([['pause', 'api', 'in', 'ann']])
})

test('the journal names the holder, whatever the client calls itself', async () => {
  const { ask, given } = api()
  await ask('tg_ann', { ...PAUSE, headers: { 'x-tidegate-by': 'cli:root' } })
  expect(given).toEqual([['pause', 'api', 'in', 'ann (cli:root)']])
})

test('too many wrong tokens from one address wait, right ones too', async () => {
  const { ask, clock } = api()
  for (let n = 0; n < 10; n++) {
    expect((await ask('guess', { url: '/api/v1/fleets' })).statusCode).toBe(401)
  }
  const limited = await ask('tg_ann', { url: '/api/v1/fleets' })
  expect(limited.statusCode).toBe(429)
  expect(limited.headers['retry-after']).toBe('6')
  expect(limited.json()).toMatchObject({ code: 'request.limited' })
  clock.advance(6_000)
  expect((await ask('tg_ann', { url: '/api/v1/fleets' })).statusCode).toBe(200)
})

test.each([
  ['example.org', 403],
  ['ops.example.org:9900', 200],
  ['OPS.example.org', 200],
  ['10.0.0.7:9900', 200],
  ['[2001:db8::1]:9900', 200],
])('with tokens, the Host %s is answered with %i', async (host, status) => {
  const { ask } = api({ tokens: TOKENS, hosts: ['ops.example.org'] })
  expect((await ask('tg_ann', { url: '/api/v1/about', headers: { host } })).statusCode).toBe(status)
})

test('with tokens it may listen on every interface', async () => {
  const { orders } = recordedOrders()
  const bind = { host: '0.0.0.0', port: 0 }
  const started = await startApi({
    bind,
    queries: queriesOf(),
    orders,
    ...apiTools({ tokens: TOKENS, hosts: [] }),
  })
  open.push(started)
  expect(started.bound.host).toBe('0.0.0.0')
})

test('every write is audited with what it took away and what it put there', async () => {
  const pin = (id: number, desired: number): Order => {
    return { kind: 'pin', desired, id, scope: 'fleet:api', at: 1, untilAt: null, by: 'ann' }
  }
  let orders = [pin(1, 3)]
  const standing = async () => ({ orders, revision: 'r1', shadow: null })
  const one = api(undefined, standing)
  one.orders.pin = async (_fleet, desired) => {
    orders = [pin(2, desired)]
  }
  const url = '/api/v1/fleets/api/desired'
  await one.ask('tg_ann', { method: 'PUT', url, payload: '{"desired":5}' })
  expect(one.audited).toEqual([
    {
      at: one.clock.now(),
      who: 'ann',
      address: '127.0.0.1',
      what: `PUT ${url}`,
      body: { desired: 5 },
      status: 200,
      code: null,
      before: { orders: [pin(1, 3)] },
      after: { orders: [pin(2, 5)] },
    },
  ])
})

test('of a configuration the audit keeps the name, not the text, which may hold secrets', async () => {
  const { ask, audited } = api()
  const payload = JSON.stringify({ file: '/next.yaml', text: 'password: abc' })
  await ask('tg_ann', { method: 'PUT', url: '/api/v1/shadow', payload })
  expect(audited).toMatchObject([{ who: 'ann', body: { file: '/next.yaml', text: '13 characters' } }])
})

test('a refused write is audited too', async () => {
  const { ask, orders, audited } = api()
  orders.pause = async () => {
    throw new Fault('not-found', 'there is no fleet api', { source: 'user', retry: 'no' })
  }
  expect((await ask('tg_ann', PAUSE)).statusCode).toBe(404)
  expect(audited).toMatchObject([{ status: 404, code: 'not-found', before: {}, after: {} }])
})

test('writes wait for each other, so that none is told as another one', async () => {
  let orders: Order[] = []
  const one = api(undefined, async () => ({ orders, revision: 'r1', shadow: null }))
  one.orders.pin = async (_fleet, desired) => {
    await Promise.resolve()
    orders = [{ kind: 'pin', desired, id: desired, scope: 'fleet:api', at: 1, untilAt: null, by: 'ann' }]
  }
  const put = (desired: number) =>
    one.ask('tg_ann', { method: 'PUT', url: '/api/v1/fleets/api/desired', payload: { desired } })
  await Promise.all([put(1), put(2), put(3)])
  const told = one.audited.map(({ before, after }) => [before.orders?.[0]?.id ?? 0, after.orders?.[0]?.id])
  expect(told.map(([from]) => from)).toEqual([0, ...told.slice(0, -1).map(([, to]) => to)])
})
