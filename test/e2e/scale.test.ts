import { expect, test } from 'vitest'
import { Load } from '../kit/load.ts'
import { Tidegate } from '../kit/tidegate.ts'
import { fixture } from './fixture.ts'

test('eight times the load brings servers, its end takes them away, and no request fails', async () => {
  await using tidegate = new Tidegate(fixture())
  tidegate.start()
  await tidegate.serving(2)
  const load = new Load(await tidegate.url(), 40)
  await tidegate.until('answers', () => load.report().ok > 20)

  load.rps = 320
  const grown = await tidegate.until('more servers to serve', async () => {
    const fleet = await tidegate.fleet()
    return fleet && fleet.ready >= 4 ? fleet : null
  })
  await tidegate.until('every server to answer', () => load.report().byServer.size >= grown.ready)

  // A reload under load changes the fleet's limits and drops nothing.
  tidegate.write(fixture({ max: 6 }))
  const reload = await tidegate.cli('reload', '--config', tidegate.file)
  expect(reload.stderr + reload.stdout).not.toContain('error')
  expect(reload.code).toBe(0)
  await tidegate.until('the new limit', async () => (await tidegate.fleet())?.max === 6)

  load.rps = 40
  await tidegate.serving(2)
  const report = await load.stop()
  expect(report.failed).toEqual([])
  expect(report.ok).toBe(report.sent)

  const explained = await tidegate.cli('explain', 'api', '--config', tidegate.file)
  expect(explained.code).toBe(0)
  expect(explained.stdout).toContain('in-flight-per-server')
})

test('operators drain, pin and pause, and nothing fails', async () => {
  await using tidegate = new Tidegate(fixture({ min: 2 }))
  tidegate.start()
  await tidegate.serving(2)
  const load = new Load(await tidegate.url(), 60)
  const run = (...args: string[]) => tidegate.cli(...args, '--config', tidegate.file)

  expect((await run('scale', 'api', '4')).code).toBe(0)
  const fleet = await tidegate.serving(4)
  // Paused, so that the drained server is not replaced, nor one too many when it comes back.
  expect((await run('pause', 'api')).code).toBe(0)
  const victim = fleet.servers[0]!.id
  expect((await run('drain', victim)).code).toBe(0)
  await tidegate.until('the server to drain', async () => {
    const member = (await tidegate.pool())?.members.find((one) => one.id === victim)
    return member?.weight === 0
  })
  const before = load.report().byServer.get(victim) ?? 0
  expect((await run('ready', victim)).code).toBe(0)
  await tidegate.until(
    'it to take traffic again',
    () => (load.report().byServer.get(victim) ?? 0) > before + 5,
  )

  expect((await run('resume', 'api')).code).toBe(0)
  await tidegate.serving(2)
  const status = await run('status', '--json')
  expect(JSON.parse(status.stdout)).toBeTruthy()
  expect((await load.stop()).failed).toEqual([])
})
