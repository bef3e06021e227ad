import fc from 'fast-check'
import { expect, test } from 'vitest'
import { covers } from '../../src/config/covers.ts'
import type { FieldMatch, MatchSpec } from '../../src/core/rule.ts'
import { aRequest } from '../../src/gateway/http/routing/fixture.cases.ts'
import { Routes } from '../../src/gateway/http/routing/routes.ts'

/** Few words, so that rules and requests meet often. */
const name = fc.constantFrom('x-a', 'x-b')
const value = fc.constantFrom('a', 'ab', 'abc', 'b')
const field: fc.Arbitrary<FieldMatch> = fc.oneof(
  fc.record({ name, is: fc.constantFrom('present' as const, 'absent' as const) }),
  fc.record({ name, is: fc.constantFrom('exact' as const, 'prefix' as const), value }),
  fc.record({ name, is: fc.constant('regex' as const), value: fc.constantFrom('^a', 'b', 'c$') }),
)
const some = <T>(items: readonly T[]) =>
  fc.uniqueArray(fc.constantFrom(...items), { minLength: 1, maxLength: 2 })
const fields = fc.array(field, { minLength: 1, maxLength: 2 })
const rule: fc.Arbitrary<MatchSpec> = fc.record(
  {
    host: fc.constantFrom('a.org', '*.a.org', 'b.a.org', '*.b.a.org'),
    path: fc.constantFrom('/*', '/a', '/a/*', '/a/b', '/a/b/*', '/ab', '/'),
    pathRegex: fc.constantFrom('^/a', 'b$', '^/a/b$'),
    methods: some(['GET', 'PUT', 'OPTIONS']),
    headers: fields,
    cookies: fields,
    query: fields,
    sources: some(['10.0.0.0/8', '10.1.0.0/16', '10.1.0.1', '::/0', '2001:db8::/32']),
    types: some(['image/*', 'image/png', 'text/plain']),
    size: fc.record({ least: fc.nat(3), most: fc.option(fc.nat(3)) }),
  },
  { requiredKeys: [] },
)

/** Rules that ask for little meet often. */
const loose = fc
  .tuple(rule, fc.constantFrom(1, 2))
  .map(([one, most]): MatchSpec => Object.fromEntries(Object.entries(one).slice(0, most)))

const pairs = fc.array(fc.tuple(name, value), { maxLength: 3 })
const request = fc
  .record({
    method: fc.constantFrom('GET', 'PUT', 'OPTIONS'),
    host: fc.constantFrom('a.org', 'b.a.org', 'c.b.a.org', 'A.ORG:80', 'z.org'),
    path: fc.constantFrom('/', '/a', '/a/', '/a/b', '/a/b/c', '/ab', '/a%20b'),
    headers: pairs,
    cookies: pairs,
    query: pairs,
    type: fc.constantFrom('', 'Content-Type: image/png', 'Content-Type: Text/Plain; x'),
    body: fc.constantFrom('', 'Content-Length: 0', 'Content-Length: 2', 'Transfer-Encoding: chunked'),
    client: fc.constantFrom('10.1.0.1', '10.2.0.1', '192.0.2.1', '2001:db8::1', '::1'),
  })
  .map(({ method, host, path, headers, cookies, query, type, body, client }) => {
    const cookie = cookies.map((pair) => pair.join('=')).join('; ')
    const lines = [
      `Host: ${host}`,
      ...headers.map((pair) => pair.join(': ')),
      cookie === '' ? '' : `Cookie: ${cookie}`,
      type,
      body,
    ].filter((line) => line !== '')
    const target = `${path}${query.length === 0 ? '' : `?${query.map((pair) => pair.join('=')).join('&')}`}`
    return { text: `${method} ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`, client }
  })

const by = (clientAddress: string) => ({ clientAddress, certificateNames: null })

function matches(rule: MatchSpec, { text, client }: { text: string; client: string }): boolean {
  const { head, bytes } = aRequest(text)
  return new Routes([[rule, true]], false).match(head, bytes, by(client)) === true
}

test('a rule that is refused as unreachable matches nothing that the earlier one does not', () => {
  let covered = 0
  fc.assert(
    fc.property(
      loose,
      fc.oneof(rule, loose),
      fc.array(request, { minLength: 5, maxLength: 5 }),
      (earlier, later, requests) => {
        if (!covers(earlier, later)) return
        covered++
        for (const one of requests) if (matches(later, one)) expect(matches(earlier, one)).toBe(true)
      },
    ),
    { numRuns: 5000 },
  )
  expect(covered).toBeGreaterThan(50)
})

test('every rule covers itself', () => {
  fc.assert(fc.property(rule, (one) => covers(one, one)))
})

test('of many rules the first that matches alone is the one that is found', () => {
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 12 }), request, (rules, one) => {
      const { head, bytes } = aRequest(one.text)
      const routes = new Routes(
        rules.map((match, at) => [match, at] as const),
        -1,
      )
      expect(routes.match(head, bytes, by(one.client))).toBe(rules.findIndex((match) => matches(match, one)))
    }),
    { numRuns: 2000 },
  )
})
