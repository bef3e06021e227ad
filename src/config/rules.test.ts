import { expect, test } from 'vitest'
import type { MatchSpec } from '../core/rule.ts'
import { settingsOf } from './fixture.cases.ts'
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
