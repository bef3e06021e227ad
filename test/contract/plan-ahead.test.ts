import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/app/clock.ts'
import { openDriver } from '../../src/app/open-driver.ts'
import { loadSettings } from '../../src/config/load.ts'
import { sampleWorld } from '../../src/sandbox/sample.ts'
import { serveSandbox } from '../../src/sandbox/serve.ts'
import { VirtualClock } from '../../src/simulator/virtual-clock.ts'
import { tidegate } from '../kit/command.ts'
import { ECS } from '../kit/doctor.ts'
import { sandboxKeys } from '../kit/ecs.ts'

beforeEach(sandboxKeys)

/** A cloud, and a file in which a balancer is ordered there and a fleet stands, beside one of this machine. */
async function scene() {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-plan-'))
  const clock = new VirtualClock(Date.now())
  const served = await serveSandbox(sampleWorld(), { port: 0, clock })
  onTestFinished(async () => {
    await served[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  })
  const file = join(folder, 'tidegate.yaml')
  const place = { region: ECS.region, endpoint: served.url }
  const create = { specification: 'slb.s1.small', address: 'internet' }
  const text = {
    balancers: { shop: { driver: 'alicloud-clb', ...place, create } },
    listeners: { web: { balancer: 'shop', bind: ':80', pool: 'api' } },
    pools: { api: { balancer: 'shop', fleet: 'api' } },
    fleets: {
      api: { driver: 'alicloud-ecs', ...ECS, ...place, min: 1, max: 3, reserve: 1, drain: { timeout: '9s' } },
      own: { driver: 'local', command: ['true'], min: 2, max: 2 },
    },
  }
  writeFileSync(file, JSON.stringify(text))
  const plan = async () => {
    const { code, out, err } = await tidegate('plan', '--json', '--config', file)
    return { code, err, ...JSON.parse(out) }
  }
  return { file, clock, plan }
}

/** As the controller has them launched. */
async function launch(file: string, count: number): Promise<void> {
  const loaded = await loadSettings(file, process.env, 0)
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  const { settings } = loaded
  const log = { info() {}, warn() {}, error() {} }
  const host = { clock: systemClock(), rng: Math.random, log, ...settings }
  const [{ template, revision }] = settings.fleets as [(typeof settings.fleets)[number]]
  await using opened = await openDriver(settings.fleets[0]!, settings, host)
  const token = `${settings.installation}.api.${Date.now()}`
  const request = { token, fleet: 'api', count, template, revision }
  await opened.fleet.launch(request, new AbortController().signal)
}

test('before anything runs plan tells what up would create and launch, and what that costs, and does nothing', async () => {
  const { file, clock, plan } = await scene()
  const nothing = {
    code: 3,
    err: expect.stringMatching(/^No controller runs here/),
    balancers: [{ name: 'shop', id: null, price: expect.stringMatching(/^about .* CNY an hour/) }],
    fleets: [
      { name: 'api', first: 2, servers: 0 },
      { name: 'own', first: 2, servers: 0 },
    ],
  }
  expect(await plan()).toMatchObject(nothing)
  await clock.advance(30_000)
  expect(await plan()).toMatchObject(nothing)
  await launch(file, 2)
  await clock.advance(30_000)
  expect((await plan()).fleets[0]).toMatchObject({ name: 'api', servers: 2 })
}, 60_000)
