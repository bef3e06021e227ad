import { expect, test } from 'vitest'
import type { CacheSpec } from '../../../core/cache.ts'
import { Store } from './store.ts'
import { type Asked, type Stored, storedOf } from './stored.ts'

const SPEC: CacheSpec = {
  memoryBytes: 100_000,
  largestBytes: 50_000,
  entries: 3,
  staleWhileRevalidateMs: 0,
  staleIfErrorMs: 0,
}

const asked = (path: string, fields: Record<string, string> = {}): Asked => ({
  url: `http://a${path}`,
  fields,
})

function kept(about: Asked, bytes = 10, fields: Record<string, string> = {}): Stored {
  const answered = { status: 200, lines: [], fields: { 'cache-control': 'max-age=60', ...fields } }
  return storedOf(about, answered, { body: Buffer.alloc(bytes), origin: null }, SPEC)
}

test('keeps no more addresses than it may: the one that nobody asked for the longest goes', () => {
  const store = new Store(SPEC)
  for (const path of ['/1', '/2', '/3']) store.put(kept(asked(path)), 0)
  expect(store.find(asked('/1'))).not.toBeNull()
  store.put(kept(asked('/4')), 0)
  expect(store.find(asked('/2'))).toBeNull()
  expect(store.find(asked('/1'))).not.toBeNull()
  expect(store.size).toBe(3)
})

test('keeps no more bytes than it may, those being received among them', () => {
  const store = new Store(SPEC)
  store.put(kept(asked('/1'), 40_000), 0)
  store.put(kept(asked('/2'), 40_000), 0)
  expect(store.reserve(40_000)).toBe(true)
  expect(store.find(asked('/1'))).toBeNull()
  expect(store.find(asked('/2'))).not.toBeNull()
  expect(store.reserve(70_000)).toBe(false)
  store.release(40_000)
  expect(store.purge({ kind: 'everything' })).toBe(0)
  expect(store.bytes).toBe(0)
})

test('answers that Vary tells apart live side by side, and each replaces its own kind', () => {
  const store = new Store(SPEC)
  const [german, french] = ['de', 'fr'].map((language) => asked('/', { 'accept-language': language }))
  const vary = { vary: 'Accept-Language' }
  store.put(kept(german!, 1, vary), 0)
  store.put(kept(french!, 2, vary), 0)
  store.put(kept(german!, 3, vary), 0)
  expect(store.find(german!)?.body.length).toBe(3)
  expect(store.find(french!)?.body.length).toBe(2)
  expect(store.find(asked('/', { 'accept-language': 'it' }))).toBeNull()
  store.forget(german!)
  expect(store.find(german!)).toBeNull()
  expect(store.find(french!)).not.toBeNull()
})

test('forgets one address, those that begin alike, or everything', () => {
  const store = new Store({ ...SPEC, entries: 10 })
  for (const path of ['/a', '/a/1', '/a/2', '/b']) store.put(kept(asked(path)), 0)
  expect(store.purge({ kind: 'url', url: 'http://a/a' })).toBe(1)
  expect(store.purge({ kind: 'url', url: 'http://a/a' })).toBe(0)
  expect(store.purge({ kind: 'prefix', url: 'http://a/a/' })).toBe(2)
  expect(store.purge({ kind: 'everything' })).toBe(1)
  expect([store.size, store.bytes]).toEqual([0, 0])
})

test('what was asked for before something was forgotten is not kept', () => {
  const store = new Store(SPEC)
  store.purge({ kind: 'url', url: 'http://a/2' })
  store.put(kept(asked('/1')), 0)
  store.put(kept(asked('/2')), 0)
  expect(store.find(asked('/1'))).not.toBeNull()
  expect(store.find(asked('/2'))).toBeNull()
  store.purge({ kind: 'everything' })
  store.put(kept(asked('/1')), 0)
  expect(store.find(asked('/1'))).toBeNull()
  store.put(kept(asked('/1')), store.editionOf('http://a/1'))
  expect(store.find(asked('/1'))).not.toBeNull()
})

test('what is kept of a request counts too', () => {
  const store = new Store(SPEC)
  for (const path of ['/1', '/2', '/3']) store.put(kept(asked(path, { cookie: 'x'.repeat(20_000) })), 0)
  expect(store.find(asked('/1'))).toBeNull()
  expect(store.bytes).toBeLessThan(SPEC.memoryBytes)
})
