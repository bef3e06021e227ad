import { expect, test } from 'vitest'
import { aFleet } from '../../../test/kit/admin.ts'
import { untranslated } from '../../../test/kit/chinese.ts'
import { idleLines } from './status.ts'

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
