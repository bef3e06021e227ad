import { expect, test } from 'vitest'
import { aFleet, NOW } from '../../../test/kit/admin.ts'
import { untranslated } from '../../../test/kit/chinese.ts'
import type { Clock } from '../../core/time.ts'
import { sayIn } from '../../words/say.ts'
import type { Client } from '../client.ts'
import { explanation } from '../explain.ts'
import { outputTo } from '../output.ts'
import { explainSince } from './explain.ts'

const DAY = 86_400_000

/** What is wanted in the mean of a minute, by series; what is not said is not known. */
async function since(means: Readonly<Record<string, number>>, json: boolean, from = '-1d') {
  const asked: string[] = []
  const printed = { out: '', err: '' }
  const get = async (path: string): Promise<unknown> => {
    const { pathname, searchParams: query } = new URL(path, 'http://test')
    if (pathname !== '/api/v1/history') return aFleet()
    const mean = means[query.get('metric')!]
    asked.push(`${query.get('metric')} ${query.get('from')} ${query.get('step')}`)
    return { items: mean === undefined ? [] : [{ at: 60_000, mean }], stepMs: 60_000, next: null }
  }
  const sinks = {
    stdout: (text: string) => void (printed.out += text),
    stderr: (text: string) => void (printed.err += text),
    color: false,
  }
  const client: Client = {
    url: 'http://test',
    get: get as Client['get'],
    send: async () => expect.unreachable(),
    events: () => expect.unreachable(),
  }
  const clock: Clock = { now: () => NOW, after: () => () => {}, sleep: async () => {} }
  const out = outputTo(sinks, sayIn({}))
  const { signal } = new AbortController()
  const code = await explainSince({ client, out, json, clock, signal }, 'api', from)
  return { code, asked, ...printed }
}

test('tells how we differed from each way to scale that is known, step by step of the same length', async () => {
  const { code, out, asked } = await since({ want: 30, 'want-hpa': 33, 'want-hpa-target': 30 }, false)
  expect(code).toBe(0)
  expect(asked).toEqual([
    `want ${NOW - DAY} null`,
    `want-hpa ${NOW - DAY} 60000`,
    `want-hpa-target ${NOW - DAY} 60000`,
    `want-threshold ${NOW - DAY} 60000`,
  ])
  expect(out.split('\n')).toEqual([
    'api beside want-hpa: 0.0% of the time more, 100.0% fewer, by 3.0 in the mean; 0.50 server-hours, it 0.55',
    'api beside want-hpa-target: 0.0% of the time more, 0.0% fewer, by 0.0 in the mean; 0.50 server-hours, it 0.50',
    '',
  ])
})

test('takes an instant, or how long ago with or without a sign, and names its option where it is neither', async () => {
  expect((await since({}, true, '1d')).asked[0]).toBe(`want ${NOW - DAY} null`)
  expect((await since({}, true, '2026-01-01')).asked[0]).toBe(`want ${Date.UTC(2026, 0, 1)} null`)
  await expect(since({}, true, 'yesterday')).rejects.toThrow(
    /^--since: expected an instant .*, got "yesterday"$/,
  )
  const late = '--since must lie before now'
  await expect(since({}, true, '2030-01-01')).rejects.toThrow(late)
  expect(untranslated([late])).toEqual([])
})

test('answers as JSON, and says when nothing is known', async () => {
  const known = await since({ want: 30, 'want-threshold': 10 }, true)
  expect(JSON.parse(known.out).items[0].differences).toMatchObject([
    { rule: 'threshold', more: 1, byServers: 20 },
  ])
  const { err } = await since({ want: 30 }, true)
  expect(err).toBe('api: nothing is known of other ways to scale in this time yet\n')
  expect(untranslated([err])).toEqual([])
})

test('what others would have stands beside the policies', () => {
  const others = [
    { rule: 'hpa', want: 7, says: 'HPA on cpu at 60% would have 7: cpu 60% on 7 asks for 7' },
    {
      rule: 'threshold',
      want: null,
      says: 'cpu > 80% for 5m: +1 is not known yet: it has looked for 40s of 5m',
    },
  ] as const
  const lines = explanation(aFleet({ others }), undefined)
  expect(lines.slice(lines.indexOf('  others'))).toEqual([
    '  others',
    ...others.map(({ says }) => `    ${says}`),
  ])
  expect(untranslated(others.map(({ says }) => says))).toEqual([])
})
