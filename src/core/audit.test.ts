import { expect, test } from 'vitest'
import { differences } from './audit.ts'
import type { Order } from './order.ts'

const pin = (id: number, desired: number): Order => ({
  kind: 'pin',
  desired,
  id,
  scope: 'fleet:api',
  at: 1,
  untilAt: null,
  by: 'ann',
})

test('tells what went and what came, and nothing of what stayed', () => {
  const before = { orders: [pin(1, 3), pin(2, 4)], revision: 'a', shadow: null }
  const after = { orders: [pin(2, 4), pin(3, 5)], revision: 'a', shadow: null }
  expect(differences(before, after)).toEqual({
    before: { orders: [pin(1, 3)] },
    after: { orders: [pin(3, 5)] },
  })
})

test('tells of another configuration, in force and in shadow', () => {
  const orders = [pin(1, 3)]
  expect(
    differences({ orders, revision: 'a', shadow: null }, { orders, revision: 'b', shadow: 'next.yaml (1)' }),
  ).toEqual({
    before: { revision: 'a', shadow: null },
    after: { revision: 'b', shadow: 'next.yaml (1)' },
  })
})
