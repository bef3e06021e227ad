import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Tidegate } from '../kit/tidegate.ts'
import { fixture } from './fixture.ts'

const SECOND = `  more: { driver: local, command: [sleep, "600"], min: 1, max: 1, startup: { timeout: 60s } }\n`

/** Pids of processes that were started with this folder on their command line. */
function processesOf(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder)
      } catch {
        return false
      }
    })
}

test('Ctrl-C while the parts are still starting leaves none of them behind', async () => {
  await using tidegate = new Tidegate(fixture())
  const up = tidegate.start()
  const exit = new Promise((done) => up.once('exit', done))
  await tidegate.until('the parts to start', () => tidegate.output.includes('controller started'))
  up.kill('SIGINT')
  expect(await exit).toBe(130)
  expect(processesOf(tidegate.folder)).toEqual([])
  expect(tidegate.serverPids()).toEqual([])
})

test('a fleet that the file lost while no controller ran leaves no servers behind', async () => {
  await using tidegate = new Tidegate(fixture({ extra: SECOND }))
  tidegate.start()
  await tidegate.serving(2)
  await tidegate.until('the second fleet', () => tidegate.serverPids().length === 3)
  process.kill(tidegate.supervisor!.pid, 'SIGKILL')
  process.kill(tidegate.controller!.pid, 'SIGKILL')
  tidegate.write(fixture())
  tidegate.start()
  await tidegate.until('its server to be gone', () => tidegate.serverPids().length === 2)
})

test('a fleet that the file lost, and that cannot be opened any more, keeps no other from serving', async () => {
  const old = `{ driver: exec, list: [echo, '{"servers":[]}'], launch: ["false"], retire: ["true"], env: { KEY: "\${file:key}" }, min: 0, max: 1 }`
  await using tidegate = new Tidegate(fixture({ extra: `  old: ${old}\n` }))
  const key = join(tidegate.folder, 'key')
  writeFileSync(key, 'secret')
  tidegate.start()
  await tidegate.serving(2)
  const servers = tidegate.serverPids()
  process.kill(tidegate.supervisor!.pid, 'SIGKILL')
  process.kill(tidegate.controller!.pid, 'SIGKILL')
  rmSync(key)
  tidegate.write(fixture())
  tidegate.start()
  const isTold = async () => {
    const { stdout } = await tidegate.cli('events', '--config', tidegate.file)
    return stdout.includes('the file has old no more, and its servers may be left: ') || null
  }
  expect(await tidegate.until('the event', isTold)).toBe(true)
  expect(tidegate.serverPids()).toEqual(servers)
  writeFileSync(key, 'secret')
})

test('a killing stop also finds the servers of a fleet that came with a reload', async () => {
  await using tidegate = new Tidegate(fixture())
  const up = tidegate.start()
  await tidegate.serving(2)
  const exit = new Promise((done) => up.once('exit', done))
  tidegate.write(fixture({ extra: SECOND }))
  expect((await tidegate.cli('reload', '--config', tidegate.file)).code).toBe(0)
  await tidegate.until('the second fleet', () => tidegate.serverPids().length === 3)
  process.kill(tidegate.controller!.pid, 'SIGSTOP')
  up.kill('SIGINT')
  await tidegate.until('the stop', () => tidegate.output.includes('stopping'))
  up.kill('SIGINT')
  expect(await exit).toBe(130)
  expect(tidegate.serverPids()).toEqual([])
})

test('without its gateway a stop ends, although nobody can drain; and no reload takes it back', async () => {
  await using tidegate = new Tidegate(fixture().replace('drain: { timeout: 10s }', 'drain: { timeout: 24h }'))
  const up = tidegate.start()
  await tidegate.serving(2)
  const exit = new Promise((done) => up.once('exit', done))
  process.kill(tidegate.gateway!.pid, 'SIGSTOP')
  up.kill('SIGINT')
  const ordered = async () => (await tidegate.fleet())?.orders.some(({ kind }) => kind === 'stop')
  await tidegate.until('the order', ordered)
  const reloaded = await tidegate.cli('reload', '--config', tidegate.file)
  expect(reloaded).toMatchObject({ code: 2, stderr: expect.stringContaining('it is stopping') })
  expect(await exit).toBe(130)
  expect(processesOf(tidegate.folder)).toEqual([])
  expect(tidegate.serverPids()).toEqual([])
})
