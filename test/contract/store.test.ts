import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Clock } from '../../src/core/time.ts'
import { acquireLock } from '../../src/drivers/sqlite/lock.ts'
import { openSqliteStore } from '../../src/drivers/sqlite/open.ts'
import { LIMITS } from '../../src/drivers/sqlite/prune.ts'
import { aMemory, anEntry, anIntent, storeContract } from './store.ts'

const NOON = 1_800_000_000_000
const frozen: Clock = { now: () => NOON, after: () => () => {}, sleep: async () => {} }

storeContract('sqlite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-store-'))
  const path = join(folder, 'state', 'journal.db')
  let store = openSqliteStore(path, frozen)
  return {
    store,
    now: frozen.now,
    async reopen() {
      store[Symbol.dispose]()
      store = openSqliteStore(path, frozen)
      return store
    },
    async close() {
      store[Symbol.dispose]()
      rmSync(folder, { recursive: true })
    },
  }
})

describe('a state directory', () => {
  let folder: string
  let children: ChildProcess[]
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tidegate-state-'))
    children = []
  })
  afterEach(async () => {
    for (const child of children) await ended(child)
    rmSync(folder, { recursive: true })
  })

  const ended = async (child: ChildProcess): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }

  /** Runs the script in a process of its own until it has printed a line. */
  const run = async (script: string): Promise<ChildProcess> => {
    const source = new URL('../../src/drivers/sqlite/', import.meta.url).href
    const code = script.replaceAll('SQLITE/', source).replaceAll('FOLDER', folder)
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    children.push(child)
    await once(child.stdout!, 'data')
    return child
  }

  test('has every intent and order that was accepted, after kill -9 of the writer', async () => {
    const child = await run(`
      import { openSqliteStore } from 'SQLITE/open.ts'
      const store = openSqliteStore('FOLDER/journal.db', { now: () => ${NOON}, sleep: async () => {} })
      await store.commit('api', ${JSON.stringify(aMemory(NOON))}, ${JSON.stringify(anEntry(NOON))})
      await store.intend('api', [${JSON.stringify(anIntent('api', 5, NOON))}])
      await store.order({ kind: 'stop' }, { scope: 'fleet:api', at: ${NOON}, untilAt: null, by: 'ann' })
      console.log('written')
      setInterval(() => {}, 1000)
    `)
    await ended(child)
    using store = openSqliteStore(join(folder, 'journal.db'), frozen)
    expect(await store.recall('api')).toEqual({
      memory: aMemory(NOON),
      intents: [{ ...anIntent('api', 5, NOON), closed: null }],
      lastSequence: 5,
    })
    expect(await store.orders('fleet:api', NOON)).toMatchObject([{ kind: 'stop' }])
  })

  test('has one owner at a time, and a killed owner loses it', async () => {
    const path = join(folder, 'lock.db')
    const child = await run(`
      import { acquireLock } from 'SQLITE/lock.ts'
      globalThis.lock = acquireLock('FOLDER/lock.db')
      console.log('held')
      setInterval(() => {}, 1000)
    `)
    const refusal = { code: 'store.busy', message: expect.stringContaining(`process ${child.pid}`) }
    expect(() => acquireLock(path)).toThrow(expect.objectContaining(refusal))
    await ended(child)
    using lock = acquireLock(path)
    expect(lock).toBeDefined()
  })

  test('has one owner in one process too, and can be owned again when it is let go', () => {
    const path = join(folder, 'lock.db')
    const first = acquireLock(path)
    expect(() => acquireLock(path)).toThrow(expect.objectContaining({ code: 'store.busy' }))
    expect(() => acquireLock(path)).toThrow(expect.objectContaining({ code: 'store.busy' }))
    first[Symbol.dispose]()
    expect(existsSync(`${path}.pid`)).toBe(false)
    acquireLock(path)[Symbol.dispose]()
  })

  test('that a later Tidegate has written is refused with the two versions', () => {
    const path = join(folder, 'journal.db')
    openSqliteStore(path, frozen)[Symbol.dispose]()
    const db = new DatabaseSync(path)
    db.exec('PRAGMA user_version = 99')
    db.close()
    const refusal = { code: 'store.failed', message: expect.stringMatching(/version 99/) }
    expect(() => openSqliteStore(path, frozen)).toThrow(expect.objectContaining(refusal))
  })

  test('that cannot be written is a fault', () => {
    const refusal = { code: 'store.failed' }
    const file = join(folder, 'file')
    writeFileSync(file, '')
    expect(() => openSqliteStore(join(file, 'journal.db'), frozen)).toThrow(expect.objectContaining(refusal))
    expect(() => acquireLock(join(file, 'lock.db'))).toThrow(expect.objectContaining(refusal))
  })

  test('keeps every tick, and a checkpoint of memory a minute, until they are too old', async () => {
    let now = NOON
    const clock: Clock = { now: () => now, after: () => () => {}, sleep: async () => {} }
    const path = join(folder, 'journal.db')
    using store = openSqliteStore(path, clock, { ...LIMITS, everyCommits: 5 })
    for (const at of [0, 30_000, 60_000, 90_000]) {
      now = NOON + at
      await store.commit('api', aMemory(now), anEntry(now))
    }
    const db = new DatabaseSync(path, { readOnly: true })
    const rows = () => db.prepare('SELECT at, checkpoint FROM ticks ORDER BY id').all()
    expect(rows().map(({ checkpoint }) => checkpoint !== null)).toEqual([true, false, true, false])
    now += LIMITS.ageMs
    await store.commit('api', aMemory(now), anEntry(now))
    expect(rows().map(({ at }) => at)).toEqual([NOON + 90_000, now])
    db.close()
  })
})
