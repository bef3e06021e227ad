import { expect, test } from 'vitest'
import { readHealthCheck } from './health-check.ts'

const WHOLE = {
  Check: 'HTTP',
  URL: '/health',
  Interval: 30,
  Timeout: 5,
  UnhealthyThreshold: 3,
  HealthyThreshold: 2,
  HTTPVersion: '1.1',
}

function read(value: unknown) {
  return readHealthCheck(JSON.stringify(value), 'check.json')
}

test('every key is taken over', () => {
  expect(read(WHOLE)).toEqual({
    type: 'http',
    path: '/health',
    intervalMs: 30_000,
    timeoutMs: 5_000,
    unhealthy: 3,
    healthy: 2,
  })
})

test('what is left out stays at its default', () => {
  const none = { path: null, intervalMs: null, timeoutMs: null, unhealthy: null, healthy: null }
  expect(read({})).toEqual({ type: 'http', ...none })
  expect(read({ Check: 'TCP', Interval: 0.5 })).toEqual({ type: 'tcp', ...none, intervalMs: 500 })
})

test.each([
  [{ Check: 'http' }, 'Check: expected "HTTP" or "TCP", got "http"'],
  [{ URL: 'http://a/health' }, 'URL: expected a path such as "/health"'],
  [{ URL: '' }, 'URL: expected a path'],
  [{ Interval: '30' }, 'Interval: expected 0.1 to 3600 seconds, got "30"'],
  [{ Interval: 0 }, 'Interval: expected 0.1 to 3600 seconds, got 0'],
  [{ Timeout: null }, 'Timeout: expected 0.01 to 3600 seconds, got null'],
  [{ UnhealthyThreshold: 0 }, 'UnhealthyThreshold: expected a whole number from 1 to 100, got 0'],
  [{ HealthyThreshold: 1.5 }, 'HealthyThreshold: expected a whole number from 1 to 100, got 1.5'],
  [{ HTTPVersion: '2.0' }, 'HTTPVersion: expected "1.1", the only version that checks speak, got "2.0"'],
  [{ HTTPVersion: 1.1 }, 'HTTPVersion: expected "1.1"'],
  [{ Url: '/' }, 'Url: unknown key; there are: Check, URL, Interval'],
  [{ toString: 1 }, 'toString: unknown key'],
  [{ Check: 'TCP', URL: '/' }, 'URL: a TCP check only connects; leave it out'],
  [[], 'expected an object'],
  [null, 'expected an object'],
])('%j is refused', (value, message) => {
  expect(() => read(value)).toThrow(message)
})

test('all that is wrong is said at once', () => {
  expect(() => read({ ...WHOLE, HTTPVersion: '1.0', Wait: 1 })).toThrow(
    /^check\.json: HTTPVersion: .*\ncheck\.json: Wait: unknown key/,
  )
  expect(() => readHealthCheck('{', 'check.json')).toThrow('check.json: is no JSON')
})
