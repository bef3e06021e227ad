import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { candidates, notePort, takePort } from './ports.ts'

const NOON = 1_800_000_000_000
const MINUTE = 60_000

test('ports of outgoing connections are left out', () => {
  expect(candidates([32768, 60999])).toHaveLength(10_000)
  expect(candidates([1024, 24_999])[0]).toBe(25_000)
  expect(candidates([29_000, 60_999]).at(-1)).toBe(28_999)
})

test('where all ports are of outgoing connections, they are used nevertheless', () => {
  expect(candidates([1024, 65_535])).toHaveLength(10_000)
})

test('a port is not given twice in five minutes, and is then', async () => {
  const first = await takePort(NOON, () => 0.2)
  expect(await takePort(NOON + 5 * MINUTE - 1, () => 0.2)).not.toBe(first)
  expect(await takePort(NOON + 5 * MINUTE, () => 0.2)).toBe(first)
})

test('a port in use keeps its five minutes from when it was last seen', async () => {
  const first = await takePort(NOON, () => 0.5)
  notePort(first, NOON + 9 * MINUTE)
  expect(await takePort(NOON + 10 * MINUTE, () => 0.5)).not.toBe(first)
})

test('a port on which somebody listens is passed over', async () => {
  const first = await takePort(NOON, () => 0.8)
  const server = createServer().listen(first, '127.0.0.1')
  await once(server, 'listening')
  try {
    expect(await takePort(NOON + 10 * MINUTE, () => 0.8)).not.toBe(first)
  } finally {
    server.close()
  }
})
