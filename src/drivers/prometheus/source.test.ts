import { beforeEach, expect, test } from 'vitest'
import type { MetricQuery, Reading } from '../../core/metrics.ts'
import { type Ask, failed } from './client.ts'
import { prometheusSource } from './source.ts'

const NOW = 1_800_000_000_000
const never = new AbortController().signal

/** A clock that only moves by hand, and what the Prometheus of these tests answers. */
let now: number
let asked: string[]
let answer: (query: string) => unknown

beforeEach(() => {
  now = NOW
  asked = []
  answer = () => vector([NOW / 1000, '5'])
})

const ask: Ask = async (_endpoint, { query = '' }) => {
  if (query.startsWith('min(label_replace(')) return answer(query)
  asked.push(query)
  return answer(query)
}
const clock = {
  now: () => now,
  after: () => () => {},
  sleep: () => Promise.reject(new Error('nobody sleeps here')),
}

function vector(...values: readonly [number, string][]): unknown {
  return { resultType: 'vector', result: values.map((value) => ({ metric: {}, value })) }
}

function aSource(queries: Record<string, string> = { depth: 'depth' }) {
  const source = prometheusSource(ask, queries, { clock, everyMs: 5_000, timeoutMs: 2_000 })
  return async (metric = 'depth', over: Partial<MetricQuery> = {}): Promise<Reading> => {
    const query = { metric, fleet: 'api', pools: ['web', 'api'], servers: [], ...over }
    return (await source.read([query], 5_000, never))[0]!
  }
}

/** Answers the query for the samples' own times with `at`, others with `value`. */
function answers(value: unknown, at: number | null) {
  answer = (query) =>
    query.startsWith('min(')
      ? vector(...(at === null ? [] : [[NOW / 1000, String(at / 1000)] as [number, string]]))
      : value
}

test('dates a sample by its own time, not by the question', async () => {
  answers(vector([NOW / 1000, '5']), NOW - 90_000)
  expect(await aSource()()).toEqual({ ok: true, sample: { value: 5, at: NOW - 90_000 } })
})

test.each([
  ['none is known', null],
  ['the answer is no time', 5_000],
  ['it lies after the question', NOW + 5_000],
])('dates it by the question when %s', async (_, at) => {
  answers(vector([NOW / 1000 - 1, '5']), at)
  expect(await aSource()()).toEqual({ ok: true, sample: { value: 5, at: NOW - 1_000 } })
})

test('nothing is of the future', async () => {
  answers(vector([NOW / 1000 + 60, '5']), null)
  expect(await aSource()()).toEqual({ ok: true, sample: { value: 5, at: NOW } })
})

test('a scalar is a value', async () => {
  answers({ resultType: 'scalar', result: [NOW / 1000, '0.25'] }, null)
  expect(await aSource()()).toMatchObject({ ok: true, sample: { value: 0.25 } })
})

test.each<[unknown, string]>([
  [vector(), 'the query gives no series'],
  [
    vector([1, '1'], [1, '2'], [1, '3']),
    'the query gives 3 series, expected one: put sum(), avg() or max() around it',
  ],
  [vector([1, 'NaN']), 'the query gives NaN'],
  [vector([1, '+Inf']), 'the query gives Infinity'],
  [{ resultType: 'matrix', result: [] }, 'the query gives a matrix, expected one value'],
])('has no data of %o', async (value, detail) => {
  answers(value, null)
  expect(await aSource()()).toMatchObject({
    ok: false,
    at: NOW,
    why: 'no-data',
    detail: expect.stringContaining(detail),
  })
})

test.each<[unknown]>([
  [null],
  [{}],
  [{ resultType: 'vector' }],
  [{ resultType: 'vector', result: [null, { value: ['1', 2] }] }],
])('an answer in no form that is known, %o, is unreachable', async (value) => {
  answers(value, null)
  expect(await aSource()()).toMatchObject({ ok: false, why: 'unreachable' })
})

test('a refused query is no data, a lost one is unreachable, and neither is thrown', async () => {
  const read = aSource()
  answer = () => {
    throw failed('parse error', 'user')
  }
  expect(await read()).toEqual({ ok: false, at: NOW, why: 'no-data', detail: 'parse error' })
  now += 20_000
  answer = () => {
    throw failed('connect ECONNREFUSED', 'network')
  }
  expect(await read()).toEqual({ ok: false, at: now, why: 'unreachable', detail: 'connect ECONNREFUSED' })
})

test('a metric that it was given no query for has no data', async () => {
  expect(await aSource()('cpu')).toMatchObject({ ok: false, why: 'no-data', detail: 'no query is named cpu' })
})

test('fills in the fleet and its pools, and asks once for fleets that ask the same', async () => {
  const read = aSource({ depth: 'sum(depth{fleet="$fleet",pool=~"$pools"})', lag: 'max(lag)' })
  await Promise.all([
    read('depth'),
    read('depth', { fleet: 'other', pools: ['web'] }),
    read('lag'),
    read('lag', { fleet: 'other' }),
  ])
  expect(asked).toEqual([
    'sum(depth{fleet="api",pool=~"web|api"})',
    'sum(depth{fleet="other",pool=~"web"})',
    'max(lag)',
  ])
})

test('asks once a round, and never waits for an answer when there is a recent one', async () => {
  const read = aSource()
  expect(await read()).toMatchObject({ sample: { value: 5 } })
  now += 4_999
  await read()
  expect(asked).toHaveLength(1)
  now += 1
  answer = () => new Promise(() => {})
  expect(await read()).toMatchObject({ sample: { value: 5 } })
  now += 4_999
  expect(await read()).toMatchObject({ sample: { value: 5 } })
  expect(asked).toHaveLength(2)
  now += 2_000
  expect(await read()).toMatchObject({ sample: { value: 5 } })
  expect(asked).toHaveLength(2)
})

test('waits for an answer when the last one is old', async () => {
  const read = aSource()
  await read()
  now += 12_000
  answers(vector([now / 1000, '7']), null)
  expect(await read()).toMatchObject({ sample: { value: 7 } })
})
