import { expect, test } from 'vitest'
import { rngOf } from '../chance.ts'
import { Servers, type Startup } from './servers.ts'

const ALWAYS: Startup = { medianMs: 120_000, sigma: 0, failing: 0 }

test('a server is had from its launch on and serves after its start-up', () => {
  const servers = new Servers(2, ALWAYS, rngOf(1))
  servers.scaleTo(5, 0)
  servers.settle(119_999)
  expect(servers).toMatchObject({ serving: 2, have: 5 })
  servers.settle(120_000)
  expect(servers).toMatchObject({ serving: 5, have: 5 })
})

test('scale-in takes first what was launched last', () => {
  const servers = new Servers(2, ALWAYS, rngOf(1))
  servers.scaleTo(3, 0)
  servers.scaleTo(4, 60_000)
  servers.scaleTo(3, 90_000)
  servers.settle(120_000)
  expect(servers).toMatchObject({ serving: 3, have: 3 })
  servers.scaleTo(1, 120_000)
  expect(servers).toMatchObject({ serving: 1, have: 1 })
})

test('start-up times spread around their median', () => {
  const servers = new Servers(0, { ...ALWAYS, sigma: 0.3 }, rngOf(1))
  servers.scaleTo(1000, 0)
  servers.settle(120_000)
  expect(servers.serving / 1000).toBeCloseTo(0.5, 1)
  servers.settle(120_000 * Math.exp(1.645 * 0.3))
  expect(servers.serving / 1000).toBeCloseTo(0.95, 1)
})

test('some never serve and are given up', () => {
  const servers = new Servers(0, { ...ALWAYS, failing: 0.2 }, rngOf(1))
  servers.scaleTo(1000, 0)
  servers.settle(120_000)
  expect(servers.have).toBe(1000)
  const { serving } = servers
  expect(serving / 1000).toBeCloseTo(0.8, 1)
  servers.settle(360_000)
  expect(servers).toMatchObject({ serving, have: serving })
})

test('a server that joins carries a tenth at first, and all of it when it is warm', () => {
  const servers = new Servers(1, ALWAYS, rngOf(1), { coldStartMs: 60_000 })
  servers.scaleTo(2, 0)
  servers.settle(120_000)
  expect(servers.serving).toBe(2)
  expect([120_000, 150_000, 180_000].map((now) => servers.warm(now))).toEqual([1.1, 1.55, 2])
})

test('nothing is launched while the vendor has none', () => {
  const servers = new Servers(1, ALWAYS, rngOf(1), { stockOut: { fromMs: 0, untilMs: 60_000 } })
  servers.scaleTo(3, 59_999)
  expect(servers.have).toBe(1)
  servers.scaleTo(3, 60_000)
  expect(servers.have).toBe(3)
})

test('with a zone goes its share of those that serve and of those that start', () => {
  const servers = new Servers(7, ALWAYS, rngOf(1))
  servers.scaleTo(11, 0)
  expect(servers.loseZone(3)).toBe(3)
  expect(servers).toMatchObject({ serving: 4, have: 6 })
})
