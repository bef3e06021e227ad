import { expect, test } from 'vitest'
import { untranslated } from '../../test/kit/chinese.ts'
import { orderLine, orderLines, timeOf } from './format.ts'

const NOW = 1_800_000_000_000
const order = { id: 1, scope: 'fleet:api', at: NOW, untilAt: null, by: 'cli:ann' } as const

test('an order says how it ends', () => {
  expect(orderLine({ ...order, kind: 'pause', direction: 'in' })).toBe(
    `scaling in paused by cli:ann since ${timeOf(NOW)}, until taken back`,
  )
  expect(orderLine({ ...order, kind: 'replace' })).toBe(
    `every server of before replaced by cli:ann since ${timeOf(NOW)}, until that is done`,
  )
  expect(orderLine({ ...order, kind: 'pin', desired: 5, untilAt: NOW + 60_000 })).toBe(
    `pinned to 5 by cli:ann since ${timeOf(NOW)}, until ${timeOf(NOW + 60_000)}`,
  )
})

test('a pin that the limits do not allow says what they make of it', () => {
  const pin = (desired: number) =>
    orderLines({ min: 2, max: 6, orders: [{ ...order, kind: 'pin', desired }] })[0]!.split('; ')[1]
  expect([1, 2, 6, 99].map(pin)).toEqual(['min makes it 2', undefined, undefined, 'max makes it 6'])
  const lines = [1, 99].flatMap((desired) =>
    orderLines({ min: 2, max: 6, orders: [{ ...order, kind: 'pin', desired }] }),
  )
  expect(untranslated(lines)).toEqual([])
})
