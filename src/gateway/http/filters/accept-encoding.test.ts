import { expect, test } from 'vitest'
import { ENCODINGS } from '../../../core/traffic.ts'
import { chooseEncoding } from './accept-encoding.ts'

test.each<[string | null, string | null]>([
  [null, null],
  ['', null],
  ['gzip', 'gzip'],
  ['gzip, br, zstd', 'zstd'],
  ['gzip;q=1, br;q=0.5', 'gzip'],
  ['GZIP ; Q=0.3', 'gzip'],
  ['x-gzip', 'gzip'],
  ['*', 'zstd'],
  ['*;q=0', null],
  ['gzip;q=0, *', 'zstd'],
  ['identity', null],
  ['identity;q=1, gzip;q=0.5', null],
  ['identity;q=0.5, gzip;q=0.5', 'gzip'],
  ['deflate, compress', null],
  ['br;q=nonsense', null],
])('%j: %s', (header, expected) => {
  expect(chooseEncoding(header, ENCODINGS)).toBe(expected)
})
