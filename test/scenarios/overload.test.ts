import { expect, test } from 'vitest'
import { AdaptiveLimit } from '../../src/balancing/adaptive-limit.ts'

/** Clients do not wait any longer. */
const PATIENCE_MS = 1_000
const SERVICE_MS = 20

/** Of "Numerical Recipes": the same numbers each time. */
function numbers(): () => number {
  let state = 7
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

interface Result {
  /** Answers that somebody still waited for, a second, in the second half. */
  readonly goodput: number
  readonly p99Ms: number
  readonly refused: number
}

/** Twenty threads of servers with one queue, in virtual time: 1000 requests a second are all they can do. */
function run(arrivalsPerS: number, limit: AdaptiveLimit | null, seconds = 60): Result {
  const random = numbers()
  const pause = (meanMs: number) => -meanMs * Math.log(1 - random())
  const freeAt = new Array<number>(20).fill(0)
  const ends: { at: number; tookMs: number }[] = []
  const served: number[] = []
  let refused = 0
  for (let at = 0; at < seconds * 1000; at += pause(1000 / arrivalsPerS)) {
    while (ends.length > 0 && ends[0]!.at <= at) {
      const { at: endAt, tookMs } = ends.shift()!
      limit?.ended(tookMs, endAt)
    }
    if (limit !== null && !limit.hasRoom()) {
      refused++
      continue
    }
    limit?.begun()
    const thread = freeAt.indexOf(Math.min(...freeAt))
    const endAt = Math.max(at, freeAt[thread]!) + 0.5 * SERVICE_MS + pause(0.5 * SERVICE_MS)
    freeAt[thread] = endAt
    const tookMs = endAt - at
    const place = ends.findLastIndex((end) => end.at <= endAt)
    ends.splice(place + 1, 0, { at: endAt, tookMs })
    if (at >= seconds * 500 && tookMs <= PATIENCE_MS) served.push(tookMs)
  }
  served.sort((a, b) => a - b)
  return {
    goodput: served.length / (seconds / 2),
    p99Ms: served[Math.floor(served.length * 0.99)] ?? 0,
    refused,
  }
}

test('at twice what servers can do, an adaptive limit keeps goodput and latency; without it nobody gets an answer in time', () => {
  const without = run(2000, null)
  const limited = run(2000, new AdaptiveLimit(4))
  expect(without.goodput).toBeLessThan(10)
  expect(limited.goodput).toBeGreaterThan(900)
  expect(limited.p99Ms).toBeLessThan(6 * SERVICE_MS)
})

test('below what servers can do it refuses next to nobody', () => {
  const { refused, goodput } = run(600, new AdaptiveLimit(4))
  expect(goodput).toBeGreaterThan(590)
  expect(refused).toBeLessThan(0.01 * 600 * 60)
})

test('it does not go below its least, and grows only while it is used', () => {
  const least = new AdaptiveLimit(6)
  let now = 0
  for (let n = 0; n < 5_000; n++) {
    least.begun()
    now += 10
    least.ended(1 + n, now)
  }
  expect(least.limit).toBeGreaterThanOrEqual(6)
  const idle = new AdaptiveLimit(4)
  for (let n = 0; n < 5_000; n++) {
    idle.begun()
    now += 10
    idle.ended(5, now)
  }
  expect(idle.limit).toBeLessThanOrEqual(20)
})
