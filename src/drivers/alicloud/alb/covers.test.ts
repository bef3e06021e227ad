import { expect, test } from 'vitest'
import { covers } from './covers.ts'

test('what the cloud has agrees with what is wanted, whatever else it has', () => {
  expect(covers({ a: 1, b: 'x' }, { a: '1' })).toBe(true)
  expect(covers({ a: { b: 'true', c: 2 } }, { a: { b: true } })).toBe(true)
  expect(covers({ a: 2 }, { a: 1 })).toBe(false)
  expect(covers('a', { a: 1 })).toBe(false)
})

test('what is not there is as good as what is off, and as nothing else', () => {
  expect(covers({}, { flag: false, port: 0, text: '', inner: { flag: false }, none: undefined })).toBe(true)
  expect(covers({}, { flag: true })).toBe(false)
  expect(covers({}, { list: ['a'] })).toBe(false)
})

test('lists have the same items, in any order', () => {
  expect(covers([{ Type: 'Path', x: 1 }, { Type: 'Host' }], [{ Type: 'Host' }, { Type: 'Path' }])).toBe(true)
  expect(covers([{ Type: 'Host' }], [{ Type: 'Host' }, { Type: 'Path' }])).toBe(false)
  expect(covers(['a', 'b'], ['a', 'c'])).toBe(false)
})
