import { expect, test } from 'vitest'
import type { Ask } from './client.ts'
import { rangeQuery } from './query.ts'

const never = new AbortController().signal

/** Answers each call with one point at its start and one at its end. */
function aPrometheus(calls: Record<string, string>[]): Ask {
  return async (endpoint, form) => {
    expect(endpoint).toBe('query_range')
    calls.push(form)
    const values = [form.start, form.end].map((at) => [Number(at), '1'])
    return { resultType: 'matrix', result: [{ metric: { b: '2', a: '1' }, values }] }
  }
}

test('a long range is asked in parts that touch and do not overlap, and each series comes whole', async () => {
  const calls: Record<string, string>[] = []
  const toAt = 1_000_000 + 25_000 * 1_000
  const series = await rangeQuery(
    aPrometheus(calls),
    { query: 'up', fromAt: 1_000_000, toAt, stepMs: 1_000 },
    never,
  )
  expect(calls).toEqual([
    { query: 'up', start: '1000.000', end: '10999.000', step: '1.000' },
    { query: 'up', start: '11000.000', end: '20999.000', step: '1.000' },
    { query: 'up', start: '21000.000', end: '26000.000', step: '1.000' },
  ])
  const at = [1_000_000, 10_999_000, 11_000_000, 20_999_000, 21_000_000, 26_000_000]
  expect(series).toEqual([
    { labels: { b: '2', a: '1' }, samples: at.map((instant) => ({ at: instant, value: 1 })) },
  ])
})

test('keeps what is no number as it is', async () => {
  const values = ['NaN', '+Inf', '-Inf', '1e-3'].map((value, index) => [index, value])
  const ask: Ask = async () => ({ resultType: 'matrix', result: [{ metric: {}, values }] })
  const [one] = await rangeQuery(ask, { query: 'up', fromAt: 0, toAt: 3_000, stepMs: 1_000 }, never)
  expect(one!.samples.map(({ value }) => value)).toEqual([Number.NaN, Infinity, -Infinity, 0.001])
})

test('refuses what is no matrix', async () => {
  const ask: Ask = async () => ({ resultType: 'vector', result: [] })
  const range = { query: 'up', fromAt: 0, toAt: 1, stepMs: 1 }
  await expect(rangeQuery(ask, range, never)).rejects.toMatchObject({ code: 'metrics.failed' })
})
