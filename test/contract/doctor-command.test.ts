import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { SAMPLE_KEY, sampleWorld } from '../../src/sandbox/sample.ts'
import { type Served, serveSandbox } from '../../src/sandbox/serve.ts'
import { VirtualClock } from '../../src/simulator/virtual-clock.ts'
import { tidegate } from '../kit/command.ts'
import { bad, ECS } from '../kit/doctor.ts'

let folder: string
let served: Served | null = null
beforeEach(() => {
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

async function written(): Promise<string> {
  served = await serveSandbox(sampleWorld(), { port: 0, clock: new VirtualClock(Date.now()) })
  const fleet = { driver: 'alicloud-ecs', ...ECS, endpoint: served.url, min: 1, max: 3 }
  const file = join(folder, 'tidegate.yaml')
  const health = { type: 'http', path: '/', port: 8081 }
  const text = {
    listeners: { web: { bind: ':8443', pool: 'api' } },
    pools: { api: { fleet: 'api', health } },
  }
  writeFileSync(file, JSON.stringify({ ...text, fleets: { api: fleet } }))
  return file
}

test('`tidegate doctor alicloud` tells people and programs, and opens ports when it may', async () => {
  const file = await written()
  const first = await tidegate('doctor', 'alicloud', file)
  expect(first.code).toBe(0)
  expect(first.out).toMatch(/^ok +credentials +acs:ram::1000000000000001:user\/sandbox, by the environment$/m)
  expect(first.out).toMatch(/^ok +this-machine +clients come to it at tcp 8443;/m)
  expect(first.out).toMatch(/^\+ open tcp 8081 \(checks of pool api\) of sg-sandbox to /m)
  const asked = await tidegate('doctor', 'alicloud', file, '--open-ports')
  expect(asked).toMatchObject({ code: 1, out: '' })
  expect(asked.err).toMatch(/nothing was opened; --yes opens it without a question\n$/)
  const { out } = await tidegate('doctor', 'alicloud', file, '--open-ports', '--yes', '--json')
  const { findings, plan } = JSON.parse(out)
  expect(plan).toEqual([])
  expect(bad(findings)).toEqual([])
}, 60_000)

test('a problem is exit code 1', async () => {
  const file = await written()
  vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_SECRET', 'wrong')
  const { code, out } = await tidegate('doctor', 'alicloud', file, '--json')
  expect(code).toBe(1)
  expect(JSON.parse(out).findings[0]).toMatchObject({ level: 'problem', about: 'credentials' })
}, 60_000)
