import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type OpenHistory, openSqliteHistory } from '../../src/drivers/sqlite/history/open.ts'
import { handClock } from '../kit/admin.ts'
import { NOON } from '../kit/scaling.ts'
import { DAY, HOUR, MINUTE, SECOND } from './history.ts'

/** What only a history in a file has: a disk that fails, a size, a process that is killed. */
const CPU = { fleet: 'api', metric: 'cpu' }
const LIMITS = { maxBytes: 2 ** 28, maxSeries: 2_000 }
let folder: string
let clock: ReturnType<typeof handClock>
let opened: OpenHistory[]
let said: string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-history-'))
  clock = handClock(NOON)
  opened = []
  said = []
})
afterEach(async () => {
  for (const history of opened) await history[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

function open(
  limits: Parameters<typeof openSqliteHistory>[2] = LIMITS,
  path = join(folder, 'history.db'),
): OpenHistory {
  const note = (text: string): void => void said.push(text)
  const history = openSqliteHistory(path, { clock, log: { info: note, warn: note, error: note } }, limits)
  opened.push(history)
  return history
}

test('keeps to its size: the oldest go', async () => {
  const bytes = 10 * 2 ** 20
  const history = open({ ...LIMITS, maxBytes: bytes })
  const samples = Array.from({ length: 60 * 288 }, (_, index) => ({
    at: NOON - index * 5 * MINUTE,
    value: index,
  }))
  for (let index = 0; index < 12; index++)
    await history.import({ fleet: 'api', metric: `m${index}` }, samples)
  expect(statSync(join(folder, 'history.db')).size).toBeLessThan(2 * bytes)
  const { points } = await history.read({
    fleet: 'api',
    metric: 'm0',
    fromAt: 0,
    toAt: NOON,
    stepMs: 5 * MINUTE,
  })
  expect(points.at(-1)?.at).toBe(NOON - 5 * MINUTE)
  expect(points.length).toBeGreaterThan(20 * 288)
  expect(points.length).toBeLessThan(50 * 288)
})

test('takes no more series than it may, and says how many samples it dropped', async () => {
  const history = open({ ...LIMITS, maxSeries: 2 })
  history.append(['a', 'b', 'c'].map((metric) => ({ fleet: 'api', metric, at: NOON, value: 1 })))
  expect((await history.series()).map(({ metric }) => metric)).toEqual(['a', 'b'])
  expect(history.dropped()).toBe(1)
  expect(said).toEqual(['the history has dropped 1 samples so far'])
  const refusal = { code: 'request.invalid', message: expect.stringMatching(/2 series already/) }
  await expect(history.import(CPU, [{ at: NOON - HOUR, value: 1 }])).rejects.toMatchObject(refusal)
})

test('has room for the series of hundreds of fleets, unless it is told otherwise', async () => {
  const { maxBytes } = LIMITS
  const history = open({ maxBytes })
  const fleets = Array.from({ length: 200 }, (_, index) => `fleet-${index}`)
  for (let index = 0; index < 25; index++)
    history.append(fleets.map((fleet) => ({ fleet, metric: `m${index}`, at: NOON, value: 1 })))
  expect(await history.series()).toHaveLength(5_000)
  expect(history.dropped()).toBe(0)
})

test('a disk that fails costs nobody a wait, and what came meanwhile is written when it works again', async () => {
  const blocked = join(folder, 'state')
  writeFileSync(blocked, 'a file where a folder should be')
  const history = open(LIMITS, join(blocked, 'history.db'))
  history.append([{ ...CPU, at: NOON, value: 1 }])
  await history.flush()
  await history.flush()
  await expect(history.series()).rejects.toMatchObject({ code: 'store.failed' })
  expect(said).toEqual([expect.stringMatching(/^the history cannot be written: /)])
  rmSync(blocked)
  mkdirSync(blocked)
  expect(await history.series()).toEqual([CPU])
  expect(said.at(-1)).toBe('the history is written again')
  expect(history.dropped()).toBe(0)
})

test('while somebody else holds the file, only the writing waits', async () => {
  const history = open()
  await history.series() // the file is there
  const other = new DatabaseSync(join(folder, 'history.db'))
  other.exec('BEGIN IMMEDIATE')
  let isWritten = false
  history.append([{ ...CPU, at: NOON, value: 1 }])
  const written = history.flush().then(() => (isWritten = true))
  for (let turn = 0; turn < 20; turn++) await new Promise((done) => setTimeout(done, 5))
  history.append([{ ...CPU, at: NOON + SECOND, value: 2 }])
  expect(isWritten).toBe(false)
  other.exec('ROLLBACK')
  other.close()
  await written
  clock.advance(SECOND)
  const { points } = await history.read({ ...CPU, fromAt: NOON, toAt: NOON + MINUTE, stepMs: SECOND })
  expect(points.map(({ mean }) => mean)).toEqual([1, 2])
})

test('keeps a bounded number of samples in memory while the disk fails', async () => {
  const blocked = join(folder, 'state')
  writeFileSync(blocked, '')
  const history = open(LIMITS, join(blocked, 'history.db'))
  for (let index = 0; index < 70; index++) {
    history.append(Array.from({ length: 1000 }, () => ({ ...CPU, at: NOON, value: 1 })))
    if (index % 10 === 0) await history.flush()
  }
  expect(history.dropped()).toBe(10_000)
})

test('what is no database is said to be none', async () => {
  writeFileSync(join(folder, 'history.db'), 'no database'.repeat(1000))
  const refusal = { code: 'store.failed', message: 'file is not a database' }
  await expect(open().series()).rejects.toMatchObject(refusal)
})

test('writes by itself, without being asked', async () => {
  const history = open()
  history.append([{ ...CPU, at: NOON, value: 1 }])
  clock.advance(10 * SECOND)
  const metrics = () => {
    try {
      using db = new DatabaseSync(join(folder, 'history.db'), { readOnly: true })
      return db.prepare('SELECT metric FROM series').all()
    } catch {
      return [] // not made yet
    }
  }
  while (metrics().length === 0) await new Promise((done) => setTimeout(done, 5))
  expect(metrics()).toEqual([{ metric: 'cpu' }])
})

test('is whole after kill -9 in the midst of writing', async () => {
  const source = new URL('../../src/drivers/sqlite/history/open.ts', import.meta.url).href
  const script = `
    import { openSqliteHistory } from '${source}'
    let now = ${NOON}
    const clock = { now: () => now, sleep: () => new Promise(() => {}) }
    const log = { info() {}, warn: console.error, error: console.error }
    const history = openSqliteHistory('${join(folder, 'history.db')}', { clock, log }, { maxBytes: 2 ** 28 })
    for (let second = 0; ; second++) {
      history.append([0, 1, 2].map((index) => ({ fleet: 'api', metric: 'm' + index, at: now, value: second })))
      if (second % 7 === 6) await history.flush()
      if (second === 2000) console.log('writing')
      now += 1000
    }`
  const file = join(folder, 'writer.ts')
  writeFileSync(file, script)
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'exit')
  const db = new DatabaseSync(join(folder, 'history.db'))
  expect(db.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
  const rolledAt = Number(db.prepare('SELECT at FROM rolled').get()?.at)
  db.close()
  expect(rolledAt).toBeGreaterThan(NOON)
  clock.advance(DAY)
  const history = open()
  for (const metric of ['m0', 'm1', 'm2']) {
    const read = await history.read({
      fleet: 'api',
      metric,
      fromAt: NOON,
      toAt: NOON + DAY,
      stepMs: 5 * MINUTE,
    })
    const whole = read.points.filter(({ at }) => at < rolledAt)
    expect(whole.length).toBe((rolledAt - NOON) / (5 * MINUTE))
    expect(whole.every(({ count }) => count === 300)).toBe(true)
  }
})
