import { createServer } from 'node:net'
import { resolve } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { isAlive } from '../../src/app/processes.ts'
import { lacksOf, platformOf } from '../../src/core/platform.ts'
import { Load } from '../kit/load.ts'
import { Tidegate } from '../kit/tidegate.ts'
import { fixture } from './fixture.ts'

/** A Tidegate that takes this system for macOS: no shared ports, no /proc. */
beforeEach(() => {
  vi.stubEnv('NODE_OPTIONS', `--import=${resolve(import.meta.dirname, '../kit/as-darwin.mjs')}`)
})
afterEach(() => {
  vi.unstubAllEnvs()
})

test('as on macOS: one worker, said once, and everything else works', async () => {
  await using tidegate = new Tidegate(fixture())
  const up = tidegate.start()
  await tidegate.serving(2)
  for (const lack of lacksOf(platformOf('darwin'))) expect(tidegate.output.split(lack)).toHaveLength(2)
  expect((await tidegate.gatewayStatus())?.workers).toHaveLength(1)
  expect((await tidegate.fleet())?.readings.cpu).toMatchObject({ ok: false, why: 'no-data' })

  const load = new Load(await tidegate.url(), 60)
  await tidegate.cli('scale', 'api', '3', '--config', tidegate.file)
  await tidegate.serving(3)
  await tidegate.cli('scale', 'api', '2', '--config', tidegate.file)
  await tidegate.serving(2)
  const { failed, ok } = await load.stop()
  expect(failed).toEqual([])
  expect(ok).toBeGreaterThan(0)

  const { gateway, controller } = tidegate
  const exit = new Promise((ended) => up.once('exit', ended))
  up.kill('SIGINT')
  expect(await exit).toBe(130)
  expect(isAlive(gateway!)).toBe(false)
  expect(isAlive(controller!)).toBe(false)
  expect(tidegate.serverPids()).toEqual([])
})

test('as on macOS: a gateway that was killed takes its port back', async () => {
  await using tidegate = new Tidegate(fixture())
  tidegate.start()
  await tidegate.serving(2)
  const url = await tidegate.url()
  expect(await codeOf(Number(new URL(url).port))).toBe('EADDRINUSE')
  const { gateway } = tidegate
  process.kill(gateway!.pid, 'SIGKILL')
  await tidegate.successor('gateway', gateway!)
  await tidegate.until('an answer', async () => (await fetch(url).catch(() => null))?.ok)
})

test.skipIf(process.platform !== 'linux')('on Linux there are as many workers as the file says', async () => {
  vi.unstubAllEnvs()
  await using tidegate = new Tidegate(fixture().replace('workers: 2', 'workers: 3'))
  tidegate.start()
  await tidegate.serving(2)
  expect((await tidegate.gatewayStatus())?.workers).toHaveLength(3)
})

/** How it goes to listen beside a gateway; a gateway that shares its ports lets others of its user in. */
function codeOf(port: number): Promise<string | undefined> {
  return new Promise((done) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => done(error.code))
    server.listen({ host: '127.0.0.1', port, reusePort: true }, () => server.close(() => done('shared')))
  })
}
