import { expect, test } from 'vitest'
import type { ClbOrder } from './order.ts'
import { creationText, priceText } from './order-text.ts'

const ORDER: ClbOrder = {
  specification: 'slb.s2.small',
  address: 'internet',
  vswitch: null,
  zones: [],
  bandwidth: null,
  isProtected: false,
  tags: {},
}

test.each([
  [{}, 'about 0.34 CNY an hour and what it sends (2019 list of Hangzhou)'],
  [{ bandwidth: 10 }, 'about 1.24 CNY an hour (2019 list of Hangzhou)'],
  [{ address: 'intranet' as const }, 'about 0.32 CNY an hour (2019 list of Hangzhou)'],
  [{ specification: null }, null],
  [{ specification: 'slb.s9.huge' }, null],
])('tells what it costs, where the list does: %o', (order, price) => {
  expect(priceText({ ...ORDER, ...order })).toBe(price)
})

test('tells what is created', () => {
  expect(creationText(ORDER)).toBe('create slb.s2.small at an internet address')
  expect(creationText({ ...ORDER, specification: null, address: 'intranet' })).toBe(
    'create one billed by use at an intranet address',
  )
})
