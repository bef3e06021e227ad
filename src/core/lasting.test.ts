import { expect, test } from 'vitest'
import { lastingSince } from './lasting.ts'

interface Thing {
  readonly id: string
  readonly price?: number | undefined
  readonly zone?: string | undefined
  readonly pools: Readonly<Record<string, { readonly weight: number; readonly probes: readonly number[] }>>
}

const thing = (over: Partial<Thing> = {}): Thing => ({
  id: 'a',
  pools: { web: { weight: 100, probes: [1, 2] } },
  ...over,
})

test('what is equal, however deep, stays the object that it was', () => {
  const before = [thing({ id: 'b' }), thing({ price: Number.NaN })]
  const last = lastingSince(before)
  expect(last(thing({ price: Number.NaN }))).toBe(before[1])
  expect(last(thing({ id: 'b' }))).toBe(before[0])
})

test.each([
  { name: 'another id', now: thing({ id: 'c' }) },
  { name: 'a part more', now: thing({ price: 1 }) },
  { name: 'a part less', now: thing(), before: thing({ price: 1 }) },
  { name: 'a part of another name', now: thing({ price: undefined }), before: thing({ zone: undefined }) },
  { name: 'another value inside', now: thing({ pools: { web: { weight: 100, probes: [1, 3] } } }) },
  { name: 'nothing inside', now: thing({ pools: {} }) },
])('$name makes it the new one', ({ now, before = thing() }) => {
  expect(lastingSince([before])(now)).toBe(now)
})
