import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MOST_SOURCES, SOURCES_BYTES, Sources, SourceTable, sourceOf } from './sources.ts'

const aTable = (seed = 1) => new SourceTable(new SharedArrayBuffer(SOURCES_BYTES), seed)

test('counts are those of a map, whatever comes and goes', () => {
  const address = fc.integer({ min: 0, max: 40 }).map((nth) => `10.0.0.${nth}`)
  fc.assert(
    fc.property(
      fc.array(fc.tuple(address, fc.boolean()), { maxLength: 300 }),
      fc.integer(),
      (steps, seed) => {
        const table = aTable(seed)
        const counts = new Map<string, number>()
        for (const [from, comes] of steps) {
          const source = sourceOf(0, from)!
          const count = counts.get(from) ?? 0
          if (comes) table.enter(source)
          else if (count > 0) table.leave(source)
          counts.set(from, Math.max(0, count + (comes ? 1 : -1)))
          for (const [known, expected] of counts) expect(table.count(sourceOf(0, known)!)).toBe(expected)
        }
      },
    ),
    { numRuns: 100 },
  )
})

test('a full table counts nobody new, and has room again when somebody leaves', () => {
  const table = aTable()
  const source = (nth: number) => sourceOf(0, `10.${nth >> 16}.${(nth >> 8) & 255}.${nth & 255}`)!
  for (let nth = 0; nth < MOST_SOURCES; nth++) expect(table.enter(source(nth))).toBe(true)
  expect(table.enter(source(MOST_SOURCES))).toBe(false)
  expect(table.enter(source(0))).toBe(true)
  for (let nth = 0; nth < MOST_SOURCES; nth++) table.leave(source(nth))
  expect(table.count(source(0))).toBe(1)
  expect(table.enter(source(MOST_SOURCES))).toBe(true)
})

test('all workers count together, each listener and each address apart, and IPv6 by its network', () => {
  const tables = [aTable(), aTable()]
  const [one, two] = [new Sources(tables, 0), new Sources(tables, 1)]
  const leave = one.enter(0, '192.0.2.1', 2)
  expect(two.enter(0, '192.0.2.1', 2)).not.toBeNull()
  expect(two.enter(0, '192.0.2.1', 2)).toBeNull()
  expect(two.enter(1, '192.0.2.1', 2)).not.toBeNull()
  expect(two.enter(0, '192.0.2.2', 2)).not.toBeNull()
  leave!()
  expect(two.enter(0, '192.0.2.1', 2)).not.toBeNull()
  expect(one.enter(0, '2001:db8::1', 1)).not.toBeNull()
  expect(one.enter(0, '2001:db8::2', 1)).toBeNull()
  expect(one.enter(0, '2001:db8:0:1::1', 1)).not.toBeNull()
})
