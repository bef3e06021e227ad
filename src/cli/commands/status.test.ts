import { expect, test } from 'vitest'
import { aBalancer, aFleet, aPool } from '../../../test/kit/admin.ts'
import { untranslated } from '../../../test/kit/chinese.ts'
import { balancerLines, idleLines, poolLine } from './status.ts'

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

test('of a balancer tells why it is not as it should be, and what is left of one that the file has no more', () => {
  const left =
    'the file orders shop no more, and lb-1, which was created for it, is paid, about 0.34 CNY an hour (2019 list of Hangzhou); delete it there, or with `tidegate down --balancers`, or put it back'
  const all = [aBalancer(), aBalancer({ blind: 'it has not looked yet' }), aBalancer({ left })]
  const lines = all.flatMap(balancerLines)
  expect(lines).toEqual(['gateway: blind: it has not looked yet', left])
  expect(untranslated(lines)).toEqual([])
})
