import { expect, test } from 'vitest'
import { NOON } from '../../../test/kit/scaling.ts'
import { told } from './told.ts'

const experience = { from: 0, now: 0, period: { at: 0, steps: null }, fits: [], trials: [] }

test('a forecast that is no number is none, and one that is there says when it was made', () => {
  const of = (expected: number, high: number) => told({ forecast: { expected, high }, experience }, NOON)
  expect(of(1, 2)).toEqual({ expected: 1, high: 2, madeAt: NOON })
  expect(of(1, Number.POSITIVE_INFINITY)).toEqual({ why: 'the forecast is no number' })
  expect(of(Number.NaN, 2)).toEqual({ why: 'the forecast is no number' })
  expect(told(null, NOON)).toEqual({ why: 'too little is known for a forecast' })
})
