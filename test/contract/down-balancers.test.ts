import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { systemClock } from '../../src/app/clock.ts'
import { openBalancer } from '../../src/app/open-driver.ts'
import { loadSettings } from '../../src/config/load.ts'
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
  writeFileSync(
    file,
    `
balancers:
  shop:
    driver: alicloud-clb
    region: cn-hangzhou
    endpoint: ${sandbox.endpoint}
    create: { specification: slb.s1.small, address: internet }
listeners: { web: { balancer: shop, bind: ":18099", pool: api } }
pools: { api: { balancer: shop, servers: [ { address: "172.16.0.1:80" } ] } }
`,
  )
})
afterAll(async () => {
  await sandbox[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
  vi.unstubAllEnvs()
})

/** As the controller has it created. */
async function create(): Promise<string> {
  const loaded = await loadSettings(file, process.env, Date.now())
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  const { settings } = loaded
  const log = { info() {}, warn() {}, error() {} }
  const { installation, stateDir } = settings
  const host = { clock: systemClock(), rng: Math.random, log, installation, stateDir }
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
  expect(await create()).not.toBe('')
  expect(await down()).toEqual({ stopped: [], servers: 0, deleted: [] })
  expect(await down('--balancers')).toMatchObject({
    deleted: [{ balancer: 'shop', id: expect.stringMatching(/^lb-/) }],
  })
  expect(await down('--balancers')).toMatchObject({ deleted: [] })
}, 30_000)
