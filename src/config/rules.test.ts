import { expect, test } from 'vitest'
import { covers } from './rules.ts'

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
])('%j before %j covers it: %s', (earlier, later, expected) => {
  expect(covers(earlier, later)).toBe(expected)
})
