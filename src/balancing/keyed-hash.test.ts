import { expect, test } from 'vitest'
import { KeyedHash } from './keyed-hash.ts'

/** The first results of the reference code for the bytes 0, 1, 2 ... and the key of 0 to 7, from four bytes on. */
const PUBLISHED = [
  'd5e78a175be52ea1',
  'cb9d7c3f2f3db580',
  'ce3e91358aa2bc25',
  'ff202728b07bc684',
  'edfee820bce4858c',
  '5b51cccc13888307',
  '95b0469f06a6f2ee',
  'ae26333994ddcd48',
  '7bc71f9faef5c799',
]
const SALT = 0x03020100

function hex({ low, high }: KeyedHash): string {
  const bytes = Buffer.alloc(8)
  bytes.writeInt32LE(low, 0)
  bytes.writeInt32LE(high, 4)
  return bytes.toString('hex')
}

test('it gives what the reference code gives', () => {
  const hash = new KeyedHash([0x03020100, 0x07060504])
  PUBLISHED.forEach((published, length) => {
    const bytes = Buffer.from(Array.from({ length }, (_, at) => at + 4))
    hash.ofBytes(SALT, Buffer.concat([Buffer.from('before'), bytes]), 6, 6 + length)
    expect(hex(hash)).toBe(published)
    hash.ofText(SALT, bytes.toString('latin1'))
    expect(hex(hash)).toBe(published)
  })
})

test('texts that meet under one key do not under another', () => {
  const [one, other] = [new KeyedHash([1, 2]), new KeyedHash([1, 3])]
  const places = (hash: KeyedHash) => (text: string) => {
    hash.ofText(0, text)
    return hash.high & 255
  }
  const texts = Array.from({ length: 4000 }, (_, n) => `client${n}`).filter((text) => places(one)(text) === 0)
  expect(texts.length).toBeGreaterThan(5)
  expect(new Set(texts.map(places(other))).size).toBeGreaterThan(5)
})
