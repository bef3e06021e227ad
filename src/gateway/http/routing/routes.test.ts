import { expect, test } from 'vitest'
import type { MatchSpec } from '../../../core/rule.ts'
import { aRequest } from './fixture.cases.ts'
import { Routes } from './routes.ts'

const NOBODY = { clientAddress: '192.0.2.1', certificateNames: null }

/** The number of the first rule that takes it; null = none. */
function first(rules: readonly MatchSpec[], host: string, path: string): number | null {
  const { head, bytes } = aRequest(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
  return new Routes(
    rules.map((match, number) => [match, number] as const),
    null,
  ).match(head, bytes, NOBODY)
}

test('takes the first rule that matches', () => {
  expect(first([{ path: '/api/*' }, { path: '/api/v2/*' }], 'x', '/api/v2/users')).toBe(0)
  expect(first([{ path: '/api/v2/*' }, { path: '/api/*' }], 'x', '/api/v2/users')).toBe(0)
  expect(first([{ path: '/api/v2/*' }, { path: '/api/*' }], 'x', '/api/users')).toBe(1)
})

test('a prefix matches itself and whole segments only', () => {
  const api = [{ path: '/api/*' }]
  for (const path of ['/api', '/api/', '/api/users?id=1', '/api?x=/y']) expect(first(api, 'x', path)).toBe(0)
  expect(first(api, 'x', '/apix')).toBeNull()
  expect(first(api, 'x', '/ap')).toBeNull()
})

test('/* takes every path, and the server as a whole', () => {
  expect(first([{ path: '/*' }], 'x', '/anything')).toBe(0)
  const { head, bytes } = aRequest('OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n')
  expect(new Routes([[{ path: '/*' }, 'all']], null).match(head, bytes, NOBODY)).toBe('all')
})

test('an exact path ignores the query and nothing else', () => {
  expect(first([{ path: '/one' }], 'x', '/one?two')).toBe(0)
  expect(first([{ path: '/one' }], 'x', '/one/')).toBeNull()
  expect(first([{ path: '/' }], 'x', '/')).toBe(0)
})

test('paths that share beginnings are told apart', () => {
  const rules = ['/abc', '/abd/*', '/ab', '/abdx', '/a/*', '/*'].map((path) => ({ path }))
  const found = ['/abc', '/abd', '/abd/x', '/ab', '/abdx', '/a/b', '/abde', '/'].map((path) =>
    first(rules, 'x', path),
  )
  expect(found).toEqual([0, 1, 1, 2, 3, 4, 5, 5])
})

test('hosts are compared without case, port and final dot', () => {
  for (const name of ['example.org', 'EXAMPLE.ORG:8080', 'example.org.']) {
    expect(first([{ host: 'example.org' }], name, '/')).toBe(0)
  }
  expect(first([{ host: 'example.org' }], 'www.example.org', '/')).toBeNull()
  expect(first([{ host: '[::1]' }], '[::1]:80', '/')).toBe(0)
})

test('a wildcard takes any label but not the bare domain', () => {
  const wild = [{ host: '*.example.org' }]
  expect(first(wild, 'www.example.org', '/')).toBe(0)
  expect(first(wild, 'a.b.example.org:80', '/')).toBe(0)
  expect(first(wild, 'example.org', '/')).toBeNull()
  expect(first(wild, 'badexample.org', '/')).toBeNull()
})

test('the order of rules beats how exact they are, whatever index they are in', () => {
  const rules: MatchSpec[] = [
    { host: '*.a.org', path: '/x/*' },
    { host: 'w.a.org', path: '/x' },
    { path: '/y' },
    { host: 'w.a.org' },
    {},
  ]
  expect(first(rules, 'w.a.org', '/x')).toBe(0)
  expect(first(rules, 'w.a.org', '/y')).toBe(2)
  expect(first(rules, 'w.a.org', '/z')).toBe(3)
  expect(first(rules, 'b.org', '/x')).toBe(4)
})

test('rules that ask for more keep their place among those that do not', () => {
  const rules: MatchSpec[] = [{ path: '/a' }, { path: '/b/*', methods: ['POST'] }, { path: '/b/*' }, {}]
  expect(first(rules, 'x', '/b/c')).toBe(2)
  expect(first([{ path: '/b/c', methods: ['GET'] }, ...rules], 'x', '/b/c')).toBe(0)
  expect(first([rules[3]!, rules[1]!], 'x', '/b/c')).toBe(0)
})

test('what no rule takes goes to the listener’s pool, or nowhere', () => {
  const { head, bytes } = aRequest('GET /y HTTP/1.1\r\nHost: a.org\r\n\r\n')
  expect(new Routes([[{ path: '/x' }, 'x']], 'rest').match(head, bytes, NOBODY)).toBe('rest')
  expect(new Routes([], 'rest').match(head, bytes, NOBODY)).toBe('rest')
  expect(new Routes([], null).match(head, bytes, NOBODY)).toBeNull()
})

test('a thousand hosts and more are told apart, known or not', () => {
  const rules = Array.from({ length: 1500 }, (_, n) => ({ host: `h${n}.org`, path: `/p${n}/*` }))
  const routes = new Routes(
    rules.map((match, number) => [match, number] as const),
    null,
  )
  for (const n of [...Array(1500).keys(), 3, 1499]) {
    const { head, bytes } = aRequest(`GET /p${n}/x HTTP/1.1\r\nHost: h${n}.org\r\n\r\n`)
    expect(routes.match(head, bytes, NOBODY)).toBe(n)
  }
})
