import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { systemClock } from '../../src/app/clock.ts'
import { writeFleets } from '../../src/app/fleets.ts'
import { openDriver } from '../../src/app/open-driver.ts'
import { loadSettings } from '../../src/config/load.ts'
import type { Finding } from '../../src/core/finding.ts'
import { SAMPLE_KEY, sampleWorld } from '../../src/sandbox/sample.ts'
import { type Served, serveSandbox } from '../../src/sandbox/serve.ts'
import { VirtualClock } from '../../src/simulator/virtual-clock.ts'
import { untranslated } from '../kit/chinese.ts'
import { tidegate } from '../kit/command.ts'
import { bad, ECS } from '../kit/doctor.ts'

const never = new AbortController().signal
let folder: string
let served: Served | null = null
let clock: VirtualClock
beforeEach(() => {
  clock = new VirtualClock(Date.now())
  folder = mkdtempSync(join(tmpdir(), 'tidegate-doctor-'))
  vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_ID', SAMPLE_KEY.id)
  vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_SECRET', SAMPLE_KEY.secret)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await served?.[Symbol.asyncDispose]()
  served = null
  rmSync(folder, { recursive: true })
})

async function written(name = 'api'): Promise<string> {
  served ??= await serveSandbox(sampleWorld(), { port: 0, clock })
  const fleet = { driver: 'alicloud-ecs', ...ECS, endpoint: served.url, min: 1, max: 3 }
  const file = join(folder, 'tidegate.yaml')
  const health = { type: 'http', path: '/', port: 8081 }
  const text = {
    listeners: { web: { bind: ':8443', pool: 'api' } },
    pools: { api: { fleet: name, health } },
  }
  writeFileSync(file, JSON.stringify({ ...text, fleets: { [name]: fleet } }))
  return file
}

test('`tidegate doctor alicloud` tells people and programs, and opens ports when it may', async () => {
  const file = await written()
  const first = await tidegate('doctor', 'alicloud', file)
  expect(first.code).toBe(0)
  expect(first.out).toMatch(/^ok +credentials +acs:ram::1000000000000001:user\/sandbox, by the environment$/m)
  expect(first.out).toMatch(/^ok +this-machine +clients come to it at tcp 8443;/m)
  expect(first.out).toContain(
    '\n`tidegate doctor alicloud --open-ports` would do this, after a question:\n+ open',
  )
  expect(first.out).toMatch(/^\+ open tcp 8081 \(checks of pool api\) of sg-sandbox to /m)
  const asked = await tidegate('doctor', 'alicloud', file, '--open-ports')
  expect(asked).toMatchObject({ code: 1, out: '' })
  expect(asked.err).toMatch(/nothing was opened; --yes opens it without a question\n$/)
  const { out } = await tidegate('doctor', 'alicloud', file, '--open-ports', '--yes', '--json')
  const { findings, plan } = JSON.parse(out)
  expect(plan).toEqual([])
  expect(bad(findings)).toEqual([])
}, 60_000)

test('a cloud that does not answer is one problem, and nothing else is asked', async () => {
  const file = await written()
  await served![Symbol.asyncDispose]()
  const { code, out } = await tidegate('doctor', 'alicloud', file, '--json')
  served = null
  expect(code).toBe(1)
  expect(JSON.parse(out)).toEqual({
    findings: [expect.objectContaining({ level: 'problem', about: 'network' })],
    plan: [],
  })
}, 60_000)

test('a problem is exit code 1', async () => {
  const file = await written()
  vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_SECRET', 'wrong')
  const { code, out } = await tidegate('doctor', 'alicloud', file, '--json')
  expect(code).toBe(1)
  expect(JSON.parse(out).findings[0]).toMatchObject({ level: 'problem', about: 'credentials' })
}, 60_000)

test('servers of a fleet that the file has no more, and of none that anybody knows, are found', async () => {
  const settings = async (name: string) => {
    const loaded = await loadSettings(await written(name), process.env, 0)
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
    return loaded.settings
  }
  const log = { info() {}, warn() {}, error() {} }
  const launched = async (name: string) => {
    const { fleets, ...rest } = await settings(name)
    const host = { clock: systemClock(), rng: Math.random, log, ...rest }
    await using opened = await openDriver(fleets[0]!, rest, host)
    const { template, revision } = fleets[0]!
    const request = { token: `${rest.installation}.${name}.${Date.now()}`, fleet: name, count: 1 }
    const { ids } = await opened.fleet.launch({ ...request, template, revision }, never)
    return { fleets, id: ids[0]! }
  }
  const lost = await launched('lost')
  const former = await launched('former')
  writeFleets((await settings('api')).stateDir, former.fleets)
  // No list shows them at once.
  await clock.advance(30_000)
  const { out } = await tidegate('doctor', 'alicloud', await written('api'), '--json')
  const strays = (JSON.parse(out).findings as Finding[]).filter(({ about }) => about === 'strays')
  expect(strays).toEqual([
    expect.objectContaining({
      level: 'warning',
      says: expect.stringMatching(new RegExp(`^${lost.id}: of this`)),
    }),
    expect.objectContaining({ says: `${former.id}: of fleet former, which the file no longer has there` }),
  ])
  expect(untranslated(strays.flatMap(({ says, fix = '' }) => [says, fix]))).toEqual([])
}, 60_000)
