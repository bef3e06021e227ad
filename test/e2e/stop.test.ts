import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { isAlive } from '../../src/app/processes.ts'
import { Load } from '../kit/load.ts'
import { Tidegate } from '../kit/tidegate.ts'
import { fixture } from './fixture.ts'

test('Ctrl-C drains and stops everything and leaves no process behind', async () => {
  await using tidegate = new Tidegate(fixture())
  const up = tidegate.start()
  await tidegate.serving(2)
  const { gateway, controller } = tidegate
  const exit = new Promise((done) => up.once('exit', done))
  up.kill('SIGINT')
  expect(await exit).toBe(130)
  expect(isAlive(gateway!)).toBe(false)
  expect(isAlive(controller!)).toBe(false)
  expect(tidegate.serverPids()).toEqual([])
})

test('down stops what a killed supervisor and a killed controller left behind', async () => {
  await using tidegate = new Tidegate(fixture())
  tidegate.start()
  await tidegate.serving(2)
  const { gateway, controller, supervisor } = tidegate
  process.kill(supervisor!.pid, 'SIGKILL')
  process.kill(controller!.pid, 'SIGKILL')
  const down = await tidegate.cli('down', '--config', tidegate.file)
  expect(down).toMatchObject({
    code: 0,
    stderr: 'stopped with their servers: gateway; servers that nobody looked after: 2 stopped\n',
  })
  expect(isAlive(gateway!)).toBe(false)
  expect(tidegate.serverPids()).toEqual([])
  const again = await tidegate.cli('down', '--json', '--config', tidegate.file)
  expect(JSON.parse(again.stdout)).toEqual({ stopped: [], servers: 0, deleted: [] })
})

test('SIGTERM to the controller leaves the servers, and traffic goes on', async () => {
  await using tidegate = new Tidegate(fixture())
  tidegate.start()
  await tidegate.serving(2)
  const load = new Load(await tidegate.url(), 60)
  const servers = tidegate.serverPids().sort()
  const old = tidegate.controller!
  process.kill(old.pid, 'SIGTERM')
  await tidegate.successor('controller', old)
  await tidegate.serving(2)
  expect(tidegate.serverPids().sort()).toEqual(servers)
  expect((await load.stop()).failed).toEqual([])
})

test('a second up on the same state directory is refused', async () => {
  await using tidegate = new Tidegate(fixture())
  tidegate.start()
  await tidegate.serving(2)
  const second = await tidegate.cli('up', tidegate.file)
  expect(second.code).toBe(1)
  expect(second.stderr).toContain('store.busy')
})

test('a taken port is named, with the way out', async () => {
  const holder = createServer().listen(0, '127.0.0.1')
  await new Promise((done) => holder.once('listening', done))
  const address = holder.address()
  const port = typeof address === 'object' && address ? address.port : 0
  await using tidegate = new Tidegate(
    fixture().replace('127.0.0.1:0", protocol', `127.0.0.1:${port}", protocol`),
  )
  const refused = await tidegate.cli('up', tidegate.file)
  holder.close()
  expect(refused.code).toBe(2)
  expect(refused.stderr).toContain(`port ${port}`)
  expect(refused.stderr).toMatch(new RegExp(`is taken by \\S+ \\(pid ${process.pid}\\)`))
  expect(refused.stderr).toContain('listeners.web.bind')
})
