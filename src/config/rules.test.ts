import { expect, test } from 'vitest'
import type { ActionSpec, MatchSpec, MirrorSpec, RewriteSpec } from '../core/rule.ts'
import type { TrustSpec } from '../core/trust.ts'
import { file, problemsOf, settingsOf } from './fixture.cases.ts'
import { withRule } from './rule.cases.ts'

function ruleOf(rule: string) {
  return settingsOf(withRule(rule)).balancer.listeners[0]!.rules[0]!
}

function matchOf(match: string): MatchSpec {
  return ruleOf(`{ match: { ${match} }, pool: api }`).match
}

test.each<[string, MatchSpec]>([
  ['host: A.org, path: /a', { host: 'a.org', path: '/a' }],
  ['path-regex: "^/a[0-9]+$"', { pathRegex: '^/a[0-9]+$' }],
  ['method: GET', { methods: ['GET'] }],
  ['method: [PUT, POST]', { methods: ['PUT', 'POST'] }],
  ['header: { X-A: 1 }', { headers: [{ name: 'x-a', is: 'exact', value: '1' }] }],
  ['header: { x-a: { prefix: b } }', { headers: [{ name: 'x-a', is: 'prefix', value: 'b' }] }],
  ['header: { x-a: { regex: "^b" } }', { headers: [{ name: 'x-a', is: 'regex', value: '^b' }] }],
  ['header: { x-a: { present: true } }', { headers: [{ name: 'x-a', is: 'present' }] }],
  ['header: { x-a: { present: false } }', { headers: [{ name: 'x-a', is: 'absent' }] }],
  ['cookie: { Beta: yes }', { cookies: [{ name: 'Beta', is: 'exact', value: 'yes' }] }],
  ['query: { v: 2 }', { query: [{ name: 'v', is: 'exact', value: '2' }] }],
  ['source: 10.0.0.0/8', { sources: ['10.0.0.0/8'] }],
  ['source: ["::1", 10.0.0.1]', { sources: ['::1', '10.0.0.1'] }],
  ['type: Image/*', { types: ['image/*'] }],
  ['size: { least: 1KiB }', { size: { least: 1024, most: null } }],
  ['size: { most: 1KiB }', { size: { least: 0, most: 1024 } }],
])('match: { %s }', (text, match) => {
  expect(matchOf(text)).toEqual(match)
})

test('a rule without a match takes everything', () => {
  expect(ruleOf('{ pool: api }')).toEqual({ match: {}, action: { kind: 'pool', pool: 'api' } })
})

test.each<[string, ActionSpec]>([
  ['split: { pools: { api: 1 } }', { kind: 'split', shares: [{ pool: 'api', weight: 1 }], sticky: null }],
  [
    'split: { pools: { api: 5 }, sticky: source }',
    { kind: 'split', shares: [{ pool: 'api', weight: 5 }], sticky: { by: 'source' } },
  ],
  [
    'split: { pools: { api: 5 }, sticky: cookie }',
    {
      kind: 'split',
      shares: [{ pool: 'api', weight: 5 }],
      sticky: { by: 'cookie', name: 'tidegate-split', lifetimeMs: 8 * 3_600_000 },
    },
  ],
  [
    'split: { pools: { api: 5 }, sticky: cookie, cookie: c, lifetime: 1m }',
    {
      kind: 'split',
      shares: [{ pool: 'api', weight: 5 }],
      sticky: { by: 'cookie', name: 'c', lifetimeMs: 60_000 },
    },
  ],
  ['redirect: { to: /a }', { kind: 'redirect', to: '/a', status: 302 }],
  ['redirect: { to: /, status: 308 }', { kind: 'redirect', to: '/', status: 308 }],
  ['respond: {}', { kind: 'respond', status: 200, body: '', type: 'text/plain; charset=utf-8' }],
  [
    'respond: { status: 503, body: later, type: text/html }',
    { kind: 'respond', status: 503, body: 'later', type: 'text/html' },
  ],
])('%s', (text, action) => {
  expect(ruleOf(`{ ${text} }`).action).toEqual(action)
})

