import { expect, test } from 'vitest'
import { afterProbe, type Health, probeDelay, probeTimeout, SERVED, UNKNOWN } from './health.ts'

const rules = { intervalMs: 30_000, timeoutMs: 5000, unhealthy: 3, healthy: 2 }
const middle = () => 0.5

/** The states after each probe: `+` passed, `-` failed. */
function story(from: Health, probes: string): string[] {
  let health = from
  return [...probes].map((probe) => {
    health = afterProbe(health, rules, probe === '+')
    return health.state
  })
}

test('a new member serves after one pass, however many failures came before', () => {
  expect(story(UNKNOWN, '----+')).toEqual(['checking', 'checking', 'checking', 'checking', 'healthy'])
})

test('only failures in a row make it unhealthy', () => {
  expect(story(SERVED, '--+--+---').at(-2)).toBe('healthy')
  expect(story(SERVED, '--+--+---').at(-1)).toBe('unhealthy')
})

test('only passes in a row bring it back', () => {
  expect(story(SERVED, '---+-++')).toEqual([
    'healthy',
    'healthy',
    'unhealthy',
    'unhealthy',
    'unhealthy',
    'unhealthy',
    'healthy',
  ])
})

test('one that served before serves on, and failures count from the start', () => {
  expect(story(SERVED, '---')).toEqual(['healthy', 'healthy', 'unhealthy'])
})

test('an unconfirmed member is probed every 250 ms, a confirmed one at its interval', () => {
  expect(probeDelay(UNKNOWN, rules, false, middle)).toBe(250)
  expect(probeDelay(SERVED, rules, false, middle)).toBe(250)
  const confirmed = afterProbe(UNKNOWN, rules, true)
  expect(probeDelay(confirmed, rules, false, middle)).toBe(30_000)
  expect(probeDelay(confirmed, rules, false, () => 0)).toBe(27_000)
  const unhealthy: Health = { state: 'unhealthy', confirmed: false, against: 0 }
  expect(probeDelay(unhealthy, rules, false, middle)).toBe(30_000)
})

test('a suspect is probed every second, unless its interval is shorter', () => {
  const confirmed = afterProbe(UNKNOWN, rules, true)
  expect(probeDelay(confirmed, rules, true, middle)).toBe(1000)
  expect(probeDelay(confirmed, { ...rules, intervalMs: 200 }, true, middle)).toBe(200)
})

test('a check of a new member is given up after a second at most', () => {
  expect(probeTimeout(UNKNOWN, rules)).toBe(1000)
  expect(probeTimeout(UNKNOWN, { ...rules, timeoutMs: 300 })).toBe(300)
  expect(probeTimeout(SERVED, rules)).toBe(5000)
})
