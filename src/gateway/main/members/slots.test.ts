import { expect, test } from 'vitest'
import { Slots } from './slots.ts'

const quiet = () => true

test('an owner keeps its slot', () => {
  const slots = new Slots(2)
  expect(slots.take('a')).toEqual({ slot: 0, isNew: true })
  expect(slots.take('b')).toEqual({ slot: 1, isNew: true })
  expect(slots.take('a')).toEqual({ slot: 0, isNew: false })
  expect(slots.take('c')).toBeNull()
})

test('a slot is free only after a later snapshot is acknowledged and nothing is open on it', () => {
  const slots = new Slots(1)
  slots.take('a')
  slots.keep(new Set(), 7)
  slots.reclaim(6, quiet)
  expect(slots.take('b')).toBeNull()
  slots.reclaim(7, () => false)
  expect(slots.take('b')).toBeNull()
  slots.reclaim(7, quiet)
  expect(slots.take('b')).toEqual({ slot: 0, isNew: true })
})

test('an owner that comes back at once finds its counters', () => {
  const slots = new Slots(2)
  slots.take('a')
  slots.keep(new Set(), 1)
  expect(slots.take('a')).toEqual({ slot: 0, isNew: false })
  slots.reclaim(1, quiet)
  expect(slots.take('b')).toEqual({ slot: 1, isNew: true })
})
