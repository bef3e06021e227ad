import { expect, test } from 'vitest'
import type { Field } from './field.ts'
import { hashText, mix } from './hash.ts'
import { hashing } from './hashing.ts'
import { fillMaglev, TABLE_SIZE } from './maglev.ts'

interface Server {
  readonly name: string
  readonly weight: number
}

function servers(count: number): Server[] {
  return Array.from({ length: count }, (_, i) => ({ name: `10.0.0.${i}:80`, weight: 1 }))
}

function tableOf(members: readonly Server[]): string[] {
  const table = new Int16Array(TABLE_SIZE)
  fillMaglev(table, {
    size: members.length,
    identity: (i) => hashText(members[i]!.name),
    weight: (i) => members[i]!.weight,
  })
  return [...table].map((i) => members[i]!.name)
}

function share(table: readonly string[], name: string): number {
  return table.filter((one) => one === name).length / table.length
}

const moved = (before: readonly string[], after: readonly string[]): number =>
  before.filter((name, slot) => name !== after[slot]).length / before.length

/** Server `i` has `busy(i)` requests in flight. */
function fieldOf(members: readonly Server[], busy: (i: number) => number = () => 0, generation = 1): Field {
  const { length: size } = members
  return {
    size,
    generation,
    totalInFlight: members.reduce((sum, _, i) => sum + busy(i), 0),
    weight: (i) => members[i]!.weight,
    steadyWeight: (i) => members[i]!.weight,
    inFlight: busy,
    latency: () => 0,
    identity: (i) => hashText(members[i]!.name),
  }
}

test('shares of the table are within 1 % of the weights', () => {
  const members = [
    { name: 'a', weight: 1 },
    { name: 'b', weight: 2 },
    { name: 'c', weight: 997 },
  ]
  const table = tableOf(members)
  for (const { name, weight } of members) expect(share(table, name)).toBeCloseTo(weight / 1000, 2)
  const equal = tableOf(servers(20))
  for (const { name } of servers(20)) expect(Math.abs(share(equal, name) - 0.05)).toBeLessThan(0.0005)
})

test('when one of twenty leaves or comes, little more than its share moves', () => {
  const all = servers(20)
  const without = all.filter((_, i) => i !== 7)
  expect(moved(tableOf(all), tableOf(without))).toBeLessThan(0.1)
  expect(moved(tableOf(without), tableOf(all))).toBeLessThan(0.1)
})

test('the order of members does not matter, so that all workers agree', () => {
  const table = tableOf(servers(9))
  expect(moved(table, tableOf(servers(9).reverse()))).toBeLessThan(0.02)
})

test('a key stays where it is while members are added, but for their share', () => {
  const picker = hashing(null)
  const keys = Array.from({ length: 2000 }, (_, at) => mix(at + 1))
  const ten = servers(10)
  const eleven = servers(11)
  const before = keys.map((key) => picker.pick(fieldOf(ten), null, key))
  const after = keys.map((key) => picker.pick(fieldOf(eleven, undefined, 2), null, key))
  const changed = before.filter((i, at) => i !== after[at]).length / keys.length
  expect(changed).toBeGreaterThan(0.05)
  expect(changed).toBeLessThan(0.16)
})

test('without the member that a key belongs to, its keys spread over all others', () => {
  const picker = hashing(null)
  const members = servers(10)
  const key = mix(12345)
  const own = picker.pick(fieldOf(members), null, key)
  const keys = Array.from({ length: 5000 }, (_, at) => mix(at + 1)).filter(
    (each) => picker.pick(fieldOf(members), null, each) === own,
  )
  const others = keys.map((each) => picker.pick(fieldOf(members), new Set([own]), each))
  expect(others).not.toContain(own)
  expect(new Set(others).size).toBe(9)
})

test('with a bound no member has more than its share of the load, whatever is asked', () => {
  const picker = hashing(1.25)
  const members = servers(10)
  const load = new Array<number>(10).fill(0)
  const one = mix(99)
  for (let request = 0; request < 1000; request++) {
    const i = picker.pick(
      fieldOf(members, (at) => load[at]!),
      null,
      one,
    )
    load[i]! += 1
    const total = load.reduce((sum, count) => sum + count, 0)
    expect(load[i]).toBeLessThanOrEqual(Math.ceil(1.25 * (total / 10)))
  }
})

test('nobody is picked from nothing, and weights of 0 have no slot', () => {
  expect(hashing(null).pick(fieldOf([]), null, 1)).toBe(-1)
  const members = [
    { name: 'a', weight: 0 },
    { name: 'b', weight: 5 },
  ]
  expect(new Set(tableOf(members))).toEqual(new Set(['b']))
  expect(hashing(null).pick(fieldOf([{ name: 'a', weight: 0 }]), null, 1)).toBe(-1)
})
