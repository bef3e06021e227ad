import { expect, test } from 'vitest'
import { byKey } from './split.ts'

const KEYS = Array.from({ length: 4000 }, (_, n) => `10.0.${n >> 8}.${n & 255}`)

function chosen(weights: Readonly<Record<string, number>>): readonly string[] {
  const shares = Object.entries(weights).map(([name, weight]) => ({ pool: { name }, weight }))
  return KEYS.map((key) => byKey(shares, key).name)
}

function share(names: readonly string[], name: string): number {
  return names.filter((one) => one === name).length / names.length
}

test('clients are spread by weight, and always to the same pool', () => {
  const names = chosen({ stable: 95, canary: 5 })
  expect(share(names, 'canary')).toBeGreaterThan(0.04)
  expect(share(names, 'canary')).toBeLessThan(0.06)
  expect(chosen({ stable: 95, canary: 5 })).toEqual(names)
})

test('weight 0 gets nobody', () => {
  expect(share(chosen({ stable: 1, canary: 0 }), 'stable')).toBe(1)
  expect(share(chosen({ canary: 0, stable: 1 }), 'stable')).toBe(1)
})

test('when weights change, only as many move as must', () => {
  const before = chosen({ stable: 90, canary: 5, beta: 5 })
  const after = chosen({ stable: 80, canary: 15, beta: 5 })
  const moved = KEYS.filter((_, n) => before[n] !== after[n])
  expect(moved.length / KEYS.length).toBeLessThan(0.12)
  expect(KEYS.filter((_, n) => before[n] === 'canary' && after[n] !== 'canary')).toEqual([])
})
