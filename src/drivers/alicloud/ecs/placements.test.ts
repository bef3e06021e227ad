import { expect, test } from 'vitest'
import type { EcsTemplate, Spot } from './config.ts'
import type { Instance } from './instances.ts'
import { numberOf, onDemandOf, placementsOf } from './placements.ts'

const SPOT: Spot = { base: 0, share: 1, priceLimit: null }

function aTemplate(over: Partial<EcsTemplate>): EcsTemplate {
  return {
    instanceTypes: ['large', 'xlarge', 'huge'],
    vSwitches: ['a', 'b'],
    image: 'm',
    securityGroups: ['sg'],
    launchTemplate: null,
    name: '',
    userData: '',
    keyPair: '',
    ramRole: '',
    disk: null,
    tags: {},
    privatePool: '',
    prefer: 'order',
    spot: null,
    ...over,
  }
}

const instance = (isSpot: boolean, vSwitch = 'a') => ({ isSpot, vSwitch }) as Instance
const held = (onDemand: number, spot: number) => [
  ...Array.from({ length: onDemand }, () => instance(false)),
  ...Array.from({ length: spot }, () => instance(true)),
]

test.each<[string, Partial<Spot>, number, number, number, number]>([
  ['the base comes first', { base: 2 }, 0, 0, 3, 2],
  ['no more than are bought', { base: 5 }, 0, 0, 3, 3],
  ['a base that is there is not bought again', { base: 2 }, 2, 1, 3, 0],
  ['of the others a share is on demand', { base: 1, share: 0.5 }, 0, 0, 5, 3],
  ['a share of all, not of this launch alone', { share: 0.75 }, 1, 3, 4, 1],
  ['what the market had not before is not made good by more', { share: 0.5 }, 4, 0, 2, 0],
  ['no spot servers of the others', { share: 0 }, 0, 0, 4, 4],
])('%s', (_, spot, onDemand, spots, count, expected) => {
  expect(onDemandOf(aTemplate({ spot: { ...SPOT, ...spot } }), held(onDemand, spots), count)).toBe(expected)
})

const typesIn = (over: Partial<EcsTemplate>, prices: Readonly<Record<string, number>>) => {
  const all = placementsOf(aTemplate(over), [], ({ instanceType, spot }) =>
    spot ? (prices[`${instanceType} spot`] ?? null) : (prices[instanceType] ?? null),
  )
  return [...new Set(all.map(({ instanceType, spot }) => `${instanceType}${spot ? ' spot' : ''}`))]
}

test('types are tried in the order of the file, or of their prices, those without one last', () => {
  const prices = { large: 0.9, huge: 0.5, 'xlarge spot': 0.1 }
  expect(typesIn({}, prices)).toEqual(['large', 'xlarge', 'huge'])
  expect(typesIn({ prefer: 'price' }, prices)).toEqual(['huge', 'large', 'xlarge'])
  const spot = ['xlarge spot', 'large spot', 'huge spot']
  expect(typesIn({ prefer: 'price', spot: SPOT }, prices)).toEqual([...spot, 'huge', 'large', 'xlarge'])
})

test('of zones the emptiest is tried first', () => {
  const [first] = placementsOf(aTemplate({}), [instance(false, 'a')], () => null)
  expect(first).toEqual({ instanceType: 'large', vSwitch: 'b', spot: false })
})

test('no two calls of a launch have one number, in whatever order placements are tried', () => {
  const template = aTemplate({ spot: SPOT })
  const placements = placementsOf(template, [], () => null)
  const numbers = [0, 1, 2].flatMap((nth) => placements.map((one) => numberOf(template, one, nth)))
  expect(new Set(numbers).size).toBe(3 * placements.length)
  expect(Math.min(...numbers)).toBe(0)
})
