import { expect, test } from 'vitest'
import type { MatchSpec } from '../../../core/rule.ts'
import { aRequest } from './fixture.cases.ts'
import { testsOf } from './tests.ts'

/** Does a request with this first line and these header lines pass? */
function passes(
  match: MatchSpec,
  target: string,
  lines: readonly string[] = [],
  clientAddress = '192.0.2.1',
) {
  const { head, bytes } = aRequest(
    `${target} HTTP/1.1\r\nHost: a\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`,
  )
  const asking = { clientAddress, certificateNames: null }
  return testsOf(match).every((test) => test(head, bytes, asking))
}

test('host and path alone need no test', () => {
  expect(testsOf({ host: 'a', path: '/a' })).toEqual([])
})

test('methods: one of them, HEAD is none of GET', () => {
  expect(passes({ methods: ['GET', 'PUT'] }, 'PUT /')).toBe(true)
  expect(passes({ methods: ['GET'] }, 'HEAD /')).toBe(false)
})

test('path-regex: found anywhere in the path, not in the query', () => {
  expect(passes({ pathRegex: 'users/\\d+' }, 'GET /v1/users/12/x')).toBe(true)
  expect(passes({ pathRegex: '^/users/\\d+$' }, 'GET /v1/users/12')).toBe(false)
  expect(passes({ pathRegex: 'admin' }, 'GET /?admin')).toBe(false)
})

test('a pattern that would take another engine for ever takes no time', () => {
  expect(passes({ pathRegex: '^/(a+)+$' }, `GET /${'a'.repeat(5000)}!`)).toBe(false)
})

test.each<[MatchSpec['headers'], readonly string[], boolean]>([
  [[{ name: 'x-a', is: 'exact', value: '1' }], ['X-A:  1 '], true],
  [[{ name: 'x-a', is: 'exact', value: '1' }], ['X-A: 12'], false],
  [[{ name: 'x-a', is: 'exact', value: '1' }], ['X-A: 2', 'x-a: 1'], true],
  [[{ name: 'x-a', is: 'exact', value: '1' }], ['X-AB: 1'], false],
  [[{ name: 'x-a', is: 'prefix', value: 'b' }], ['x-a: be'], true],
  [[{ name: 'x-a', is: 'prefix', value: 'b' }], ['x-a: abe'], false],
  [[{ name: 'x-a', is: 'regex', value: '^b+$' }], ['x-a: bb'], true],
  [[{ name: 'x-a', is: 'regex', value: '^b+$' }], ['x-a: bbc'], false],
  [[{ name: 'x-a', is: 'present' }], ['x-a:'], true],
  [[{ name: 'x-a', is: 'present' }], [], false],
  [[{ name: 'x-a', is: 'absent' }], [], true],
  [[{ name: 'x-a', is: 'absent' }], ['x-a: 1'], false],
  [
    [
      { name: 'x-a', is: 'present' },
      { name: 'x-b', is: 'present' },
    ],
    ['x-a: 1'],
    false,
  ],
])('headers %j of %j: %s', (headers, lines, expected) => {
  expect(passes({ headers: headers! }, 'GET /', lines)).toBe(expected)
})

test.each<[NonNullable<MatchSpec['cookies']>[number], readonly string[], boolean]>([
  [{ name: 'beta', is: 'exact', value: '1' }, ['Cookie: a=b; beta=1; c=d'], true],
  [{ name: 'beta', is: 'exact', value: '1' }, ['Cookie: a=b', 'Cookie: beta=1'], true],
  [{ name: 'beta', is: 'exact', value: '1' }, ['Cookie: xbeta=1'], false],
  [{ name: 'Beta', is: 'present' }, ['Cookie: beta=1'], false],
  [{ name: 'beta', is: 'exact', value: 'a=b' }, ['Cookie: beta=a=b'], true],
  [{ name: 'beta', is: 'absent' }, ['Cookie: a=1'], true],
])('cookie %j of %j: %s', (cookie, lines, expected) => {
  expect(passes({ cookies: [cookie] }, 'GET /', lines)).toBe(expected)
})

test.each<[NonNullable<MatchSpec['query']>[number], string, boolean]>([
  [{ name: 'v', is: 'exact', value: '2' }, '/?v=2', true],
  [{ name: 'v', is: 'exact', value: '2' }, '/?a&v=2&b', true],
  [{ name: 'v', is: 'exact', value: '2' }, '/?v=1&v=2', true],
  [{ name: 'v', is: 'exact', value: 'a b' }, '/?v=a+b', true],
  [{ name: 'v w', is: 'exact', value: 'a&b' }, '/?v%20w=a%26b', true],
  [{ name: 'v', is: 'present' }, '/?v', true],
  [{ name: 'v', is: 'present' }, '/?', false],
  [{ name: 'v', is: 'present' }, '/v=', false],
  [{ name: 'v', is: 'absent' }, '/?%76=1', false],
  [{ name: 'v', is: 'exact', value: '%zz' }, '/?v=%zz', true],
])('parameter %j of %s: %s', (parameter, target, expected) => {
  expect(passes({ query: [parameter] }, `GET ${target}`)).toBe(expected)
})

test('sources: the client is in one of the networks', () => {
  const match = { sources: ['10.0.0.0/8', '2001:db8::/32'] }
  const from = (client: string) => passes(match, 'GET /', [], client)
  expect(from('10.1.2.3')).toBe(true)
  expect(from('2001:db8::1')).toBe(true)
  expect(from('192.0.2.1')).toBe(false)
  expect(from('')).toBe(false)
})

test('client certificates: verified, and for one of the names or for whomever', () => {
  const of = (wanted: readonly string[], names: readonly string[] | null) => {
    const { head, bytes } = aRequest('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    const asking = { clientAddress: '192.0.2.1', certificateNames: names }
    return testsOf({ clientCertificate: wanted }).every((test) => test(head, bytes, asking))
  }
  expect(of(['a', 'b'], ['x', 'b'])).toBe(true)
  expect(of(['a'], ['x', 'b'])).toBe(false)
  expect(of(['a'], null)).toBe(false)
  expect(of(['*'], [])).toBe(true)
  expect(of(['*'], null)).toBe(false)
})

test('types: without parameters and case, a whole kind by its star', () => {
  const of = (types: readonly string[], type: string) =>
    passes({ types }, 'POST /', [`Content-Type: ${type}`, 'Content-Length: 0'])
  expect(of(['application/json'], 'Application/JSON; charset=utf-8')).toBe(true)
  expect(of(['application/json'], 'application/jsonp')).toBe(false)
  expect(of(['image/*', 'text/css'], 'image/png')).toBe(true)
  expect(of(['image/*'], 'images/png')).toBe(false)
  expect(passes({ types: ['image/*'] }, 'GET /')).toBe(false)
})

test('size: of the body, one of unknown length is longer than any', () => {
  const of = (least: number, most: number | null, line?: string) =>
    passes({ size: { least, most } }, 'POST /', line === undefined ? [] : [line])
  expect(of(10, null, 'Content-Length: 10')).toBe(true)
  expect(of(10, null, 'Content-Length: 9')).toBe(false)
  expect(of(0, 10, 'Content-Length: 10')).toBe(true)
  expect(of(0, 10, 'Content-Length: 11')).toBe(false)
  expect(of(10, null, 'Transfer-Encoding: chunked')).toBe(true)
  expect(of(0, 10, 'Transfer-Encoding: chunked')).toBe(false)
  expect(of(0, 0)).toBe(true)
})
