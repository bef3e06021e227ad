import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import type { FleetStatus } from '../../src/core/admin.ts'
import { Tidegate } from '../kit/tidegate.ts'
import { fixture } from './fixture.ts'

const DAY_MS = 86_400_000
const LONG_MS = 100_000

/** Of servers that carry 80 requests a second and are used to 30; studied every minute. */
const FILE = fixture({
  min: 1,
  max: 40,
  extra: '    capacity: 80\n    tuning: { at: "* * * * *", days: 2 }\n',
}).replace('metric: in-flight-per-server, value: 4', 'metric: rps-per-server, value: 30')

const TAKEN = { code: 0, stderr: expect.stringContaining('gets this order with the next look') }

test('a running Tidegate studies its fleet, and does with its proposal what it is told', async () => {
  await using tidegate = new Tidegate(FILE)
  const cli = async (...args: string[]) => await tidegate.cli(...args, '--config', tidegate.file)
  const past = join(dirname(tidegate.file), 'past.csv')
  const now = Math.floor(Date.now() / 300_000) * 300_000
  const rows = Array.from({ length: 577 }, (_, step) => {
    const at = now - 2 * DAY_MS + (step - 1) * 300_000
    return `${new Date(at).toISOString()},${300 + 200 * Math.sin((2 * Math.PI * step) / 288)}`
  })
  writeFileSync(past, ['timestamp,value', ...rows].join('\n'))
  expect(await cli('history', 'import', past, '--fleet', 'api', '--metric', 'rps')).toMatchObject({ code: 0 })

  const advice = await cli('advise', 'tuning', 'api', '--days', '2', '--json')
  expect(advice.code).toBe(0)
  expect(JSON.parse(advice.stdout)).toMatchObject({ fleet: 'api', proposal: { kind: 'saving' } })

  tidegate.start()
  await tidegate.serving(1)
  const tuning = async () => (await tidegate.get<FleetStatus>('/fleets/api'))?.tuning ?? null
  await tidegate.until('a proposal', async () => (await tuning())?.studied?.proposal, LONG_MS)
  expect(await cli('status')).toMatchObject({
    stderr: '',
    stdout: expect.stringMatching(/tuning: proposed: target-rps-per-server 30\/s -> 33\/s would save/),
  })
  expect(await cli('tuning', 'api', 'revert')).toMatchObject({ code: 1 })
  expect(await cli('tuning', 'api', 'apply')).toMatchObject(TAKEN)
  await tidegate.until('the step', async () => (await tuning())?.tuned[0]?.value === 31.5)
  expect((await cli('explain', 'api')).stdout).toMatch(/value is 31.5\/s in place of 30\/s/)

  const old = tidegate.controller!
  process.kill(old.pid, 'SIGKILL')
  await tidegate.successor('controller', old)
  await tidegate.until('the step after a restart', async () => (await tuning())?.tuned[0]?.value === 31.5)
  expect(await cli('tuning', 'api', 'revert')).toMatchObject(TAKEN)
  await tidegate.until('the settings of the file', async () => (await tuning())?.tuned.length === 0)
}, 240_000)
