import { expect, test } from 'vitest'
import { clientHasIt, partOf } from './conditional.ts'
import type { Stored } from './stored.ts'

const stored = (fields: Record<string, string>, status = 200) =>
  ({ status, fields, body: Buffer.alloc(100) }) as unknown as Stored

test.each([
  ['"x"', '"x"', true],
  ['W/"x"', '"x"', true],
  ['"x"', 'W/"x"', true],
  ['"x"', '"y", "x"', true],
  ['"x"', '"y"', false],
  ['"x"', '*', true],
  ['"x"', 'x', false],
])('a kept ETag %s and If-None-Match: %s', (etag, tags, has) => {
  expect(clientHasIt(stored({ etag }), { 'if-none-match': tags })).toBe(has)
})

test('a tag counts more than a date, and only of a 200', () => {
  const date = 'Mon, 01 Jan 2024 00:00:00 GMT'
  const later = 'Tue, 02 Jan 2024 00:00:00 GMT'
  const kept = stored({ etag: '"x"', 'last-modified': date })
  expect(clientHasIt(kept, { 'if-modified-since': date })).toBe(true)
  expect(clientHasIt(kept, { 'if-modified-since': later })).toBe(true)
  expect(clientHasIt(stored({ 'last-modified': later }), { 'if-modified-since': date })).toBe(false)
  expect(clientHasIt(kept, { 'if-none-match': '"y"', 'if-modified-since': date })).toBe(false)
  expect(clientHasIt(kept, {})).toBe(false)
  expect(clientHasIt(stored({ etag: '"x"' }, 404), { 'if-none-match': '"x"' })).toBe(false)
})

test.each([
  ['bytes=0-9', { start: 0, end: 10 }],
  ['bytes=90-', { start: 90, end: 100 }],
  ['bytes=90-1000', { start: 90, end: 100 }],
  ['bytes=-10', { start: 90, end: 100 }],
  ['bytes=-1000', { start: 0, end: 100 }],
  ['bytes=100-', 'none'],
  ['bytes=-0', 'none'],
  ['bytes=9-3', null],
  ['bytes=-', null],
  ['bytes=0-1,3-4', null],
  ['lines=0-1', null],
])('of 100 bytes, %s', (range, part) => {
  expect(partOf(stored({}), { range })).toEqual(part)
})

test('a part only of what the client has parts of', () => {
  const date = 'Mon, 01 Jan 2024 00:00:00 GMT'
  const kept = stored({ etag: '"x"', 'last-modified': date })
  const range = 'bytes=0-0'
  expect(partOf(kept, { range, 'if-range': '"x"' })).not.toBeNull()
  expect(partOf(kept, { range, 'if-range': date })).not.toBeNull()
  expect(partOf(kept, { range, 'if-range': '"y"' })).toBeNull()
  expect(partOf(kept, { range, 'if-range': 'W/"x"' })).toBeNull()
  expect(partOf(stored({}, 404), { range })).toBeNull()
})
