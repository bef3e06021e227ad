import { existsSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { DRIVERS, METRIC_DRIVERS } from './index.ts'

const HERE = new URL('.', import.meta.url)
/** Folders that make no servers: they know the time of windows, carry traffic, probe, keep the journal, or only call their cloud so far. */
const NO_FLEET = ['alicloud', 'cron', 'gateway', 'probe', 'sqlite']

const folders = readdirSync(HERE, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

test('the tables of drivers are the folders that have a module', () => {
  const modules = folders.filter((name) => existsSync(new URL(`${name}/module.ts`, HERE)))
  expect([...Object.keys(DRIVERS), ...Object.keys(METRIC_DRIVERS)].sort()).toEqual(modules.sort())
})

test('a folder without a module is known to make no servers', () => {
  const rest = folders.filter((name) => !existsSync(new URL(`${name}/module.ts`, HERE)))
  for (const name of rest) expect(NO_FLEET).toContain(name)
})

test('each driver stands under its own kind', () => {
  for (const [name, { kind }] of Object.entries({ ...DRIVERS, ...METRIC_DRIVERS })) expect(kind).toBe(name)
})
