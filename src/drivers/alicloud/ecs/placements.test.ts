import { expect, test } from 'vitest'
import { NOON } from '../../../../test/kit/scaling.ts'
import type { CarbonRates, CarbonSpec } from '../../../core/carbon.ts'
import type { EcsTemplate, Spot } from './config.ts'
import type { Instance } from './instances.ts'
import { choiceOf, NO_CHOICE, numberOf, onDemandOf, placementsOf } from './placements.ts'
import type { Offer } from './prices.ts'

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

const typesIn = (
  over: Partial<EcsTemplate>,
  prices: Readonly<Record<string, number>>,
  carbon: CarbonRates | null = null,
) => {
  const of = ({ instanceType, spot }: Offer) => prices[`${instanceType}${spot ? ' spot' : ''}`] ?? null
  const all = placementsOf(aTemplate(over), [], choiceOf({ prices: { of }, carbon }, [], NOON))
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
  const [first] = placementsOf(aTemplate({}), [instance(false, 'a')], NO_CHOICE)
  expect(first).toEqual({ instanceType: 'large', vSwitch: 'b', spot: false })
})

test('no two calls of a launch have one number, in whatever order placements are tried', () => {
  const template = aTemplate({ spot: SPOT })
  const placements = placementsOf(template, [], NO_CHOICE)
  const numbers = [0, 1, 2].flatMap((nth) => placements.map((one) => numberOf(template, one, nth)))
  expect(new Set(numbers).size).toBe(3 * placements.length)
  expect(Math.min(...numbers)).toBe(0)
})

const carbonOf = (over: Partial<CarbonSpec>): CarbonRates => ({
  carbon: { everywhere: Array<number>(24).fill(500), zones: {}, perTonne: 0, ...over },
  watts: null,
  timezone: 'UTC',
})

test('of types at one price that which makes less carbon is tried first, and of others as a tonne counts', () => {
  const types = ['ecs.g7.2xlarge', 'ecs.c7.xlarge', 'ecs.g7.large']
  const prices = { 'ecs.g7.2xlarge': 0.5, 'ecs.c7.xlarge': 0.5, 'ecs.g7.large': 0.501 }
  const tried = (perTonne: number) =>
    typesIn({ prefer: 'price', instanceTypes: types }, prices, carbonOf({ perTonne }))
  expect(tried(0)).toEqual(['ecs.c7.xlarge', 'ecs.g7.2xlarge', 'ecs.g7.large'])
  expect(tried(1000)).toEqual(['ecs.g7.large', 'ecs.c7.xlarge', 'ecs.g7.2xlarge'])
  expect(typesIn({ instanceTypes: types }, prices, carbonOf({ perTonne: 1000 }))).toEqual(types)
})

test('of zones that hold as many servers the one comes first whose power is cleaner, as far as servers tell their zones', () => {
  const zonesBy = (
    zones: CarbonSpec['zones'],
    fleet: readonly Instance[],
    over: Partial<CarbonSpec> = {},
    vSwitches = ['a', 'b'],
  ) => {
    const carbon = carbonOf({ zones, ...over })
    const choice = choiceOf({ prices: { of: () => null }, carbon }, fleet, NOON)
    const template = aTemplate({ instanceTypes: ['ecs.g7.large'], vSwitches })
    return placementsOf(template, fleet, choice).map(({ vSwitch }) => vSwitch)
  }
  const clean = Array<number>(24).fill(50)
  const at = (vSwitch: string) => ({ isSpot: false, vSwitch, zone: `zone-${vSwitch}` }) as Instance
  expect(zonesBy({}, [])).toEqual(['a', 'b'])
  expect(zonesBy({ 'zone-b': clean }, [])).toEqual(['a', 'b'])
  expect(zonesBy({ 'zone-b': clean }, [at('a'), at('b')])).toEqual(['b', 'a'])
  expect(zonesBy({ 'zone-b': clean }, [at('b')])).toEqual(['a', 'b'])
  const some = { 'zone-b': clean, 'zone-c': clean.map((grams) => 20 * grams) }
  const all = [at('a'), at('b'), at('c')]
  expect(zonesBy(some, all, { everywhere: null }, ['a', 'c', 'b'])).toEqual(['b', 'a', 'c'])
})
