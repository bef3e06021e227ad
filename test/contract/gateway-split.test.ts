import { afterEach, expect, test } from 'vitest'
import type { StickySpec } from '../../src/core/rule.ts'
import { POOL } from '../../src/gateway/lanes.ts'
import { answering, cleanUp, dial, gateway, serve, type Traffic } from '../kit/traffic.ts'

afterEach(cleanUp)

const BY_COOKIE: StickySpec = { by: 'cookie', name: 'pick', lifetimeMs: 60_000 }
/** Of the first server of the second pool beside `main`. */
const CANARY_SLOT = 10
const CANARY_POOL = 2

async function split(sticky: StickySpec | null, weights = { stable: 50, canary: 50 }): Promise<Traffic> {
  const named = (name: string) =>
    serve(answering(() => `HTTP/1.1 200 OK\r\nContent-Length: ${name.length}\r\n\r\n${name}`))
  const [stable, canary] = [await named('stable'), await named('canary')]
  const shares = Object.entries(weights).map(([pool, weight]) => ({ pool, weight }))
  return gateway({
    servers: [stable.port],
    pools: { stable: [stable.port], canary: [canary.port] },
    rules: [{ match: {}, action: { kind: 'split', shares, sticky } }],
  })
}

/** Who answers each of these clients: a status where no server does. */
async function ask(traffic: Traffic, keys: readonly string[]): Promise<string[]> {
  const client = await dial(traffic)
  const answers: string[] = []
  for (const key of keys) {
    client.forget().send(`GET / HTTP/1.1\r\nHost: a\r\nCookie: pick=${key}\r\n\r\n`)
    const heard = await client.hears(/stable$|canary$|<\/h1>\n$/)
    answers.push(/stable$|canary$/.exec(heard)?.[0] ?? heard.slice(9, 12))
  }
  return answers
}

function weigh(traffic: Traffic, slot: number, weight: number): void {
  traffic.weights.set(slot, weight)
  traffic.weights.publish()
}

const KEYS = Array.from({ length: 20 }, (_, key) => key.toString(16).padStart(16, '0'))

test('clients of a pool without a server are served by the others, and come back to it', async () => {
  const traffic = await split(BY_COOKIE)
  const before = await ask(traffic, KEYS)
  expect(new Set(before)).toEqual(new Set(['stable', 'canary']))
  const ofCanary = before.filter((name) => name === 'canary').length
  weigh(traffic, CANARY_SLOT, 0)
  expect(await ask(traffic, KEYS)).toEqual(KEYS.map(() => 'stable'))
  expect(traffic.reader.pool(CANARY_POOL, POOL.requests)).toBe(2 * ofCanary)
  expect(traffic.reader.pool(CANARY_POOL, POOL.refused)).toBe(0)
  weigh(traffic, CANARY_SLOT, 100)
  expect(await ask(traffic, KEYS)).toEqual(before)
})

test('servers that are used only in panic are none, as long as another pool has better ones', async () => {
  const traffic = await split(BY_COOKIE)
  const before = await ask(traffic, KEYS)
  traffic.weights.set(CANARY_SLOT, 100, true)
  traffic.weights.publish()
  expect(await ask(traffic, KEYS)).toEqual(KEYS.map(() => 'stable'))
  traffic.weights.set(CANARY_SLOT - 2, 100, true)
  traffic.weights.publish()
  expect(await ask(traffic, KEYS)).toEqual(before)
})

test('so is chance', async () => {
  const traffic = await split(null)
  expect(await ask(traffic, ['', ''])).toEqual(['canary', 'canary'])
  weigh(traffic, CANARY_SLOT, 0)
  expect(await ask(traffic, ['', ''])).toEqual(['stable', 'stable'])
})

test('a pool of weight 0 stands in for nobody, and where no pool has a server the answer is 503', async () => {
  const traffic = await split(BY_COOKIE, { stable: 0, canary: 1 })
  weigh(traffic, CANARY_SLOT, 0)
  expect(await ask(traffic, KEYS.slice(0, 3))).toEqual(['503', '503', '503'])
  expect(traffic.reader.pool(CANARY_POOL, POOL.refused)).toBe(3)
  const other = await split(BY_COOKIE)
  for (const slot of [CANARY_SLOT, CANARY_SLOT - 2]) weigh(other, slot, 0)
  expect(new Set(await ask(other, KEYS))).toEqual(new Set(['503']))
})
