import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { untranslated } from '../../../test/kit/chinese.ts'
import { NOON } from '../../../test/kit/scaling.ts'
import { checkSettings } from '../../config/load.ts'
import { createHistoryDesk } from '../../controller/history-desk.ts'
import { SimHistory } from '../../simulator/sim-history.ts'
import { VirtualClock } from '../../simulator/virtual-clock.ts'
import { outputTo } from '../output.ts'
import { type AdviseMetricOptions, adviseMetric } from './advise-metric.ts'

const FOLDER = mkdtempSync(join(tmpdir(), 'tidegate-advise-'))
afterAll(() => rmSync(FOLDER, { recursive: true }))

const FILE = `
listeners: { web: { bind: "127.0.0.1:8080", protocol: http, pool: api } }
pools: { api: { fleet: api } }
fleets:
  api: { driver: local, command: [server], min: 1, max: 9 }
`
const MINUTE = 60_000

/** A day in which latency bends upwards with the load, and memory does as it likes. */
const DAY = Array.from({ length: 1440 }, (_, minute) => {
  const used = 0.5 - 0.44 * Math.cos(minute / 150)
  return {
    at: NOON - (1440 - minute) * MINUTE,
    'rps-per-server': 100 * used,
    'in-flight-per-server': used / (1 - used),
    p95: 30 / (1 - used),
    memory: 0.4 + 0.1 * Math.sin(minute * minute),
  }
})
const METRICS = ['rps-per-server', 'in-flight-per-server', 'p95', 'memory'] as const

async function run(
  options: Partial<AdviseMetricOptions>,
  { json = false, lived = true, file = FILE, bare = false } = {},
) {
  const seen = { out: '', err: '', code: -1 }
  const out = outputTo(
    { stdout: (text) => void (seen.out += text), stderr: (text) => void (seen.err += text), color: false },
    (text) => text,
  )
  const loaded = checkSettings(file, 'tidegate.yaml', { env: {}, now: 0 })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  const clock = new VirtualClock(NOON)
  const history = new SimHistory(clock)
  for (const metric of lived ? METRICS : [])
    await history.import(
      { fleet: 'api', metric },
      DAY.map((step) => ({ at: step.at, value: step[metric] })),
    )
  const desk = createHistoryDesk(history, () => loaded.settings.fleets)
  const past = {
    withDesk: <T>(ask: (one: typeof desk) => Promise<T>) => ask(desk),
    readRange: async () => [],
  }
  const wishes = { latency: 'p95', since: '-1d', ...options }
  seen.code = await adviseMetric(undefined, wishes, {
    out,
    json,
    clock,
    settings: bare ? null : loaded.settings,
    past,
  })
  return seen
}

test('tells the metric that moves with latency, its target, and the lines for the file', async () => {
  const { out, code } = await run({})
  expect(code).toBe(0)
  expect(out).toMatch(/^api: 1440 steps of 1m; the load of a server varied by a factor of /)
  expect(out).toMatch(/^in-flight-per-server +p95 +1\.00 /m)
  expect(out).toMatch(/^memory .*may be chance$/m)
  expect(out).toMatch(
    /fleets:\n {2}api:\n {4}policies:\n {6}- \{ type: target, metric: in-flight-per-server, value: [\d.]+ \}\n$/,
  )
  const sentences = out
    .split('\n')
    .flatMap((line) => line.split(/ {2,}/))
    .filter((cell) => /[a-z]{2} /i.test(cell) && !cell.includes('{'))
  expect(untranslated(sentences)).toEqual([])
})

test('the lines that it gives are right as they stand', async () => {
  const { out } = await run({})
  const policy = /- (\{ type: target.*\})/.exec(out)![1]
  const text = FILE.replace('max: 9', `max: 9, policies: [${policy}]`)
  expect(checkSettings(text, 'tidegate.yaml', { env: {}, now: 0 })).toMatchObject({ ok: true })
})

test('what the file says that a server carries makes the target, in place of what is learned', async () => {
  const lines = DAY.map((step) => [
    step.at / 1000,
    step['in-flight-per-server'],
    step.p95,
    step['rps-per-server'],
  ])
  const csv = join(FOLDER, 'capacity.csv')
  writeFileSync(csv, ['timestamp,in-flight-per-server,p95,rps-per-server', ...lines.map(String)].join('\n'))
  const target = async (capacity: string) => {
    const file = FILE.replace('max: 9', `max: 9, capacity: ${capacity}`)
    return JSON.parse((await run({ csv }, { json: true, file })).out).suggestion.value
  }
  expect(await target('learned')).toBeCloseTo(1, 1)
  expect(await target('400')).toBeGreaterThan(2)
})

test('takes a file with a column a metric, whatever its step, and tells every bad line', async () => {
  const lines = DAY.filter((_, minute) => minute % 5 === 0).map((step) =>
    [step.at / 1000, ...METRICS.map((metric) => step[metric])].join(','),
  )
  const csv = join(FOLDER, 'metrics.csv')
  writeFileSync(csv, [['timestamp', ...METRICS].join(','), ...lines].join('\n'))
  const { out, code } = await run({ csv }, { json: true })
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({
    fleet: 'api',
    stepMs: 300_000,
    steps: 288,
    suggestion: { metric: 'in-flight-per-server', signal: 'p95', lag: 0 },
  })
  writeFileSync(csv, 'timestamp,p95\n1,x\n')
  await expect(run({ csv })).rejects.toThrow(`${csv}: line 2: expected a number, got "x"`)
  await expect(run({ csv: join(FOLDER, 'none') })).rejects.toThrow('cannot be read')
  await expect(run({ csv, from: 'journal' })).rejects.toThrow('give one of')
})

test('a file needs no configuration, and one without the latency is told which columns it has', async () => {
  const csv = join(FOLDER, 'bare.csv')
  const lines = DAY.map((step) => [step.at / 1000, step['rps-per-server'], step.p95].join(','))
  writeFileSync(csv, ['timestamp,load,p99', ...lines].join('\n'))
  const problem = `${csv} has no column p95 to tell the latency by, only load, p99; name another by --latency`
  await expect(run({ csv }, { bare: true })).rejects.toThrow(problem)
  expect(untranslated([problem])).toEqual([])
  writeFileSync(csv, ['timestamp,rps-per-server,p99', ...lines].join('\n'))
  const { out, code } = await run({ csv, latency: 'p99' }, { bare: true, json: true })
  expect({ code, fleet: JSON.parse(out).fleet }).toEqual({ code: 0, fleet: 'fleet' })
})

test('a young fleet is seen by the minute, however far back one asks', async () => {
  const { out } = await run({ since: '-30d' }, { json: true })
  expect(JSON.parse(out)).toMatchObject({ stepMs: 60_000, steps: 1440 })
})

test('says so where nothing was recorded, and where nothing comes from a Prometheus', async () => {
  const { err, code } = await run({}, { lived: false })
  expect(code).toBe(1)
  expect(err).toContain('no advice: the load of a server is not known')
  await expect(run({ from: 'prometheus' })).rejects.toThrow('no metric of a Prometheus')
})
