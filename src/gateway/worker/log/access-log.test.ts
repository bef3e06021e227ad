import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { ENTRY as LIKE_ANY } from './access-line.cases.ts'
import { AccessLog } from './access-log.ts'

const folder = mkdtempSync(join(tmpdir(), 'tidegate-log-'))
const path = join(folder, 'access.log')
afterEach(() => rmSync(path, { force: true }))
afterAll(() => rmSync(folder, { recursive: true }))

const ENTRY = { ...LIKE_ANY, path: '/"quoted"\n', referer: null, userAgent: 'curl/8', ms: 1.23456 }

test('one line of JSON an entry, whatever is in it', async () => {
  const log = new AccessLog({ path, format: 'json' })
  log.add(ENTRY)
  log.add({ ...ENTRY, status: 404 })
  await log.close()
  const lines = readFileSync(path, 'utf8').split('\n')
  expect(lines).toHaveLength(3)
  const { at: _, phases: _phases, trace: _trace, tls: _tls, serverTls: _serverTls, ...rest } = ENTRY
  expect(JSON.parse(lines[0]!)).toEqual({ ...rest, ms: 1.235, time: '2026-01-02T03:04:05.000Z' })
  expect(JSON.parse(lines[1]!)).toMatchObject({ status: 404 })
  expect(log.takeDropped()).toBe(0)
})

test('goes on in a new file after a rotation by renaming', async () => {
  const log = new AccessLog({ path, format: 'json' })
  log.add(ENTRY)
  await log.close()
  rmSync(path)
  log.add(ENTRY)
  await log.close()
  expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(2)
})

test('drops what the disk does not take in time, and counts it', async () => {
  const log = new AccessLog({ path, format: 'json' })
  const long = { ...ENTRY, path: 'x'.repeat(100_000) }
  for (let n = 0; n < 20; n++) log.add(long)
  expect(log.takeDropped()).toBe(9)
  expect(log.takeDropped()).toBe(0)
  await log.close()
})

test('a file that cannot be written loses lines and nothing else', async () => {
  const log = new AccessLog({ path: join(folder, 'missing', 'access.log'), format: 'json' })
  log.add(ENTRY)
  log.add(ENTRY)
  await log.close()
  expect(log.takeDropped()).toBe(2)
})
