import { expect, test } from 'vitest'
import type { FieldMatch, MatchSpec } from '../core/rule.ts'
import { covers } from './covers.ts'

function field(is: FieldMatch['is'], value = '') {
  return { headers: [{ name: 'x-a', is, value } as FieldMatch] }
}

test.each([
  [{}, { host: 'a.org', path: '/x' }, true],
  [{ host: 'a.org' }, {}, false],
  [{ host: 'a.org' }, { host: 'a.org', path: '/x' }, true],
  [{ host: '*.a.org' }, { host: 'b.c.a.org' }, true],
  [{ host: '*.a.org' }, { host: '*.b.a.org' }, true],
  [{ host: '*.a.org' }, { host: 'a.org' }, false],
  [{ host: '*.a.org' }, { host: 'ba.org' }, false],
  [{ path: '/a/*' }, { path: '/a' }, true],
  [{ path: '/a/*' }, { path: '/a/b/*' }, true],
  [{ path: '/a/*' }, { path: '/ab' }, false],
  [{ path: '/a' }, { path: '/a/*' }, false],
  [{ path: '/*' }, {}, true],
  [{ host: 'a.org', path: '/a' }, { path: '/a' }, false],
  [{ path: '/*' }, { methods: ['OPTIONS'] }, true],
  [{ pathRegex: '^/a' }, { pathRegex: '^/a' }, true],
  [{ pathRegex: '^/a' }, { path: '/ab' }, true],
  [{ pathRegex: '^/a$' }, { path: '/ab' }, false],
  [{ pathRegex: '^/a' }, { path: '/ab/*' }, false],
  [{ path: '/a/*' }, { pathRegex: '^/a/' }, false],
  [{ path: '/a/*' }, { path: '/a/b', pathRegex: 'b' }, true],
  [{ methods: ['GET', 'PUT'] }, { methods: ['PUT'] }, true],
  [{ methods: ['GET'] }, { methods: ['GET', 'PUT'] }, false],
  [{ methods: ['GET'] }, { path: '/a' }, false],
  [{ sources: ['10.0.0.0/8', '::/0'] }, { sources: ['10.1.0.0/16', '::1'] }, true],
  [{ sources: ['10.0.0.0/8'] }, { sources: ['10.1.0.0/16', '::1'] }, false],
  [{ types: ['image/*'] }, { types: ['image/png', 'image/*'] }, true],
  [{ types: ['image/png'] }, { types: ['image/*'] }, false],
  [{ types: ['image/*'] }, { types: ['images/png'] }, false],
  [{ size: { least: 1, most: null } }, { size: { least: 2, most: 9 } }, true],
  [{ size: { least: 0, most: 9 } }, { size: { least: 2, most: null } }, false],
  [{ size: { least: 0, most: 9 } }, {}, false],
  [{ size: { least: 0, most: null } }, {}, true],
  [field('present'), field('exact', 'a'), true],
  [field('present'), field('absent'), false],
  [field('absent'), field('absent'), true],
  [field('absent'), {}, false],
  [field('exact', 'a'), field('exact', 'a'), true],
  [field('exact', 'a'), field('exact', 'b'), false],
  [field('exact', 'a'), field('present'), false],
  [field('prefix', 'a'), field('exact', 'ab'), true],
  [field('prefix', 'a'), field('prefix', 'ab'), true],
  [field('prefix', 'ab'), field('prefix', 'a'), false],
  [field('prefix', 'a'), field('regex', '^a'), false],
  [field('regex', '^a'), field('exact', 'ab'), true],
  [field('regex', '^a'), field('regex', '^a'), true],
  [field('regex', '^a'), field('prefix', 'ab'), false],
  [field('exact', 'a'), { cookies: field('exact', 'a').headers }, false],
  [{ query: field('exact', 'a').headers }, { query: field('exact', 'a').headers, path: '/a' }, true],
  [{ cookies: field('present').headers }, { cookies: field('present').headers }, true],
])('%j before %j covers it: %s', (earlier: MatchSpec, later: MatchSpec, expected) => {
  expect(covers(earlier, later)).toBe(expected)
})