test.each<[string, RewriteSpec]>([
  ['prefix: /a/, to: /b/', { by: 'prefix', prefix: '/a', to: '/b' }],
  ['prefix: /a, to: /', { by: 'prefix', prefix: '/a', to: '' }],
  ['regex: "^/u/(.*)", to: /users/$1', { by: 'regex', regex: '^/u/(.*)', to: '/users/$1' }],
])('rewrite: { %s }', (text, rewrite) => {
  expect(ruleOf(`{ pool: api, rewrite: { ${text} } }`).rewrite).toEqual(rewrite)
})

test('headers both ways, names in lower case', () => {
  const rule = ruleOf(
    '{ pool: api, request: { set: { Host: a }, remove: X-B }, response: { add: { Alt-Svc: \'h3=":443"\' }, remove: [server, X-C] } }',
  )
  expect(rule.request).toEqual({ set: [{ name: 'host', value: 'a' }], add: [], remove: ['x-b'] })
  expect(rule.response).toEqual({
    set: [],
    add: [{ name: 'alt-svc', value: 'h3=":443"' }],
    remove: ['server', 'x-c'],
  })
})

test('what has no effect is told', () => {
  const warnings = (rule: string) =>
    problemsOf(withRule(rule)).map(({ path }) => path.split('.').slice(4).join('.'))
  expect(warnings('{ redirect: { to: /a }, request: { remove: x-a } }')).toContain('request')
  expect(warnings('{ respond: {}, rewrite: { prefix: /a, to: /b } }')).toContain('rewrite')
  expect(warnings('{ split: { pools: { api: 1 }, lifetime: 1h } }')).toContain('split.lifetime')
  expect(warnings('{ split: { pools: { api: 1 }, sticky: cookie, lifetime: 1h } }')).toEqual([])
})

test.each<[string, TrustSpec | undefined]>([
  ['', undefined],
  [', trusted-proxies: none', { networks: [], header: 'x-forwarded-for' }],
  [', trusted-proxies: 10.0.0.0/8', { networks: ['10.0.0.0/8'], header: 'x-forwarded-for' }],
  [', trusted-proxies: ["::1"], trusted-header: forwarded', { networks: ['::1'], header: 'forwarded' }],
])('a listener%s', (text, trust) => {
  const settings = settingsOf(file({ web: `web: { bind: ":80", pool: api${text} }` }))
  expect(settings.balancer.listeners[0]!.trust).toEqual(trust)
})

test('trust that has no effect is told', () => {
  const warnings = (web: string) =>
    problemsOf(file({ web: `web: { bind: ":80", pool: api, ${web} }` })).map(({ path }) => path)
  expect(warnings('trusted-header: forwarded')).toContain('listeners.web.trusted-header')
  expect(warnings('protocol: tcp, trusted-proxies: none')).toContain('listeners.web.trusted-proxies')
})

test('a rule may have an algorithm and a traffic class of its own', () => {
  const rule = ruleOf('{ pool: api, algorithm: random-two, class: downloads }')
  expect(rule).toMatchObject({ spread: { algorithm: 'random-two', hash: null }, class: 'downloads' })
  const hashed = ruleOf('{ pool: api, algorithm: header-hash, hash: { header: X-User, bound: 125 } }')
  expect(hashed.spread).toEqual({ algorithm: 'header-hash', hash: { header: 'x-user', bound: 1.25 } })
  expect(problemsOf(withRule('{ respond: {}, algorithm: random-two }'))[0]?.message).toContain(
    'has no effect',
  )
})

test.each<[string, MirrorSpec]>([
  ['pool: api', { pool: 'api', share: 1, bodyBytes: 65_536, inFlight: 100 }],
  [
    'pool: api, share: 5%, body: 1KiB, in-flight: 7',
    { pool: 'api', share: 0.05, bodyBytes: 1024, inFlight: 7 },
  ],
])('mirror: { %s }', (text, mirror) => {
  expect(ruleOf(`{ pool: api, mirror: { ${text} } }`).mirror).toEqual(mirror)
})
