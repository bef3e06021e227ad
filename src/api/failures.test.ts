import { expect, test } from 'vitest'
import { handClock } from '../../test/kit/admin.ts'
import { Failures } from './failures.ts'

function failing(times: number, address = '192.0.2.1') {
  const clock = handClock()
  const failures = new Failures(clock)
  for (let n = 0; n < times; n++) failures.add(address)
  return { clock, failures }
}

test('ten wrong tokens pass at once, then one every six seconds', () => {
  expect(failing(9).failures.waitMs('192.0.2.1')).toBe(0)
  const { clock, failures } = failing(10)
  expect(failures.waitMs('192.0.2.1')).toBe(6_000)
  clock.advance(6_000)
  expect(failures.waitMs('192.0.2.1')).toBe(0)
  failures.add('192.0.2.1')
  expect(failures.waitMs('192.0.2.1')).toBe(6_000)
})

test('one address does not pay for another, but a whole IPv6 network does', () => {
  const { failures } = failing(20)
  expect(failures.waitMs('192.0.2.2')).toBe(0)
  const v6 = failing(20, '2001:db8:1:2:3:4:5:6').failures
  expect(v6.waitMs('2001:db8:1:2::9')).toBeGreaterThan(0)
  expect(v6.waitMs('2001:db8:1:3::9')).toBe(0)
})

test('forgets what is long ago, and never remembers more than its limit', () => {
  const { clock, failures } = failing(20)
  clock.advance(120_000)
  expect(failures.waitMs('192.0.2.1')).toBe(0)
  for (let n = 0; n < 20; n++) failures.add('192.0.2.9')
  for (let n = 0; n < 10_000; n++) failures.add(`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`)
  expect(failures.waitMs('192.0.2.9')).toBe(0)
})
