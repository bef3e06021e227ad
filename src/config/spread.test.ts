import { expect, test } from 'vitest'
import { file, problemsOf, settingsOf } from './fixture.cases.ts'

const pool = (keys: string): string =>
  file({ api: `api: { servers: [ { address: "10.0.0.1:80" } ], ${keys} }` })
const poolOf = (keys: string) => settingsOf(pool(keys)).balancer.pools[0]
const messages = (text: string) => problemsOf(text).map(({ path, message }) => `${path}: ${message}`)

test('every algorithm has its word, and weighted-round-robin is round-robin', () => {
  expect(poolOf('algorithm: weighted-round-robin')?.algorithm).toBe('round-robin')
  for (const word of ['least-time', 'source-hash', 'uri-hash', 'first', 'random-two']) {
    expect(poolOf(`algorithm: ${word}`)?.algorithm).toBe(word)
  }
  expect(messages(pool('algorithm: least-tme'))).toEqual([
    expect.stringContaining('did you mean least-time?'),
  ])
})

test('a hash goes by what the pool says', () => {
  expect(poolOf('algorithm: header-hash, hash: { header: X-User, bound: 125 }')?.hash).toEqual({
    header: 'x-user',
    bound: 1.25,
  })
  expect(poolOf('algorithm: cookie-hash, hash: { cookie: Session }')?.hash).toEqual({ cookie: 'Session' })
  expect(messages(pool('algorithm: header-hash'))).toEqual([
    'pools.api.algorithm: header-hash needs hash: { header: ... } of the pool',
  ])
  const rule = 'rules: [ { match: { path: /a }, pool: api, algorithm: cookie-hash } ]'
  const text = pool('retries: 1').replace('pool: api }', `pool: api, ${rule} }`)
  expect(messages(text)).toEqual([
    'listeners.web.rules.0.algorithm: cookie-hash needs hash: { cookie: ... } of the rule or of pool api',
  ])
})

test('outliers are as the file says, and as ever when it says nothing', () => {
  expect(poolOf('retries: 1')).not.toHaveProperty('outlier')
  const all = 'connect-failures: 5, errors: 4, success-rate: true, time: 20s, most-time: 1m, share: 30%'
  expect(poolOf(`outlier: { ${all} }`)?.outlier).toEqual({
    connectFailures: 5,
    errors: 4,
    successRate: true,
    timeMs: 20_000,
    mostTimeMs: 60_000,
    share: 0.3,
  })
})

test('sessions stay where the pool says so', () => {
  expect(poolOf('retries: 1')).not.toHaveProperty('affinity')
  expect(poolOf('affinity: {}')?.affinity).toEqual({
    cookie: 'TIDEGATE',
    lifetimeMs: 28_800_000,
    secret: null,
  })
  const secret = 'sixteen-letters-'
  expect(poolOf(`affinity: { cookie: sid, lifetime: 1h, secret: ${secret} }`)?.affinity).toEqual({
    cookie: 'sid',
    lifetimeMs: 3_600_000,
    secret,
  })
  expect(messages(pool('affinity: { secret: short }'))).toEqual([
    expect.stringMatching(/at least 16 characters/),
  ])
})

test('weights follow a policy only where the file names one', () => {
  expect(poolOf('retries: 1')).not.toHaveProperty('weights')
  expect(poolOf('weights: { policy: linear }')?.weights).toEqual({ policy: 'linear', rttMaxMs: null })
  expect(poolOf('weights: { policy: rtt, rtt-max: 200ms }')?.weights).toEqual({
    policy: 'rtt',
    rttMaxMs: 200,
  })
  expect(messages(pool('weights: { policy: rrt }'))).toEqual([expect.stringContaining('did you mean rtt?')])
})
