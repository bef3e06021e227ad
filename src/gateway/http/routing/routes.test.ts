import { expect, test } from 'vitest'
import type { RuleSpec } from '../../../core/balancer.ts'
import { Routes } from './routes.ts'

function routes(rules: readonly RuleSpec[], otherwise: string | null = null): Routes<string> {
  return new Routes(rules, otherwise, new Map(['a', 'b', 'c'].map((name) => [name, name])))
}

test('takes the first rule that matches', () => {
  const both = routes([
    { path: '/api/*', pool: 'a' },
    { path: '/api/v2/*', pool: 'b' },
  ])
  expect(both.match('x', '/api/v2/users')).toBe('a')
})

test('a prefix matches itself and whole segments only', () => {
  const api = routes([{ path: '/api/*', pool: 'a' }])
  expect(api.match('x', '/api')).toBe('a')
  expect(api.match('x', '/api/')).toBe('a')
  expect(api.match('x', '/api/users?id=1')).toBe('a')
  expect(api.match('x', '/api?x=/y')).toBe('a')
  expect(api.match('x', '/apix')).toBeNull()
})

test('/* takes every path', () => {
  expect(routes([{ path: '/*', pool: 'a' }]).match('x', '/anything')).toBe('a')
})

test('an exact path ignores the query and nothing else', () => {
  const exact = routes([{ path: '/one', pool: 'a' }])
  expect(exact.match('x', '/one?two')).toBe('a')
  expect(exact.match('x', '/one/')).toBeNull()
})

test('hosts are compared without case, port and final dot', () => {
  const host = routes([{ host: 'Example.org', pool: 'a' }])
  for (const name of ['example.org', 'EXAMPLE.ORG:8080', 'example.org.']) {
    expect(host.match(name, '/')).toBe('a')
  }
  expect(host.match('www.example.org', '/')).toBeNull()
  expect(routes([{ host: '[::1]', pool: 'a' }]).match('[::1]:80', '/')).toBe('a')
  expect(routes([{ host: '[::1]', pool: 'a' }]).match('[::1]', '/')).toBe('a')
})

test('a wildcard takes any label but not the bare domain', () => {
  const wild = routes([{ host: '*.example.org', pool: 'a' }])
  expect(wild.match('www.example.org', '/')).toBe('a')
  expect(wild.match('a.b.example.org:80', '/')).toBe('a')
  expect(wild.match('example.org', '/')).toBeNull()
  expect(wild.match('badexample.org', '/')).toBeNull()
})

test('what no rule takes goes to the listener’s pool, or nowhere', () => {
  const rules: RuleSpec[] = [{ host: 'a.org', path: '/x', pool: 'a' }]
  expect(routes(rules, 'c').match('a.org', '/y')).toBe('c')
  expect(routes(rules).match('a.org', '/y')).toBeNull()
  expect(routes([], 'c').match('', '/')).toBe('c')
})
