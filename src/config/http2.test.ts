import { expect, test } from 'vitest'
import { file, problemsOf, settingsOf } from './fixture.cases.ts'

const saysOf = (text: string) =>
  problemsOf(text)
    .map(({ path, message }) => `${path}: ${message}`)
    .join('\n')
const listening = (rest: string) => file({ web: `web: { bind: ":80", pool: api, ${rest} }` })

test('HTTP/2 is on, with limits of its own', () => {
  expect(settingsOf(listening('')).balancer.listeners[0]).not.toHaveProperty('http2')
  expect(settingsOf(listening('http2: { streams: 50, resets: 20 }')).balancer.listeners[0]?.http2).toEqual({
    streams: 50,
    resets: 20,
  })
  expect(settingsOf(listening('http2: { enabled: false }')).balancer.listeners[0]?.http2).toBeNull()
})

test('limits out of range are refused, and a tcp listener has none of them', () => {
  expect(saysOf(listening('http2: { streams: 0 }'))).toMatch(/http2.streams.*whole number from 1 to 10000/)
  expect(saysOf(listening('protocol: tcp, http2: { streams: 5 }'))).toMatch(/http2.*no effect on tcp/)
})

test('a pool speaks HTTP/2 where it says so', () => {
  const pool = (upstream: string) =>
    file({ api: `api: { servers: [ { address: "10.0.0.1:80" } ], upstream: ${upstream} }` })
  expect(settingsOf(pool('{ protocol: http2 }')).balancer.pools[0]?.upstream.protocol).toBe('http2')
  expect(settingsOf(pool('{ protocol: http1 }')).balancer.pools[0]?.upstream).not.toHaveProperty('protocol')
  expect(saysOf(pool('{ protocol: http3 }'))).toMatch(/upstream.protocol: expected http1 or http2/)
  expect(saysOf(pool('{ protocol: http2, proxy-protocol: v2 }'))).toMatch(
    /proxy-protocol: connections of http2/,
  )
})
