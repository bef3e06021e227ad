import { expect, test } from 'vitest'
import { untranslated } from '../../test/kit/chinese.ts'
import { file, problemsOf, settingsOf } from './fixture.cases.ts'

test('the PROXY protocol is spoken where the file says so, and nowhere else', () => {
  const spoken = settingsOf(
    file({
      web: 'web: { bind: ":80", pool: api, proxy-protocol: required, trusted-proxies: [ 10.0.0.0/8, "2001:db8::1" ] }',
      api: 'api: { servers: [ { address: "10.0.0.1:80" } ], upstream: { proxy-protocol: v2 } }',
    }),
  ).balancer
  expect(spoken.listeners[0]).toMatchObject({
    proxyProtocol: 'required',
    trust: { networks: ['10.0.0.0/8', '2001:db8::1'] },
  })
  expect(spoken.pools[0]?.upstream.proxyProtocol).toBe('v2')

  const silent = settingsOf(file({})).balancer
  expect(silent.listeners[0]).not.toHaveProperty('proxyProtocol')
  expect(silent.pools[0]?.upstream).not.toHaveProperty('proxyProtocol')
})

test('a listener that believes everybody is warned of', () => {
  const open = file({ web: 'web: { bind: ":80", pool: api, proxy-protocol: required }' })
  expect(problemsOf(open)).toMatchObject([
    {
      level: 'warning',
      path: 'listeners.web.proxy-protocol',
      message: expect.stringContaining('any client'),
    },
  ])
})

test('connections of a source are as many as the file says', () => {
  const limits = (text: string) =>
    settingsOf(file({ web: `web: { bind: ":80", pool: api, limits: { ${text} } }` })).balancer.listeners[0]
      ?.limits
  expect(limits('connections-per-source: 100')?.connectionsPerSource).toBe(100)
  expect(limits('')).not.toHaveProperty('connectionsPerSource')
})

test('what means nothing to datagrams, or to bytes, is warned of, in Chinese too', () => {
  const without = (keys: string) => problemsOf(file({ web: `web: { bind: ":80", pool: api, ${keys} }` }))
  const udp = without(
    'protocol: udp, trusted-proxies: 10.0.0.0/8, keep-alive: { idle: 60s }, limits: { body: 1MB }',
  )
  expect(udp.map(({ path, level }) => [path, level])).toEqual([
    ['listeners.web.trusted-proxies', 'warning'],
    ['listeners.web.keep-alive', 'warning'],
    ['listeners.web.limits.body', 'warning'],
  ])
  const tcp = without('protocol: tcp, trusted-proxies: 10.0.0.0/8, limits: { body: 1MB }')
  expect(tcp.map(({ path }) => path)).toEqual(['listeners.web.trusted-proxies', 'listeners.web.limits.body'])
  const proxied = without('protocol: tcp, trusted-proxies: 10.0.0.0/8, proxy-protocol: required')
  expect(proxied).toEqual([])
  const all = [...udp, ...tcp, ...without('protocol: tcp, proxy-protocol: required')]
  expect(untranslated(all.map(({ message }) => message))).toEqual([])
})
