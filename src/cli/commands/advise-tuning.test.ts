import { expect, test } from 'vitest'
import { untranslated } from '../../../test/kit/chinese.ts'
import { aFleet, aTarget, NOON } from '../../../test/kit/scaling.ts'
import type { HistoryDesk } from '../../core/history.ts'
import type { Settings } from '../../core/settings.ts'
import { TUNING_AIMS, type TuningSpec } from '../../core/tuning-spec.ts'
import { SimHistory } from '../../simulator/sim-history.ts'
import { VirtualClock } from '../../simulator/virtual-clock.ts'
import { outputTo } from '../output.ts'
import { progressOn } from '../progress.ts'
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
  const seen = { out: '', err: '', progress: [] as string[] }
  const out = outputTo(
    {
      stdout: (text) => void (seen.out += text),
      stderr: (text) => void (seen.err += text),
      color: false,
    },
    (text) => text,
  )
  const past = { withDesk: <T>(use: (desk: HistoryDesk) => Promise<T>) => use(desk) }
  const progress = (text: string) => void seen.progress.push(text)
  const context = { out, json, clock, progress, settings, past, status: async () => null }
  return { code: await adviseTuning(undefined, { days: 2 }, context), ...seen }
}

test('shows what each setting would have come to, and the lines of what is proposed', async () => {
  const { code, out } = await run(80)
  expect(code).toBe(0)
  const lines = out.trimEnd().split('\n')
  expect(lines[0]).toBe('api: 2 days replayed; one day chooses, the next one confirms')
  expect(lines.slice(1, 6)).toEqual([
    'assumed: a server carries 80/s (as the file says)',
    'assumed: it works on 8 requests at once (taken, for nothing is known of it)',
    'assumed: it serves 30s after its launch (as the file says)',
    'assumed: a request is late when it waits longer than 250ms, and 0.1 % may be',
    'assumed: nothing of its price, which is not known',
  ])
  expect(lines[6]).toMatch(/^SETTINGS +SERVER-HOURS +SAVES/)
  expect(lines.slice(-5)).toEqual([
    'put these values into your file; everything else there stays:',
    'fleets:',
    '  api:',
    '    policies:',
    '      - { type: target, name: target-rps-per-server, metric: rps-per-server, value: 33 }',
  ])
  expect(untranslated(lines.filter((line) => /^(api|assumed|proposal|by|put)/.test(line)))).toEqual([])
})

test('tells how far it has come, and takes that away at its end', async () => {
  const { progress } = await run(80)
  const told = progress.map((text) =>
    /^replays the days with other settings: run (\d+) of (\d+) at most$/.exec(text),
  )
  const [first, last] = [told[0]!, told.at(-2)!]
  expect([first[1], last[1], progress.at(-1)]).toEqual(['1', String(progress.length - 1), ''])
  expect(Number(last[1])).toBeLessThanOrEqual(Number(last[2]))
  expect(untranslated(progress.slice(0, 1))).toEqual([])
  const lines: string[] = []
  const stderr = (text: string) => void lines.push(text)
  const show = (isTerminal: boolean) => progressOn({ isTerminal, stderr }, { say: (text) => text })
  show(true)('run 1')
  show(true)('')
  show(false)('run 2')
  expect(lines).toEqual(['\r\u001b[Krun 1', '\r\u001b[K'])
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
  expect(study).toMatchObject({
    fleet: 'api',
    assumed: {
      server: { capacity: 80, slots: 8 },
      startup: { medianMs: 30_000 },
      price: null,
      objectiveMs: 250,
    },
    days: 2,
    proposal: { kind: 'saving' },
  })
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
