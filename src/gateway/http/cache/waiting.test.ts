import { expect, test } from 'vitest'
import type { Transaction } from '../filters/filter.ts'
import { Waiting } from './waiting.ts'

const someone = () => ({}) as Transaction

test('addresses whose answers are not kept are remembered, but not the long ones that only an attack is made of', () => {
  const waiting = new Waiting(() => {})
  const short = { url: 'http://a/', fields: {} }
  const long = { url: `http://a/${'x'.repeat(10_000)}`, fields: {} }
  for (const asked of [short, long]) waiting.pass(someone(), asked, 0)
  // Who comes first asks; the second waits for it unless that is of no use.
  for (const asked of [short, long]) waiting.joins(someone(), asked, 1)
  expect([short, long].map((asked) => waiting.joins(someone(), asked, 1))).toEqual([false, true])
})
