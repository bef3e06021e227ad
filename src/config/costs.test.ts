import { expect, test } from 'vitest'
import { alicloudEcs } from '../drivers/alicloud/module.ts'
import { fake, file, problemsOf } from './fixture.cases.ts'
import { checkSettings } from './load.ts'

const fleet = (keys: string) =>
  file({ api: 'api: { fleet: f }', fleets: `f: { driver: fake, command: run, max: 1, ${keys} }` }).replaceAll(
    '§',
    '',
  )

test('warns of a budget that nobody can count', () => {
  const [warning, ...more] = problemsOf(fleet('budget: { amount: 500 }'))
  expect(more).toEqual([])
  expect(warning).toMatchObject({ level: 'warning', path: 'fleets.f.budget.amount' })
  expect(warning!.message).toBe(
    'driver fake does not know what a server costs, so that the budget is never used up; give the fleet a price, such as price: { per-hour: 0.5 }',
  )
})

test('warns of carbon that nobody can count', () => {
  const [warning, ...more] = problemsOf(fleet('carbon: { intensity: 540 }'))
  expect(more).toEqual([])
  expect(warning).toMatchObject({ level: 'warning', path: 'fleets.f.carbon' })
  expect(warning!.message).toBe(
    'driver fake does not know what a server draws, so that its carbon is never counted; give the fleet its watts, such as watts: { idle: 60, peak: 180 }',
  )
  expect(problemsOf(fleet('carbon: { intensity: 540 }, watts: { idle: 60, peak: 180 }'))).toEqual([])
})

test('reads carbon as one number or 24, everywhere and by zone', () => {
  const hours = Array.from({ length: 24 }, (_, hour) => 400 + hour)
  const keys = `carbon: { intensity: 540, zones: { b: [${hours}] }, per-tonne: 70 }, watts: { idle: 60, peak: 180 }`
  const loaded = checkSettings(
    fleet(keys).replace('driver: fake', 'driver: local').replace('command: run', 'command: [run]'),
    'f.yaml',
    { env: {}, now: 0 },
  )
  expect(loaded.ok && loaded.settings.fleets[0]!.carbon).toEqual({
    everywhere: Array<number>(24).fill(540),
    zones: { b: hours },
    perTonne: 70,
  })
})

test('and of none that the file or the driver has prices for', () => {
  expect(problemsOf(fleet('price: { per-hour: 0.5 }, budget: { amount: 500 }'))).toEqual([])
  expect(problemsOf(fleet('price: { types: { big: 2 } }, budget: { amount: 500 }'))).toEqual([])
  const drivers = { fake: { ...fake, prices: alicloudEcs.prices! } }
  expect(problemsOf(fleet('budget: { amount: 500 }'), { drivers })).toEqual([])
})

test('warns of zones alone: what stands elsewhere is not counted', () => {
  const watts = 'watts: { idle: 60, peak: 180 }'
  const of = (carbon: string) =>
    problemsOf(fleet(`carbon: ${carbon}, ${watts}`)).filter(({ path }) => path !== 'fleets.f.carbon.zones.b')
  const [warning, ...more] = of('{ zones: { b: 540 } }')
  expect(more).toEqual([])
  expect(warning).toMatchObject({ level: 'warning', path: 'fleets.f.carbon.zones' })
  expect(warning!.message).toBe(
    'servers that stand elsewhere are not counted; say beside zones what a kWh makes there, such as intensity: 540',
  )
  expect(of('{ intensity: 500, zones: { b: 540 } }')).toEqual([])
})
