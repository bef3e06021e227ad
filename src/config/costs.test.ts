import { expect, test } from 'vitest'
import { alicloudEcs } from '../drivers/alicloud/module.ts'
import { fake, file, problemsOf } from './fixture.cases.ts'

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

test('and of none that the file or the driver has prices for', () => {
  expect(problemsOf(fleet('price: { per-hour: 0.5 }, budget: { amount: 500 }'))).toEqual([])
  expect(problemsOf(fleet('price: { types: { big: 2 } }, budget: { amount: 500 }'))).toEqual([])
  const drivers = { fake: { ...fake, prices: alicloudEcs.prices! } }
  expect(problemsOf(fleet('budget: { amount: 500 }'), { drivers })).toEqual([])
})
