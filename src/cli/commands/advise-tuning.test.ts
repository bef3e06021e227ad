import { expect, test } from 'vitest'
import { untranslated } from '../../../test/kit/chinese.ts'
import { aFleet, aTarget, NOON } from '../../../test/kit/scaling.ts'
import type { HistoryDesk } from '../../core/history.ts'
import type { Settings } from '../../core/settings.ts'
import { TUNING_AIMS, type TuningSpec } from '../../core/tuning-spec.ts'
import { SimHistory } from '../../simulator/sim-history.ts'
import { VirtualClock } from '../../simulator/virtual-clock.ts'
import { outputTo } from '../output.ts'
import { adviseTuning, fileLines } from './advise-tuning.ts'

const DAY = 86_400_000

async function run(capacityRps: number | null, json = false, tuning?: TuningSpec) {
  const clock = new VirtualClock(NOON)
  const history = new SimHistory(clock)
  const samples = Array.from({ length: 2 * 288 }, (_, step) => ({
    at: NOON - 2 * DAY + step * 300_000,
    value: 300 + 200 * Math.sin((2 * Math.PI * step) / 288),
  }))
  await history.import({ fleet: 'api', metric: 'rps' }, samples)
  const desk = { read: history.read.bind(history) } as unknown as HistoryDesk
  const policies = [aTarget('rps-per-server', 30)]
  const fleet = aFleet({
    min: 2,
    max: 30,
    capacityRps,
    policies,
    usualStartupMs: 30_000,
    ...(tuning && { tuning }),
  })
  const settings = { file: 'tidegate.yaml', fleets: [fleet] } as unknown as Settings
  const seen = { out: '', err: '' }
  const out = outputTo(
    {
      stdout: (text) => void (seen.out += text),
      stderr: (text) => void (seen.err += text),
      color: false,
    },
    (text) => text,
  )
  const past = { withDesk: <T>(use: (desk: HistoryDesk) => Promise<T>) => use(desk) }
  const context = { out, json, clock, settings, past, status: async () => null }
  return { code: await adviseTuning(undefined, { days: 2 }, context), ...seen }
}

test('shows what each setting would have come to, and the lines of what is proposed', async () => {
  const { code, out } = await run(80)
  expect(code).toBe(0)
  const lines = out.trimEnd().split('\n')
  expect(lines[0]).toBe('api: 2 days replayed; one day chooses, the next one confirms')
  expect(lines[1]).toMatch(/^SETTINGS +SERVER-HOURS +SAVES/)
  expect(lines.slice(-5)).toEqual([
    'put these values into your file; everything else there stays:',
    'fleets:',
    '  api:',
    '    policies:',
    '      - { type: target, name: target-rps-per-server, metric: rps-per-server, value: 33 }',
  ])
  expect(untranslated(lines.filter((line) => /^(api|proposal|by|put)/.test(line)))).toEqual([])
})

test('says that it does not know what is tuned where nothing runs', async () => {
  const schedule = { cron: '0 3 * * *', end: { afterMs: DAY / 4 }, timezone: 'UTC' }
  const { err } = await run(null, false, { schedule, apply: 'never', probationMs: DAY, aims: TUNING_AIMS })
  const note = 'nothing runs that knows what is tuned: what the file says is replayed'
  expect(err).toContain(note)
  expect(untranslated([note])).toEqual([])
  expect((await run(null)).err).not.toContain('nothing runs')
})

test('says why nothing is proposed, with exit code 1', async () => {
  const { code, err } = await run(null)
  expect(code).toBe(1)
  expect(err).toMatch(/nothing is proposed: what a server carries is not known/)
})

test('the whole study is there as JSON', async () => {
  const { out } = await run(80, true)
  const study = JSON.parse(out)
  expect(study).toMatchObject({ fleet: 'api', days: 2, proposal: { kind: 'saving' } })
})

test('times and the minimum have their places in the file', () => {
  const fleet = aFleet({ min: 10 })
  const changes = [
    { key: 'min', from: 10, to: 9 },
    { key: 'guards.patience.in', from: 300_000, to: 225_000 },
  ]
  expect(fileLines(fleet, changes)).toEqual([
    'fleets:',
    '  api:',
    '    min: 9',
    '    guards: { patience: { in: 3m45s } }',
  ])
})
