import { expect, test } from 'vitest'
import { orderLine, timeOf } from './format.ts'

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
