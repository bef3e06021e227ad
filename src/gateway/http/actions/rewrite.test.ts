import { expect, test } from 'vitest'
import type { RewriteSpec } from '../../../core/rule.ts'
import type { Transaction } from '../filters/filter.ts'
import type { Reply } from '../reply.ts'
import { aRequest } from '../routing/fixture.cases.ts'
import { Rewrite } from './rewrite.ts'

/** The new path, '' for the same one, or the status of the refusal. */
function rewritten(spec: RewriteSpec, target: string): string | number {
  const { head, bytes } = aRequest(`OPTIONS ${target} HTTP/1.1\r\nHost: a\r\n\r\n`)
  let status = 0
  const answer = (reply: Reply) => {
    status = reply.status
  }
  const verdict = new Rewrite(spec).request({ head, bytes, answer } as Partial<Transaction> as Transaction)
  return verdict === 'next' ? head.newPath : status
}

test.each([
  ['/api', '/v1', '/api', '/v1'],
  ['/api', '/v1', '/api/x?y=/api', '/v1/x'],
  ['/api', '/v1', '/apix', ''],
  ['/api', '/v1', '/x/api', ''],
  ['/api', '', '/api/x', '/x'],
  ['/api', '', '/api', '/'],
  ['', '/v1', '/x', '/v1/x'],
  ['/api', '/api', '/api/x', ''],
  ['/api', '/v1', '*', ''],
])('prefix %s to %s: %s gives %s', (prefix, to, target, expected) => {
  expect(rewritten({ by: 'prefix', prefix, to }, target)).toBe(expected)
})

test.each([
  ['^/u/([0-9]+)', '/users/$1', '/u/12/x?a', '/users/12/x'],
  ['^/u/([0-9]+)', '/users/$1', '/u/x', ''],
  ['-', '_', '/a-b-c', '/a_b-c'],
  // What is left would be read as another path, or is none.
  ['^/a', '/', '/a../b', 400],
  ['^/a', '', '/ab', 400],
  ['2f', '', '/a%2fb', 400],
])('regex %s to %s: %s gives %s', (regex, to, target, expected) => {
  expect(rewritten({ by: 'regex', regex, to }, target)).toBe(expected)
})
