import { expect, test } from 'vitest'
import { contains, containsNetwork, parseIp, parseNetwork } from './network.ts'

test.each([
  ['192.0.2.1', true, [0, 0, 0, 0xc0000201]],
  ['255.255.255.255', true, [0, 0, 0, 0xffffffff]],
  ['::', false, [0, 0, 0, 0]],
  ['::1', false, [0, 0, 0, 1]],
  ['2001:db8::8:800:200c:417a', false, [0x20010db8, 0, 0x00080800, 0x200c417a]],
  ['1:2:3:4:5:6:7:8', false, [0x10002, 0x30004, 0x50006, 0x70008]],
  ['::ffff:192.0.2.1', true, [0, 0, 0, 0xc0000201]],
  ['64:ff9b::192.0.2.33', false, [0x64ff9b, 0, 0, 0xc0000221]],
])('reads the address %s', (text, v4, words) => {
  expect(parseIp(text)).toEqual({ v4, words })
})

test.each([
  '',
  'a',
  '1.2.3',
  '1.2.3.256',
  '01.2.3.4',
  '1.2.3.4.5',
  '[::1]',
  '::1%eth0',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7::8',
  '12345::',
  '1.2.3.4::',
  ' 1.2.3.4',
])('%j is no address', (text) => {
  expect(parseIp(text)).toBeNull()
})

test.each(['10.0.0.0/33', '10.0.0.0/', '10.0.0.0/08', '::/129', '10.0.0.0/8/8', 'a/8', '/8', '10.0.0.0/-1'])(
  '%j is no network',
  (text) => {
    expect(parseNetwork(text)).toBeNull()
  },
)

test.each([
  ['10.0.0.0/8', '10.255.0.1', true],
  ['10.0.0.0/8', '11.0.0.1', false],
  ['10.0.0.7/31', '10.0.0.6', true],
  ['0.0.0.0/0', '192.0.2.1', true],
  ['0.0.0.0/0', '::1', false],
  ['::/0', '2001:db8::1', true],
  ['::/0', '10.0.0.1', false],
  ['::ffff:10.0.0.1', '10.0.0.1', true],
  ['10.0.0.1', '::ffff:10.0.0.1', true],
  ['10.0.0.1', '10.0.0.2', false],
  ['2001:db8::/33', '2001:db8:7fff::', true],
  ['2001:db8::/33', '2001:db8:8000::', false],
  ['2001:db8::/32', '2001:db9::', false],
])('%s has %s: %s', (network, address, expected) => {
  expect(contains(parseNetwork(network)!, parseIp(address)!)).toBe(expected)
})

test.each([
  ['10.0.0.0/8', '10.1.0.0/16', true],
  ['10.1.0.0/16', '10.0.0.0/8', false],
  ['10.0.0.0/8', '10.0.0.0/8', true],
  ['10.0.0.0/8', '11.0.0.0/16', false],
  ['0.0.0.0/0', '::/0', false],
])('all of %s has %s: %s', (outer, inner, expected) => {
  expect(containsNetwork(parseNetwork(outer)!, parseNetwork(inner)!)).toBe(expected)
})
