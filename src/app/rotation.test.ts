import {
  appendFileSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Settings } from '../core/settings.ts'
import { growingLogs, rotate } from './rotation.ts'

let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-rotation-'))
  path = join(folder, 'x.log')
})
afterEach(() => rmSync(folder, { recursive: true }))

const text = (suffix = '') => readFileSync(path + suffix, 'utf8')

test('nothing happens to a log that is small, or that is not there', async () => {
  await rotate({ path, reopened: false }, { maxBytes: 10, keep: 3 })
  writeFileSync(path, '123456789')
  await rotate({ path, reopened: false }, { maxBytes: 10, keep: 3 })
  expect(readdirSync(folder)).toEqual(['x.log'])
})

test('a log that its writer holds open goes on in the same file', async () => {
  const held = openSync(path, 'a')
  writeSync(held, 'first line\n')
  await rotate({ path, reopened: false }, { maxBytes: 10, keep: 3 })
  writeSync(held, 'second')
  closeSync(held)
  expect([text(), text('.1')]).toEqual(['second', 'first line\n'])
})

test('keeps as many as it is told, the youngest as .1', async () => {
  for (const n of [1, 2, 3, 4, 5]) {
    appendFileSync(path, `${n}`.repeat(10))
    await rotate({ path, reopened: true }, { maxBytes: 10, keep: 3 })
  }
  expect(readdirSync(folder).sort()).toEqual(['x.log.1', 'x.log.2', 'x.log.3'])
  expect([text('.1')[0], text('.2')[0], text('.3')[0]]).toEqual(['5', '4', '3'])
})

test('keeps none when it is told so', async () => {
  for (const reopened of [false, true]) {
    writeFileSync(path, 'x'.repeat(20))
    await rotate({ path, reopened }, { maxBytes: 10, keep: 0 })
  }
  expect(readdirSync(folder)).toEqual([])
})

test('finds the logs of all processes and servers, and the access log', () => {
  mkdirSync(join(folder, 'logs/api'), { recursive: true })
  for (const name of ['gateway.log', 'controller.log', 'api/api-1.log', 'api/api-1.log.1', 'api/x.stopping'])
    writeFileSync(join(folder, 'logs', name), '')
  const accessLog = { path: '/var/access.log', format: 'json' as const }
  const settings = { stateDir: folder, balancer: { accessLog } } as unknown as Settings
  const found = growingLogs(settings).map(
    (log) => `${log.path.replace(`${folder}/logs/`, '')} ${log.reopened}`,
  )
  expect(found.sort()).toEqual([
    '/var/access.log true',
    'api/api-1.log false',
    'controller.log false',
    'gateway.log false',
  ])
})
