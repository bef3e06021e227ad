import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { file, problemsOf, settingsOf } from './fixture.cases.ts'

const pool = (keys: string): string =>
  file({ api: `api: { servers: [ { address: "10.0.0.1:80" } ], ${keys} }` })

test('a pool has the limits that its file sets, and none else', () => {
  const { pools } = settingsOf(
    pool('timeouts: { try: 2s }, hedge: { after: 300ms }, breaker: { requests: 9, server-requests: 3 }'),
  ).balancer
  expect(pools[0]).toMatchObject({
    attempts: { tryMs: 2000, totalMs: null, hedgeMs: 300 },
    breaker: { requests: 9, serverRequests: 3, connections: null, pending: null },
  })
  const [plain] = settingsOf(pool('retries: 1')).balancer.pools
  expect(plain).not.toHaveProperty('attempts')
  expect(plain).not.toHaveProperty('breaker')
  const [other] = settingsOf(pool('timeouts: { total: 9s }, breaker: { connections: 5, pending: 4 }'))
    .balancer.pools
  expect(other).toMatchObject({ attempts: { totalMs: 9000 }, breaker: { connections: 5, pending: 4 } })
})

test('a pool sheds load by itself where its file says so', () => {
  expect(settingsOf(pool('breaker: { adaptive: 8 }')).balancer.pools[0]?.breaker).toEqual({
    requests: null,
    serverRequests: null,
    connections: null,
    pending: null,
    adaptive: 8,
  })
  expect(problemsOf(pool('breaker: { adaptive: 2 }'))).toMatchObject([{ level: 'warning' }])
})

test('the example of the guide is a whole file', () => {
  const guide = readFileSync(new URL('../../docs/guides/overload.md', import.meta.url), 'utf8')
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(guide) ?? []
  expect(problemsOf(example)).toEqual([])
  expect(settingsOf(example).balancer.pools[0]?.breaker?.adaptive).toBe(8)
})

test('an attempt as long as all of them is warned of', () => {
  expect(problemsOf(pool('timeouts: { try: 9s, total: 9s }'))).toMatchObject([
    { path: 'pools.api.timeouts.try', level: 'warning' },
  ])
})
