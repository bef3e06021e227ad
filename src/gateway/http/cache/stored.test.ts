import { expect, test } from 'vitest'
import type { CacheSpec } from '../../../core/cache.ts'
import { ageOf, freshened, isStorable, servesErrors, storedOf, verdictOf } from './stored.ts'

const SPEC: CacheSpec = {
  memoryBytes: 1e6,
  largestBytes: 1e6,
  entries: 10,
  staleWhileRevalidateMs: 0,
  staleIfErrorMs: 0,
}
const ASKED = { url: 'http://a/', fields: {} }

const storable = (fields: Record<string, string>, request: Record<string, string> = {}, status = 200) =>
  isStorable({ ...ASKED, fields: request }, status, fields)
const kept = (control: string, about: { age?: string; spec?: Partial<CacheSpec> } = {}) => {
  const fields = { 'cache-control': control, ...(about.age && { age: about.age }) }
  const answered = {
    status: 200,
    lines: [
      ['X-Old', '1'],
      ['ETag', '"a"'],
    ] as const,
    fields,
  }
  return storedOf(ASKED, answered, { body: Buffer.from('x'), origin: null }, { ...SPEC, ...about.spec })
}
const asking = (control: string) => ({ ...ASKED, fields: { 'cache-control': control } })

test('only what everybody may have is kept', () => {
  expect(storable({ 'cache-control': 'max-age=1' })).toBe(true)
  expect(storable({ etag: '"x"' })).toBe(true)
  expect(storable({ 'cache-control': 'private, max-age=1' })).toBe(false)
  expect(storable({ 'cache-control': 'no-store' })).toBe(false)
  expect(storable({ 'cache-control': 'max-age=1', 'set-cookie': 'a=b' })).toBe(false)
  expect(storable({ 'cache-control': 'max-age=1', vary: 'accept, *' })).toBe(false)
  expect(storable({ 'cache-control': 'max-age=1' }, { authorization: 'x' })).toBe(false)
  expect(storable({ 'cache-control': 'public, max-age=1' }, { authorization: 'x' })).toBe(true)
  expect(storable({ 'cache-control': 'max-age=1' }, {}, 206)).toBe(false)
  expect(storable({})).toBe(false)
})

test('it is given while it is fresh, and as the client wants it', () => {
  expect(verdictOf(kept('max-age=10'), ASKED)).toBe('fresh')
  expect(verdictOf(kept('max-age=10, must-revalidate'), ASKED)).toBe('fresh')
  expect(verdictOf(kept('max-age=10', { age: '20' }), ASKED)).toBe('ask')
  expect(verdictOf(kept('max-age=10', { age: 'x' }), ASKED)).toBe('ask')
  expect(verdictOf(kept('max-age=10'), asking('no-cache'))).toBe('ask')
  expect(verdictOf(kept('max-age=10', { age: '20' }), asking('max-stale=30'))).toBe('fresh')
})

test('RFC 5861: stale while it is asked for, and stale when nobody answers', () => {
  const old = { age: '20' }
  const spec = { staleWhileRevalidateMs: 60_000, staleIfErrorMs: 60_000 }
  expect(verdictOf(kept('max-age=10, stale-while-revalidate=60', old), ASKED)).toBe('stale')
  expect(verdictOf(kept('max-age=10', { ...old, spec }), ASKED)).toBe('stale')
  expect(verdictOf(kept('max-age=10, stale-while-revalidate=1', { ...old, spec }), ASKED)).toBe('ask')
  expect(verdictOf(kept('max-age=10, must-revalidate', { ...old, spec }), ASKED)).toBe('ask')
  expect(servesErrors(kept('max-age=10, stale-if-error=60', old), ASKED)).toBe(true)
  expect(servesErrors(kept('max-age=10', { ...old, spec }), ASKED)).toBe(true)
  expect(servesErrors(kept('max-age=10', old), ASKED)).toBe(false)
  expect(servesErrors(kept('max-age=10, proxy-revalidate', { ...old, spec }), ASKED)).toBe(false)
})

test('a 304 makes it young, and changes what it names but not its body', () => {
  const lines = [
    ['X-Old', '2'],
    ['ETag', '"b"'],
    ['Content-Length', '0'],
  ] as const
  const fields = { 'x-old': '2', etag: '"b"', 'content-length': '0' }
  const now = freshened(kept('max-age=10', { age: '20' }), ASKED, { status: 304, lines, fields }, SPEC)
  expect(now.status).toBe(200)
  expect(now.lines.filter(([name]) => name !== 'Date')).toEqual([
    ['ETag', '"a"'],
    ['X-Old', '2'],
  ])
  expect(now.body.toString()).toBe('x')
  expect(ageOf(now)).toBe(0)
  expect(verdictOf(now, ASKED)).toBe('fresh')
})
