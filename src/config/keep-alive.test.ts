import { expect, test } from 'vitest'
import { file, settingsOf } from './fixture.cases.ts'

test('keep-alive probes are set apart for clients and for servers', () => {
  const { listeners, pools } = settingsOf(
    file({
      web: 'web: { bind: ":80", pool: api, keep-alive: { idle: 2m, interval: 30s, count: 3 } }',
      api: 'api: { servers: [ { address: "10.0.0.1:80" } ], upstream: { keep-alive: { idle: 1m } } }',
    }),
  ).balancer
  expect(listeners[0]?.keepAlive).toEqual({ idleMs: 120_000, intervalMs: 30_000, count: 3 })
  expect(pools[0]?.upstream.keepAlive).toEqual({ idleMs: 60_000, intervalMs: 60_000, count: 5 })
})

test('without a word a dead peer is found out within ten minutes', () => {
  const { listeners, pools } = settingsOf(file({})).balancer
  const standard = { idleMs: 300_000, intervalMs: 60_000, count: 5 }
  expect(listeners[0]?.keepAlive).toEqual(standard)
  expect(pools[0]?.upstream.keepAlive).toEqual(standard)
})
