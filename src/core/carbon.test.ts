import { expect, test } from 'vitest'
import { byDearness, type CarbonRates, dearness, gramsAt, usualWhereUnknown } from './carbon.ts'

const HOUR = 3_600_000
const NOON = Date.UTC(2027, 0, 5, 12)
const flat = (grams: number) => Array<number>(24).fill(grams)
const rates = (over: Partial<CarbonRates['carbon']> = {}): CarbonRates => ({
  carbon: { everywhere: flat(500), zones: {}, perTonne: 0, ...over },
  watts: { idle: 100, peak: 200 },
  timezone: 'UTC',
})

test('grams are power times the intensity of the hour, by the clocks of the fleet', () => {
  const everywhere = flat(500).with(12, 300).with(20, 800)
  const at = (when: number, timezone: string) =>
    gramsAt({ ...rates({ everywhere }), timezone }, when, 1)({ zone: 'a' })
  expect(at(NOON, 'UTC')).toBeCloseTo(60)
  expect(at(NOON + HOUR, 'UTC')).toBeCloseTo(100)
  expect(at(NOON, 'Asia/Shanghai')).toBeCloseTo(160)
})

test('a zone of the file counts before what holds everywhere, and nothing is made up', () => {
  const grams = gramsAt(rates({ zones: { b: flat(50) } }), NOON, null)
  expect([grams({ zone: 'a' }), grams({ zone: 'b' }), grams({})]).toEqual([75, 7.5, 75])
  const unknown = gramsAt(rates({ everywhere: null, zones: { b: flat(50) } }), NOON, null)
  expect([unknown({ zone: 'a' }), unknown({ zone: 'b' })]).toEqual([null, 7.5])
  expect(gramsAt({ ...rates(), watts: null }, NOON, null)({ type: 'big' })).toBeNull()
  expect(gramsAt({ ...rates(), watts: null }, NOON, 1)({ type: 'ecs.g7.large' })).toBeCloseTo(3.5)
})

test('carbon tells equals apart, and counts with prices as much as a tonne does', () => {
  const [dear, dirty] = [
    { price: 1.01, grams: 10 },
    { price: 1, grams: 400 },
  ]
  const order = (perTonne: number) => {
    const spec = rates({ perTonne }).carbon
    const [a, b] = [dear, dirty].map(({ price, grams }) => dearness(price, grams, spec)) as [never, never]
    return Math.sign(byDearness(a, b))
  }
  expect([order(0), order(20), order(30)]).toEqual([1, 1, -1])
})

test('what nobody knows counts as the mean of what is known', () => {
  const known: Readonly<Record<string, number>> = { a: 10, b: 30 }
  const gramsIn = (all: readonly string[]) => all.map(usualWhereUnknown(all, (one) => known[one] ?? null))
  expect(gramsIn(['a', 'b', 'c'])).toEqual([10, 30, 20])
  expect(gramsIn(['c', 'd'])).toEqual([0, 0])
})
