import { expect, test } from 'vitest'
import { isAlive } from '../../src/app/processes.ts'
import { Load } from '../kit/load.ts'
import { Tidegate } from '../kit/tidegate.ts'
import { fixture } from './fixture.ts'

test('a killed supervisor is followed by one that adopts everything; no request fails', async () => {
  await using tidegate = new Tidegate(fixture())
  tidegate.start()
  await tidegate.serving(2)
  const load = new Load(await tidegate.url(), 60)
  const { gateway, controller, supervisor } = tidegate
  const servers = tidegate.serverPids().sort()

  process.kill(supervisor!.pid, 'SIGKILL')
  await tidegate.until('the supervisor to be gone', () => !isAlive(supervisor!))
  tidegate.start()
  await tidegate.successor('supervisor', supervisor!)
  await tidegate.serving(2)

  expect(tidegate.gateway).toEqual(gateway)
  expect(tidegate.controller).toEqual(controller)
  expect(tidegate.serverPids().sort()).toEqual(servers)
  expect((await load.stop()).failed).toEqual([])
})

test('a killed controller comes back and adopts gateway and servers; no request fails', async () => {
  await using tidegate = new Tidegate(fixture({ min: 3 }))
  tidegate.start()
  await tidegate.serving(3)
  const load = new Load(await tidegate.url(), 60)
  const { gateway, controller } = tidegate
  const servers = tidegate.serverPids().sort()

  for (let round = 0; round < 3; round++) {
    const old = tidegate.controller!
    process.kill(old.pid, 'SIGKILL')
    await tidegate.successor('controller', old)
    await tidegate.serving(3)
  }
  expect(tidegate.controller).not.toEqual(controller)
  expect(tidegate.gateway).toEqual(gateway)
  expect(tidegate.serverPids().sort()).toEqual(servers)
  expect((await load.stop()).failed).toEqual([])
})

test('a controller that is killed while the file is wrong waits for a good one; nothing else ends', async () => {
  await using tidegate = new Tidegate(fixture())
  tidegate.start()
  await tidegate.serving(2)
  const load = new Load(await tidegate.url(), 60)
  const { controller, gateway } = tidegate
  const servers = tidegate.serverPids().sort()
  tidegate.write('nonsense: true\n')
  process.kill(controller!.pid, 'SIGKILL')
  await tidegate.until('a start that fails', () => /nonsense.*unknown key/.test(tidegate.log('controller')))
  tidegate.write(fixture())
  await tidegate.successor('controller', controller!)
  await tidegate.serving(2)
  expect(tidegate.gateway).toEqual(gateway)
  expect(tidegate.serverPids().sort()).toEqual(servers)
  expect((await load.stop()).failed).toEqual([])
})

test('a killed controller in the middle of a scale-out launches nothing twice', async () => {
  await using tidegate = new Tidegate(fixture())
  tidegate.start()
  await tidegate.serving(2)
  const load = new Load(await tidegate.url(), 40)
  await tidegate.cli('scale', 'api', '6', '--config', tidegate.file)
  for (let round = 0; round < 3; round++) {
    const old = await tidegate.until('a controller', () => tidegate.controller)
    process.kill(old.pid, 'SIGKILL')
    await tidegate.successor('controller', old)
  }
  const fleet = await tidegate.serving(6)
  expect(tidegate.serverPids()).toHaveLength(6)
  expect(new Set(fleet.servers.map((server) => server.id)).size).toBe(6)
  expect((await load.stop()).failed).toEqual([])
})

test('a killed server is replaced, and no GET without a response byte fails', async () => {
  await using tidegate = new Tidegate(fixture({ min: 3 }))
  tidegate.start()
  await tidegate.serving(3)
  const load = new Load(await tidegate.url(), 60)
  await tidegate.until('every server to answer', () => load.report().byServer.size === 3)
  const [victim] = tidegate.serverPids()
  process.kill(victim!, 'SIGKILL')
  await tidegate.until('the place to be refilled', async () => {
    const fleet = await tidegate.fleet()
    const pids = tidegate.serverPids()
    return fleet?.ready === 3 && fleet.servers.length === 3 && pids.length === 3 && !pids.includes(victim!)
  })
  const { failed } = await load.stop()
  expect(failed.filter((line) => line.startsWith('GET') && !line.includes('truncated'))).toEqual([])
})

test('a killed gateway serves again from its last snapshot, on the same port, without the controller', async () => {
  await using tidegate = new Tidegate(fixture())
  tidegate.start()
  await tidegate.serving(2)
  const url = await tidegate.url()
  const old = tidegate.gateway!
  const controller = tidegate.controller!
  process.kill(controller.pid, 'SIGSTOP')
  process.kill(old.pid, 'SIGKILL')
  const answer = await tidegate.until('an answer', () =>
    fetch(url)
      .then((res) => (res.ok ? res : null))
      .catch(() => null),
  )
  expect(answer.headers.get('x-server')).toBeTruthy()
  process.kill(controller.pid, 'SIGCONT')
  await tidegate.successor('gateway', old)
  await tidegate.serving(2)
  const load = new Load(url, 60)
  await tidegate.until('answers', () => load.report().ok > 50)
  expect((await load.stop()).failed).toEqual([])
})
