import { expect, test } from 'vitest'
import { type Replacement, replacementText } from './replacement.ts'

const NONE = { revision: 0, ordered: 0, unhealthy: 0, notice: 0 }

const text = (over: Partial<Replacement>) =>
  replacementText('api', { state: 'replacing', goal: '', old: NONE, fresh: 3, of: 5, failed: [], ...over })

test.each<[Partial<Replacement>, string]>([
  [{ old: { ...NONE, revision: 2 } }, 'replacing: 3 of 5 are of the new revision'],
  [{ old: { ...NONE, ordered: 2 } }, 'replacing: 3 of 5 were launched since the order'],
  [{ old: { ...NONE, notice: 1 } }, 'replacing: 1 server is about to be taken away'],
  [{ old: { ...NONE, notice: 2 } }, 'replacing: 2 servers are about to be taken away'],
  [{ old: { ...NONE, unhealthy: 1 } }, 'replacing: 1 server stays unhealthy'],
  [{ old: { ...NONE, unhealthy: 2 } }, 'replacing: 2 servers stay unhealthy'],
  [{ fresh: 5 }, 'replacing: 5 of 5'],
  [{ state: 'paused', old: { ...NONE, revision: 2 } }, 'replacement paused: 3 of 5 are of the new revision'],
  [
    { state: 'stopped', old: { ...NONE, revision: 2 }, failed: ['a', 'b'] },
    'replacement stopped: 2 servers of the new revision failed; the old ones go on; a new revision or `tidegate replace api` tries again',
  ],
  [
    { state: 'stopped', old: { ...NONE, ordered: 5 }, failed: ['a'] },
    'replacement stopped: 1 server that came in the place of others failed; the old ones go on; a new revision or `tidegate replace api` tries again',
  ],
])('%j: %s', (over, expected) => {
  expect(text(over)).toBe(expected)
})
