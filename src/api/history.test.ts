import type { InjectOptions } from 'fastify'
import { afterEach, expect, test } from 'vitest'
import { apiTools, NOW, queriesOf, recordedOrders } from '../../test/kit/admin.ts'
import { createApi } from './server.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const app of open.splice(0)) await app.close()
})

function api() {
  const tools = apiTools()
  const app = createApi({ queries: queriesOf(), orders: recordedOrders().orders, ...tools })
  open.push(app)
  const ask = async (options: InjectOptions) => {
    const answer = await app.inject({ ...options, headers: { host: 'localhost:9900', ...options.headers } })
    return { status: answer.statusCode, body: answer.json() }
  }
  const get = (query: string) => ask({ url: `/api/v1/history?${query}` })
  const load = (csv: string, series: object = { fleet: 'api', metric: 'rps' }) =>
    ask({ method: 'POST', url: '/api/v1/history/import', payload: { ...series, csv } })
  return { ask, get, load, audited: tools.audited }
}

const iso = (at: number) => new Date(at).toISOString()
const CSV = `timestamp,value\n${iso(NOW - 10_000)},1\n${iso(NOW - 9_000)},3\n`

test('takes a CSV and gives it back, with the unit of the metric', async () => {
  const { ask, get, load } = api()
  const taken = await load(CSV)
  expect(taken).toEqual({ status: 200, body: { fleet: 'api', metric: 'rps', samples: 2, tooOld: 0 } })
  const point = { min: 1, mean: 1, max: 1, p95: 1, count: 1 }
  expect(await get('fleet=api&metric=rps&step=1000')).toEqual({
    status: 200,
    body: {
      fleet: 'api',
      metric: 'rps',
      unit: 'per-second',
      stepMs: 1000,
      items: [
        { at: NOW - 10_000, ...point },
        { at: NOW - 9_000, min: 3, mean: 3, max: 3, p95: 3, count: 1 },
      ],
      next: null,
    },
  })
  const series = await ask({ url: '/api/v1/history/series' })
  expect(series.body).toEqual({ items: [{ fleet: 'api', metric: 'rps' }], next: null })
})

test('knows metrics by their aliases, and instants and steps in every form', async () => {
  const { get, load } = api()
  await load(CSV, { fleet: 'api', metric: 'qps' })
  for (const from of [String(NOW - 10_000), String((NOW - 10_000) / 1000), iso(NOW - 10_000), '-10s'])
    for (const step of ['1000', '1s']) {
      const { body } = await get(`fleet=api&metric=qps&from=${from}&to=now&step=${step}`)
      expect(body).toMatchObject({ metric: 'rps', stepMs: 1000, items: [{ mean: 1 }, { mean: 3 }] })
    }
})

test.each([
  ['fleet=api', 400, 'metric: expected text'],
  ['fleet=api&metric=rps&from=soon', 400, 'from: expected an instant such as'],
  ['fleet=api&metric=rps&step=1x', 400, 'step: expected ms or a duration such as 10s, got "1x"'],
  ['fleet=api&metric=rps&step=1', 400, 'the step must be a whole number of seconds'],
  ['fleet=api&metric=rps&from=now&to=-1h', 400, 'the range is empty'],
  ['fleet=nope&metric=rps', 404, 'there is no fleet nope; there are: api'],
  [
    'fleet=api&metric=rpss',
    404,
    'there is no metric rpss; there are: have, want, serving, want-hpa, want-hpa-target, want-threshold, want-shadow, cost, energy, carbon, server-hours, cpu',
  ],
])('refuses %s', async (query, status, detail) => {
  const answer = await api().get(query)
  expect(answer).toMatchObject({ status, body: { detail: expect.stringContaining(detail) } })
})

test('a bad line is told with its number, and nothing is taken', async () => {
  const { ask, load } = api()
  const answer = await load(`${CSV}x,1\n`)
  expect(answer).toMatchObject({
    status: 400,
    body: { code: 'request.invalid', detail: expect.stringMatching(/^line 4: expected an instant/) },
  })
  expect((await ask({ url: '/api/v1/history/series' })).body.items).toEqual([])
})

test('takes far more than an order may bring, and the audit does not keep it', async () => {
  const { load, audited } = api()
  const lines = Array.from({ length: 20_000 }, (_, index) => `${NOW - index * 1000},${index}`)
  const answer = await load(`timestamp,value\n${lines.join('\n')}`)
  expect(answer.body.samples).toBe(20_000)
  expect(JSON.stringify(audited).length).toBeLessThan(1000)
})
