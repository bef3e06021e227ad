import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { untranslated } from '../../test/kit/chinese.ts'
import { Cloud } from '../../test/kit/cloud.ts'
import { openFleet, requestOf, sandboxKeys } from '../../test/kit/ecs.ts'
import { checkSettings } from '../config/load.ts'
import { Fault } from '../core/fault.ts'
import type { Settings } from '../core/settings.ts'
import type { Clock } from '../core/time.ts'
import { writeCarried } from './carried.ts'
import { takeDown } from './down.ts'
import { retireAll } from './leftovers.ts'
import { statePaths } from './paths.ts'
import { markOf } from './processes.ts'
import { stayingLines } from './staying-balancers.ts'

const never = new AbortController().signal
const WARM = { warm: 2, 'instance-types': ['ecs.g7.large'] }

beforeEach(sandboxKeys)

/** Whoever waits has waited. */
function hurriedClock(): Clock {
  let now = 0
  return {
    now: () => now,
    after: () => () => {},
    async sleep(ms) {
      now += ms
    },
  }
}

function settingsOf(yaml: string): Settings {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-down-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const loaded = checkSettings(yaml, join(folder, 'tidegate.yaml'), { env: {}, now: 0 })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  return { ...loaded.settings, stateDir: folder }
}

async function downOf(settings: Settings, balancers: boolean) {
  const errors: string[] = []
  const log = { info() {}, warn() {}, error: (text: string) => void errors.push(text) }
  return { ...(await takeDown(settings, { clock: hurriedClock(), log }, balancers)), errors }
}

test('servers that are kept stopped are given back too', async () => {
  const cloud = new Cloud()
  const fleet = openFleet(cloud, { over: WARM })
  const { ids } = await fleet.launch(requestOf(cloud, 2, WARM), never)
  await cloud.advance(40_000)
  await fleet.park!(ids.slice(0, 1), never)
  await cloud.advance(20_000)
  expect(await fleet.list(never)).toMatchObject({ servers: [{ id: ids[1] }], kept: [{ id: ids[0] }] })
  expect(await retireAll(openFleet(cloud, { over: WARM }), hurriedClock())).toBe(2)
  expect(cloud.world.ecs.instances.size).toBe(0)
})

/** Whoever waits lets the cloud go on. */
function clockOf(cloud: Cloud): Clock {
  return { now: () => cloud.clock.now(), after: () => () => {}, sleep: (ms) => cloud.advance(ms) }
}

test('servers that are being made are waited for, and then deleted', async () => {
  const cloud = new Cloud()
  await openFleet(cloud).launch(requestOf(cloud, 2), never)
  await cloud.advance(3_000)
  const [one] = [...cloud.world.ecs.instances.values()]
  expect(one!.status).toBe('Pending')
  expect(await retireAll(openFleet(cloud), clockOf(cloud))).toBe(2)
  expect(cloud.world.ecs.instances.size).toBe(0)
})

test('one that never comes to be is named at last', async () => {
  const cloud = new Cloud()
  await openFleet(cloud).launch(requestOf(cloud, 1), never)
  await cloud.advance(3_000)
  const [id] = [...cloud.world.ecs.instances.keys()]
  const { list } = openFleet(cloud)
  const refuse = async () => {
    throw new Fault('fleet.retire-failed', `${id}: no`, { source: 'vendor', retry: 'yes' })
  }
  await expect(retireAll({ list, retire: refuse }, clockOf(cloud))).rejects.toThrow(`${id}: no`)
})

test('what stays at balancers is told', () => {
  const settings = settingsOf(`
balancers:
  shop: { driver: alicloud-clb, region: cn-hangzhou, create: { address: internet } }
  old: { driver: alicloud-clb, region: cn-hangzhou, load-balancer: lb-1 }
listeners: { web: { bind: "127.0.0.1:8080", pool: own } }
pools:
  own: { servers: [ { address: "172.16.0.1:80" } ] }
  new: { balancer: shop, servers: [ { address: "172.16.0.1:80" } ] }
  api: { balancer: old, servers: [ { address: "172.16.0.1:80" } ] }
`)
  expect(stayingLines(settings)).toEqual([])
  writeCarried(settings.stateDir, settings.balancers)
  const lines = stayingLines(settings)
  expect(lines).toEqual([
    expect.stringMatching(/^shop: the load balancer that was created for it stays, and is paid; /),
    expect.stringMatching(/^old: the listeners and server groups that were made there stay; /),
  ])
  expect(untranslated(lines)).toEqual([])
})

test('a supervisor that lives on is told of, and no balancer is deleted that it would buy again', async () => {
  const settings = settingsOf(`
balancers:
  shop:
    driver: alicloud-clb
    region: cn-hangzhou
    create: { specification: slb.s1.small, address: internet }
listeners: { web: { balancer: shop, bind: ":80", pool: api } }
pools: { api: { balancer: shop, servers: [ { address: "172.16.0.1:80" } ] } }
`)
  const deaf = 'trap "" TERM; echo deaf; exec sleep 600'
  const supervisor = spawn('sh', ['-c', deaf], { stdio: ['ignore', 'pipe', 'ignore'] })
  onTestFinished(() => void supervisor.kill('SIGKILL'))
  await once(supervisor.stdout, 'data')
  writeFileSync(statePaths(settings.stateDir).supervisor, JSON.stringify(markOf(supervisor.pid!)))
  expect(await downOf(settings, true)).toEqual({
    stopped: [],
    alive: ['supervisor'],
    servers: 0,
    deleted: [],
    isWhole: false,
    errors: [
      `the supervisor still runs (process ${supervisor.pid}): kill it, then run this again`,
      'no load balancer is deleted: what still runs may create it again',
    ],
  })
})

test('servers that may be left make a failure of it', async () => {
  const settings = settingsOf(`
listeners: { web: { bind: "127.0.0.1:8080", pool: api } }
pools: { api: { fleet: api } }
fleets: { api: { driver: exec, list: ["false"], launch: ["false"], retire: ["false"], min: 1, max: 1 } }
`)
  const { isWhole, errors } = await downOf(settings, false)
  expect(isWhole).toBe(false)
  expect(errors).toEqual([expect.stringMatching(/^servers of api may be left: /)])
})
