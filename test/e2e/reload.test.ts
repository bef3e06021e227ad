import { expect, test } from 'vitest'
import { Load } from '../kit/load.ts'
import { Tidegate } from '../kit/tidegate.ts'
import { fixture } from './fixture.ts'

const OTHER_POOL = `
  other:
    health: { type: http, path: /health, interval: 1s, timeout: 500ms }
    servers: [ { address: "127.0.0.1:9" } ]
    fleet: api`

test('a pool that a fleet feeds no longer loses its servers, and the others keep theirs', async () => {
  const both = fixture().replace('\nfleets:', `${OTHER_POOL}\nfleets:`)
  await using tidegate = new Tidegate(both)
  tidegate.start()
  await tidegate.serving(2)
  const load = new Load(await tidegate.url(), 40)
  tidegate.write(both.replace('127.0.0.1:9" } ]\n    fleet: api', '127.0.0.1:9" } ]'))
  const reloaded = await tidegate.cli('reload', '--config', tidegate.file)
  expect(reloaded).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('advised range; `tidegate validate'),
  })
  const other = await tidegate.until('the pool to be left', async () => {
    const pool = await tidegate.pool('other')
    return pool?.members.length === 1 ? pool : null
  })
  expect(other.members[0]!.id).toBe('127.0.0.1:9')
  expect((await tidegate.serving(2)).servers).toHaveLength(2)
  expect((await load.stop()).failed).toEqual([])
})

test('a balancer that does not answer keeps nobody from what else a reload changes', async () => {
  const file = (loadBalancer: string, feeds: string, max: number) =>
    fixture({ extra: `  more: { driver: local, command: [sleep, "600"], min: 0, max: ${max} }\n` }).replace(
      '\nfleets:',
      `
  cloud: { balancer: shop, servers: [ { address: "172.16.0.1:80" } ]${feeds} }
reload: manual
balancers:
  shop:
    driver: alicloud-clb
    region: cn-hangzhou
    endpoint: "http://127.0.0.1:9"
    load-balancer: ${loadBalancer}
fleets:`,
    )
  await using tidegate = new Tidegate(file('lb-1', ', fleet: api', 3))
  tidegate.start()
  const limited = (max: number) =>
    tidegate.until(`at most ${max}`, async () => (await tidegate.fleet('more'))?.max === max)
  await limited(3)
  tidegate.write(file('lb-2', '', 5))
  expect(await tidegate.cli('reload', '--config', tidegate.file)).toMatchObject({ code: 0 })
  await limited(5)
  await tidegate.serving(2)
})

test('a fleet that would move to another driver is refused while it may have servers, and is free to when they are stopped', async () => {
  const moved = fixture().replace(
    /driver: local\n {4}command: .*/,
    'driver: exec\n    list: [echo, \'{"servers":[]}\']\n    launch: ["false"]\n    retire: ["true"]',
  )
  await using tidegate = new Tidegate(`reload: manual\n${fixture()}`)
  tidegate.start()
  await tidegate.serving(2)
  tidegate.write(moved)
  const message = 'fleets.api may have servers of local yet; give that of exec another name'
  const reloaded = await tidegate.cli('reload', '--config', tidegate.file)
  expect(reloaded).toMatchObject({ code: 2, stderr: expect.stringContaining(message) })
  await tidegate.serving(2)
  for (const mark of [tidegate.supervisor, tidegate.controller]) process.kill(mark!.pid, 'SIGKILL')
  const up = await tidegate.cli('up', tidegate.file)
  expect(up).toMatchObject({ code: 2, stderr: expect.stringContaining(message) })
  expect((await tidegate.cli('down', tidegate.file)).stderr).toContain('nobody looked after: 2 stopped')
  tidegate.start()
  await tidegate.until('the fleet of exec', async () => (await tidegate.fleet())?.blind === null)
})
