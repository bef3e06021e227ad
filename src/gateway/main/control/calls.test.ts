import { expect, test } from 'vitest'
import type { BalancerSpec } from '../../../core/balancer.ts'
import { answerCall, type Controlled } from './calls.ts'

const spec = {
  name: 'gateway',
  listeners: [
    {
      name: 'web',
      bind: { host: '', port: 80 },
      rules: [{ match: {}, action: { kind: 'pool', pool: 'api' } }],
      pool: null,
    },
  ],
  pools: [{ name: 'api', servers: [{ id: 'a', address: 'a:1', weight: 1 }] }],
} as unknown as BalancerSpec

/** Answers every call with what it was asked. */
const echo = new Proxy({} as Controlled, {
  get:
    (_, verb) =>
    (...args: unknown[]) =>
      Promise.resolve([verb, ...args]),
})

function call(route: string, body: unknown, query = ''): Promise<unknown> {
  return answerCall(echo, route, new URLSearchParams(query), JSON.stringify(body))
}

test('hands each call on with its parts', async () => {
  const member = { id: 'a', address: 'a:1', weight: 0 }
  expect(await call('GET /members', null, 'pool=api')).toEqual(['members', 'api'])
  expect(await call('GET /stats', null, 'windowMs=5000')).toEqual(['stats', 5000])
  expect(await call('POST /claim', { epoch: 3 })).toEqual(['claim', 3])
  expect(await call('PUT /spec', { epoch: 3, spec })).toEqual(['configure', 3, spec])
  const put = { epoch: 3, pool: 'api', members: [{ ...member, extra: 1 }] }
  expect(await call('PUT /members', put)).toEqual(['put', 3, 'api', [member]])
  expect(await call('POST /drop', { epoch: 3, pool: 'api', ids: ['a'] })).toEqual(['drop', 3, 'api', ['a']])
  expect(await call('POST /stop', { drainMs: 0 })).toEqual({})
  expect(await call('POST /purge', { kind: 'url', url: 'http://a/' })).toEqual([
    'purge',
    { kind: 'url', url: 'http://a/' },
  ])
  expect(await call('POST /purge', { kind: 'everything' })).toEqual(['purge', { kind: 'everything' }])
})

const broken = (change: object) => ({ epoch: 1, spec: { ...spec, ...change } })
test.each<[string, unknown, string]>([
  ['POST /claim', {}, 'epoch'],
  ['POST /claim', null, 'not a JSON object'],
  ['PUT /members', { epoch: 1, pool: 'api' }, 'members'],
  ['PUT /members', { epoch: 1, pool: 'api', members: [null] }, 'id'],
  ['PUT /members', { epoch: 1, pool: 'api', members: [{ id: 'a', address: 'a:1', weight: 1001 }] }, 'weight'],
  ['POST /drop', { epoch: 1, pool: 'api', ids: [1] }, 'id'],
  ['POST /stop', { drainMs: -1 }, 'drainMs'],
  ['GET /stats', null, 'windowMs'],
  ['PUT /spec', { epoch: 1, spec: {} }, 'listeners and pools'],
  ['PUT /spec', broken({ pools: [] }), 'no pool api'],
  ['PUT /spec', broken({ pools: [...spec.pools, ...spec.pools] }), 'pools: one is named twice'],
  ['PUT /spec', broken({ listeners: [spec.listeners[0], { ...spec.listeners[0], name: 'b' }] }), 'binds'],
  ['PUT /spec', broken({ pools: [{ name: 'api', servers: [{ id: 'a', address: 'a' }] }] }), 'host:port'],
])('%s with %j is refused', async (route, body, message) => {
  await expect(call(route, body, 'windowMs=x')).rejects.toMatchObject({
    code: 'request.invalid',
    message: expect.stringContaining(message),
  })
})

test('a call that does not exist is not found', async () => {
  await expect(call('DELETE /spec', {})).rejects.toMatchObject({ code: 'not-found' })
})
