import { expect, test } from 'vitest'
import type { TrustedHeader } from '../../core/trust.ts'
import { aRequest } from './routing/fixture.cases.ts'
import { forwardedScheme, Trust } from './trust.ts'

function clientOf(header: TrustedHeader, ...lines: readonly string[]): string {
  const { head, bytes } = aRequest(
    `GET / HTTP/1.1\r\nHost: a\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`,
  )
  const trust = new Trust({ networks: ['10.0.0.0/8', '2001:db8::/32'], header })
  return trust.clientOf(head, bytes, '10.0.0.1')
}

test('only the networks are trusted', () => {
  const trust = new Trust({ networks: ['10.0.0.0/8'], header: 'forwarded' })
  expect(trust.trusts('10.1.2.3')).toBe(true)
  expect(trust.trusts('::ffff:10.1.2.3')).toBe(true)
  expect(trust.trusts('192.0.2.1')).toBe(false)
  expect(trust.trusts('')).toBe(false)
})

test.each([
  ['192.0.2.1', '192.0.2.1'],
  // What the client itself has sent stands to the left.
  ['1.1.1.1, 192.0.2.1', '192.0.2.1'],
  ['192.0.2.1, 10.0.0.2, 10.0.0.3', '192.0.2.1'],
  ['10.0.0.3,10.0.0.2', '10.0.0.3'],
  ['192.0.2.1:4711', '192.0.2.1'],
  ['2001:DB9::1', '2001:db9::1'],
  ['[2001:db9::1]:4711', '2001:db9::1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['192.0.2.1, unknown, 10.0.0.2', '10.0.0.2'],
  ['192.0.2.1, ', '10.0.0.1'],
  ['evil\\"', '10.0.0.1'],
  ['1.2.3.4.5', '10.0.0.1'],
])('X-Forwarded-For: %s is %s', (list, client) => {
  expect(clientOf('x-forwarded-for', `X-Forwarded-For: ${list}`)).toBe(client)
})

test('what is no address takes no time to be known as none, however long it is', () => {
  const colons = ':'.repeat(30_000)
  expect(clientOf('x-forwarded-for', `X-Forwarded-For: ${colons}x, 10.0.0.2`)).toBe('10.0.0.2')
}, 1_000)

test('several lines are one list, and none is the peer', () => {
  expect(clientOf('x-forwarded-for', 'X-Forwarded-For: 192.0.2.1', 'X-Forwarded-For: 10.0.0.2')).toBe(
    '192.0.2.1',
  )
  expect(clientOf('x-forwarded-for')).toBe('10.0.0.1')
})

test('a list without an end costs no more than fifty looks', () => {
  const list = ['192.0.2.1', ...Array<string>(60).fill('10.9.9.9')].join(',')
  expect(clientOf('x-forwarded-for', `X-Forwarded-For: ${list}`)).toBe('10.9.9.9')
})

test.each([
  ['for=192.0.2.1;proto=https', '192.0.2.1'],
  ['for=1.1.1.1, proto=http; For="[2001:db9::1]:4711" ;by=x', '2001:db9::1'],
  ['for=192.0.2.1, for="10.0.0.2:80"', '192.0.2.1'],
  ['for="a, for=1.1.1.1"', '10.0.0.1'],
  ['for="a\\", for=1.1.1.1", for=192.0.2.1', '192.0.2.1'],
  ['for=192.0.2.1, for=_hidden, for=10.0.0.2', '10.0.0.2'],
  ['proto=https', '10.0.0.1'],
])('Forwarded: %s is %s', (list, client) => {
  expect(clientOf('forwarded', `Forwarded: ${list}`)).toBe(client)
})

test('the header that these proxies do not write is not looked at', () => {
  expect(clientOf('x-forwarded-for', 'Forwarded: for=1.1.1.1')).toBe('10.0.0.1')
  expect(clientOf('forwarded', 'X-Forwarded-For: 1.1.1.1')).toBe('10.0.0.1')
})

test.each([
  ['X-Forwarded-Proto: HTTPS', 'https'],
  ['X-Forwarded-Proto: http', 'http'],
  ['X-Forwarded-Proto: https, http', null],
  ['X-A: https', null],
])('%s says %s', (line, scheme) => {
  const { head, bytes } = aRequest(`GET / HTTP/1.1\r\nHost: a\r\n${line}\r\n\r\n`)
  expect(forwardedScheme(head, bytes)).toBe(scheme)
})
