import { expect, test } from 'vitest'
import { aFleet, aPool } from '../../../test/kit/admin.ts'
import { untranslated } from '../../../test/kit/chinese.ts'
import { idleLines, poolLine } from './status.ts'

const [server] = aFleet().servers
const priced = [0.2, 0.4, null].map((price) => ({ ...server!, price }))

test.each([
  [{ reserve: 0, kept: 0 }, []],
  [{ reserve: 2, kept: 0 }, ['api: kept ready: 2 in reserve']],
  [{ reserve: 2, kept: 1 }, ['api: kept ready: 2 in reserve, 1 stopped']],
  [{ reserve: 0, kept: 3 }, ['api: kept ready: 3 stopped']],
  [{ reserve: 2, kept: 1, servers: priced }, ['api: kept ready: 2 in reserve (0.60 an hour), 1 stopped']],
])('of %j tells what is paid for and not needed now', (over, expected) => {
  const lines = idleLines(aFleet(over))
  expect(lines).toEqual(expected)
  expect(untranslated(lines)).toEqual([])
})

test('of a pool tells its load, or who does not tell it', () => {
  const lines = [aPool(), aPool({ balancer: 'shop', rps: null, inFlight: null })].map(poolLine)
  expect(lines).toEqual([
    'pool api (least-connections): 12.5/s, 3 in flight',
    'pool api (least-connections): balancer shop tells no load',
  ])
  expect(untranslated(lines)).toEqual([])
})
