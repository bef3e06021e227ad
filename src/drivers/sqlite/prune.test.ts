import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Database, openDatabase } from './database.ts'
import { insertIntents } from './intents.ts'
import { insertEvent, newestEvents } from './journal.ts'
import { insertOrder, ordersOf } from './orders.ts'
import { LIMITS, prune } from './prune.ts'

const DAY = 24 * 3_600_000
const NOON = 1_800_000_000_000
let folder: string
let db: Database

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-prune-'))
  db = openDatabase(join(folder, 'journal.db'))
})
afterEach(() => {
  db[Symbol.dispose]()
  rmSync(folder, { recursive: true })
})

const event = (at: number, text: string) => insertEvent(db, { at, scope: 'system', kind: 'step', text })
const texts = () => newestEvents(db, 10_000).map(({ text }) => text)

test('entries of over seven days go, younger ones stay', () => {
  event(NOON - 7 * DAY - 1, 'old')
  event(NOON - 7 * DAY, 'young')
  prune(db, NOON, LIMITS)
  expect(texts()).toEqual(['young'])
})

test('a journal over its size loses the oldest entries of its time', () => {
  db.transaction('normal', () => {
    for (let index = 0; index < 1000; index++) event(NOON + index, String(index).padEnd(1000))
  })
  prune(db, NOON, { ...LIMITS, bytes: 600_000 })
  const left = texts().map(Number)
  expect(left.length).toBeGreaterThan(100)
  expect(left.length).toBeLessThan(600)
  expect(left).toEqual(Array.from({ length: left.length }, (_, index) => 1000 - left.length + index))
})

test('a limit that nothing can meet empties the journal and ends', () => {
  event(NOON, 'only')
  prune(db, NOON, { ...LIMITS, bytes: 1 })
  expect(texts()).toEqual([])
})

test('open intents and orders in force stay, whatever their age', () => {
  const step = { kind: 'confirm' as const, ids: ['a'] }
  insertIntents(db, 'api', [{ token: 'i.api.1', fleet: 'api', step, at: 1, have: 1, want: 1, by: 'none' }])
  insertOrder(db, { kind: 'stop' }, { scope: 'fleet:api', at: 1, untilAt: null, by: 'ann' })
  insertOrder(db, { kind: 'stop' }, { scope: 'fleet:api', at: 1, untilAt: 2, by: 'ann' })
  prune(db, NOON, LIMITS)
  expect(db.all('SELECT token FROM intents')).toEqual([{ token: 'i.api.1' }])
  expect(ordersOf(db, 'fleet:api', 0)).toHaveLength(1)
})
