import { expect, test } from 'vitest'
import { Elasticity } from './elasticity.ts'

test('shares of what was needed, and of the time', () => {
  const elasticity = new Elasticity()
  elasticity.add(10, 10)
  elasticity.add(10, 5)
  elasticity.add(4, 5)
  elasticity.add(1, 2)
  expect(elasticity.figures).toEqual({
    underProvisionedPct: 12.5,
    overProvisionedPct: 31.25,
    underTimePct: 25,
    overTimePct: 50,
  })
  expect(new Elasticity().figures.underTimePct).toBe(0)
})
