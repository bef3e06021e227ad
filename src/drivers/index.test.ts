import { existsSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { BALANCER_DRIVERS, DRIVERS, METRIC_DRIVERS } from './index.ts'

const HERE = new URL('.', import.meta.url)
/** Folders that make no servers: they know the time of windows, carry traffic, probe, or keep the journal. */
const NO_FLEET = ['cron', 'forecast', 'gateway', 'probe', 'sqlite']

const folders = readdirSync(HERE, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

/** Drivers that are known by a name of their own. */
const ALICLOUD = ['cloudmonitor']

/** A vendor's folder has all its drivers, each by the name of the folder and its own. */
function folderOf(kind: string): string {
  return ALICLOUD.includes(kind) ? 'alicloud' : kind.split('-')[0]!
}

test('the tables of drivers are the folders that have a module', () => {
  const modules = folders.filter((name) => existsSync(new URL(`${name}/module.ts`, HERE)))
  const kinds = [DRIVERS, METRIC_DRIVERS, BALANCER_DRIVERS].flatMap(Object.keys)
  expect([...new Set(kinds.map(folderOf))].sort()).toEqual(modules.sort())
})

test('a folder without a module is known to make no servers', () => {
  const rest = folders.filter((name) => !existsSync(new URL(`${name}/module.ts`, HERE)))
  for (const name of rest) expect(NO_FLEET).toContain(name)
})

test('each driver stands under its own kind', () => {
  for (const [name, { kind }] of Object.entries({
    ...DRIVERS,
    ...METRIC_DRIVERS,
    ...BALANCER_DRIVERS,
  }))
    expect(kind).toBe(name)
})
