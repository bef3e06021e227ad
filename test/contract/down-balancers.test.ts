import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { systemClock } from '../../src/app/clock.ts'
import { LeftBalancers } from '../../src/app/left-balancers.ts'
import { openBalancer } from '../../src/app/open-driver.ts'
import { loadSettings } from '../../src/config/load.ts'
import type { Settings } from '../../src/core/settings.ts'
import type { Host } from '../../src/core/time.ts'
import { untranslated } from '../kit/chinese.ts'
import { Sandbox } from '../kit/sandbox.ts'

const BIN = join(resolve(import.meta.dirname, '../..'), 'bin/tidegate.js')
const never = new AbortController().signal
const folder = mkdtempSync(join(tmpdir(), 'tidegate-'))
const file = join(folder, 'tidegate.yaml')
let sandbox: Sandbox

beforeAll(async () => {
  vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_ID', 'sandbox')
  vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_SECRET', 'sandbox')
  sandbox = await Sandbox.start()
})
afterAll(async () => {
  await sandbox[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
  vi.unstubAllEnvs()
})

/** What the file says when it has these pools of a balancer, or no such balancer. */
async function written(
  pools: readonly string[],
  name = 'shop',
  instance = 'create: { specification: slb.s1.small, address: internet }',
): Promise<Settings> {
  const balancers = `
balancers:
  ${name}:
    driver: alicloud-clb
    region: cn-hangzhou
    endpoint: ${sandbox.endpoint}
    ${instance}
`
  const poolOf = (pool: string) =>
    `  ${pool}: { balancer: ${name}, servers: [ { address: "172.16.0.1:80" } ] }\n`
  const own = '  own: { servers: [ { address: "127.0.0.1:80" } ] }\n'
  const carriers = pools.length === 0 ? '' : balancers
  writeFileSync(
    file,
    `${carriers}listeners: { web: { bind: "127.0.0.1:8080", pool: own } }\npools:\n${own}${pools.map(poolOf).join('')}`,
  )
  const loaded = await loadSettings(file, process.env, Date.now())
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  return loaded.settings
}

function hostOf({ installation, stateDir }: Settings): Host {
  const log = { info() {}, warn() {}, error() {} }
  return { clock: systemClock(), rng: Math.random, log, installation, stateDir }
}

/** As the controller has it created. */
async function create(settings: Settings): Promise<string> {
  const host = hostOf(settings)
  await using opened = await openBalancer(settings.balancers[0]!, settings, host)
  await opened.balancer.configure({ ...settings.balancers[0]!.spec, listeners: [], pools: [] }, never)
  const status = await opened.balancer.status(never)
  return status.specHash ?? ''
}

async function down(...options: string[]) {
  const { stdout } = await promisify(execFile)(process.execPath, [BIN, 'down', file, '--json', ...options])
  return JSON.parse(stdout)
}

test('only with --balancers those that were created for the file are deleted', async () => {
  expect(await create(await written(['api']))).not.toBe('')
  expect(await down()).toEqual({ stopped: [], servers: 0, deleted: [] })
  expect(await down('--balancers')).toMatchObject({
    deleted: [{ balancer: 'shop', id: expect.stringMatching(/^lb-/) }],
  })
  expect(await down('--balancers')).toMatchObject({ deleted: [] })
}, 90_000)

test('one that the file has no more is deleted also where its last order was one that the cloud cannot change to', async () => {
  await create(await written(['api'], 'moved'))
  const intranet = 'create: { specification: slb.s1.small, address: intranet, vswitch: vsw-sandbox-h }'
  const last = await written(['api'], 'moved', intranet)
  await new LeftBalancers(last, hostOf(last), { event: async () => {} }).replace(last, last.balancers)
  await written([])
  expect(await down('--balancers')).toMatchObject({ deleted: [{ balancer: 'moved' }] })
}, 90_000)

test('one that the file has no more is told of until it is gone or named by its id, and --balancers deletes it too', async () => {
  const events: string[] = []
  const store = { event: async ({ text }: { text: string }) => void events.push(text) }
  const before = await written(['api', 'web'], 'spare')
  await create(before)
  await new LeftBalancers(before, hostOf(before), store).replace(before, before.balancers)
  const fewer = await written(['api'], 'spare')
  await new LeftBalancers(fewer, hostOf(fewer), store).replace(fewer, fewer.balancers)
  expect(events.splice(0)).toEqual([
    'spare has pool web no more: its group and its servers stay there as they are',
  ])
  const after = await written([])
  const left = new LeftBalancers(after, hostOf(after), store)
  await left.replace(after, [])
  await left.look()
  await left.look()
  expect(events).toEqual([
    expect.stringMatching(
      /^the file orders spare no more, and lb-.*, which was created for it, is paid, about /,
    ),
  ])
  expect(left.summaries).toMatchObject([{ name: 'spare', left: events[0] }])
  expect(untranslated(events)).toEqual([])
  const [, id] = /(lb-[^,]*),/.exec(events[0]!)!
  const named = await written(['api'], 'spare', `load-balancer: ${id}`)
  const using = new LeftBalancers(named, hostOf(named), store)
  await using.look()
  expect(using.summaries).toEqual([])
  expect(await down('--balancers')).toMatchObject({ deleted: [] })
  await written([])
  expect(await down('--balancers')).toMatchObject({ deleted: [{ balancer: 'spare' }] })
  await left.look()
  expect(left.summaries).toEqual([])
}, 90_000)
