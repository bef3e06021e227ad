import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readTicketKeys } from './ticket-keys.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-tickets-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

test('ticket keys are kept for a day, for nobody else to read', async () => {
  const stateDir = join(folder, 'state')
  const file = join(stateDir, 'ticket-keys')
  const first = await readTicketKeys(stateDir)
  expect(Buffer.from(first, 'base64')).toHaveLength(48)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(await readTicketKeys(stateDir)).toBe(first)
  const yesterday = Date.now() / 1000 - 25 * 60 * 60
  utimesSync(file, yesterday, yesterday)
  const second = await readTicketKeys(stateDir)
  expect(second).not.toBe(first)
  expect(await readTicketKeys(stateDir)).toBe(second)
  writeFileSync(file, 'short')
  expect(Buffer.from(await readTicketKeys(stateDir), 'base64')).toHaveLength(48)
})
