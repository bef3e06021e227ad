import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Command } from 'commander'
import { afterAll, expect, test } from 'vitest'
import { untranslated } from '../../../test/kit/chinese.ts'
import { NOON } from '../../../test/kit/scaling.ts'
import { checkSettings } from '../../config/load.ts'
import { createHistoryDesk } from '../../controller/history-desk.ts'
import { messageOf } from '../../core/fault.ts'
import type { History } from '../../core/history.ts'
import { SimHistory } from '../../simulator/sim-history.ts'
import { VirtualClock } from '../../simulator/virtual-clock.ts'
import { outputTo } from '../output.ts'
import { addSimulate } from '../simulate-commands.ts'
import { simulate } from './simulate.ts'

const FOLDER = mkdtempSync(join(tmpdir(), 'tidegate-simulate-'))
afterAll(() => rmSync(FOLDER, { recursive: true }))

const LINES = Array.from({ length: 4 * 288 }, (_, index) => {
  const load = 2 - Math.cos((index / 288) * 2 * Math.PI)
  return `${index * 300},${load.toFixed(4)}`
})
const TRACE = file('days.csv', ['timestamp,value', ...LINES].join('\n'))
const FLEET = `
listeners: { web: { bind: "127.0.0.1:8080", protocol: http, pool: api } }
pools: { api: { fleet: api } }
fleets:
  api:
    { driver: local, command: [server], min: 7, max: 9, policies: [ { type: step, when: rps > 1, for: 1m, add: 1 } ],
      capacity: 2, startup: { usual: 30s }, price: { per-hour: 2 },
      watts: { idle: 100, peak: 100 }, carbon: { intensity: 500 } }
`

function file(name: string, content: string | Uint8Array): string {
  const path = join(FOLDER, name)
  writeFileSync(path, content)
  return path
}

const HOUR = 3_600_000
/** As a Prometheus with a gap, and values that are none. */
const readRange = async ({ stepMs, toAt }: { stepMs: number; toAt: number }) =>
  [1, 2, Number.NaN, -4, 5, 6].map((value, index) => ({ at: toAt - HOUR + index * stepMs, value }))

/** Runs a command line as the program does. */
async function run(line: string, json = true, history: History = new SimHistory(new VirtualClock(NOON))) {
  const seen = { out: '', err: '', code: -1 }
  const out = outputTo(
    {
      stdout: (text) => void (seen.out += text),
      stderr: (text) => void (seen.err += text),
      color: false,
    },
    (text) => text,
  )
  const program = new Command()
  const settings = async () => {
    const loaded = checkSettings(FLEET, 'tidegate.yaml', { env: {}, now: 0 })
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
    return loaded.settings
  }
  const clock = new VirtualClock(NOON)
  const past = async () => {
    const own = await settings()
    const desk = createHistoryDesk(history, () => own.fleets)
    return { settings: own, withDesk: (run) => run(desk), readRange } satisfies Awaited<
      ReturnType<Parameters<typeof simulate>[1]['past']>
    >
  }
  addSimulate(program, async (options) => {
    try {
      seen.code = await simulate(options, { out, json, settings, past, clock })
    } catch (error) {
      seen.err += messageOf(error)
    }
  })
  await program.parseAsync(['simulate', ...line.split(' ')], { from: 'user' }).catch((error: unknown) => {
    seen.err += messageOf(error)
  })
  return seen
}

test('tells in JSON what each policy would have cost', async () => {
  const { out, code } = await run(
    `--trace ${TRACE} --policies fixed,hpa@60,tidegate --warm-up 1d --price 0.5`,
  )
  const { trace, startupMs, clairvoyantServerHours, policies } = JSON.parse(out)
  expect(code).toBe(0)
  expect({ trace, startupMs }).toEqual({ trace: 'days.csv', startupMs: 120_000 })
  expect(policies.map(({ name }: { name: string }) => name)).toEqual(['fixed@70', 'hpa@60', 'tidegate@60'])
  expect(policies[0]).toEqual({
    name: 'fixed@70',
    violationsPct: expect.any(Number),
    droppedPct: 0,
    p95WaitMs: expect.any(Number),
    p99WaitMs: expect.any(Number),
    serverHours: 40 * 72,
    costToClairvoyant: (40 * 72) / clairvoyantServerHours,
    costToFixedPeak: 1,
    changesPerDay: 0,
    underProvisionedPct: 0,
    overProvisionedPct: expect.any(Number),
    underTimePct: 0,
    overTimePct: 100,
    cost: 20 * 72,
  })
  expect(policies[2].costToFixedPeak).toBeLessThan(0.9)
})

test('tells energy and carbon of every policy where the fleet says what a server draws', async () => {
  const line = `--trace ${TRACE} --fleet api --policies fixed,tidegate --warm-up 1d`
  const { policies } = JSON.parse((await run(line)).out)
  for (const { serverHours, kilowattHours, carbonGrams } of policies) {
    expect(kilowattHours).toBeCloseTo(serverHours / 10, 0)
    expect(carbonGrams).toBeCloseTo(500 * kilowattHours)
  }
  const { out } = await run(line, false)
  expect(out).toMatch(/^POLICY .* COST +KWH +KG CO2E +TO CLAIRVOYANT/m)
})

test('shows people a table, and what was mended in the trace', async () => {
  const gaps = file('gaps.csv.gz', gzipSync(LINES.filter((_line, index) => index !== 5).join('\n')))
  const { out, err } = await run(`--trace ${gaps} --policies hpa@60,ess --warm-up 1d`, false)
  expect(err).toContain('bridged by a straight line: 1 of 1152')
  expect(out.split('\n')).toEqual([
    expect.stringMatching(/^3d after 1d of history; who knew the future would have paid \d+ server-hours$/),
    'assumed: a server carries 80/s in 8 slots and takes 2m to start, a wait beyond 250ms violates, its peak is scaled to 40 servers at 70 %, seed 1',
    expect.stringMatching(/^POLICY +VIOLATIONS +DROPPED .* CHANGES A DAY$/),
    expect.stringMatching(/^hpa@60 +\d+\.\d\d%/),
    expect.stringMatching(/^ess@60 +\d+\.\d\d%/),
    '',
  ])
})

test('says what it assumed, and what a cost below the least means', async () => {
  const line = `--trace ${TRACE} --policies hpa@100 --warm-up 1d --no-scaling --startup 30s --seed 7`
  const { out, err } = await run(line, false)
  const assumed = out.split('\n')[1]!
  expect(assumed).toContain('takes 30s to start, a wait beyond 250ms violates, the load is as it is, seed 7')
  expect(err).toContain('at most 80 % full')
  expect(untranslated([assumed, err.trim()])).toEqual([])
  expect(JSON.parse((await run(line)).out).assumed).toEqual({
    capacity: 80,
    slots: 8,
    startupMs: 30_000,
    objectiveMs: 250,
    peakServers: null,
    seed: 7,
  })
})

test('a policy without a target begins with as many as it may have, also where nothing arrives yet', async () => {
  const quiet = file('quiet.csv', ['timestamp,value', '0,0', ...LINES.slice(1)].join('\n'))
  const { out } = await run(`--trace ${quiet} --policies threshold --max 50 --warm-up 1s`)
  expect(JSON.parse(out).policies[0].serverHours).toBeGreaterThan(0)
})

test('fails where an assertion is not so', async () => {
  const line = `--trace ${TRACE} --policies hpa@60`
  expect((await run(`${line} --assert violations<5% --assert cost-to-clairvoyant<2`)).code).toBe(0)
  const { code, err } = await run(`${line} --assert server-hours<1`)
  expect({ code, err }).toEqual({
    code: 1,
    err: expect.stringMatching(/^not so: server-hours<1: hpa@60 has \d+/),
  })
})

test('writes a page for people', async () => {
  const path = join(FOLDER, 'report.html')
  const { err } = await run(`--trace ${TRACE} --policies hpa@60,tidegate --html ${path}`)
  expect(err).toBe(`the report is in ${path}\n`)
  const html = readFileSync(path, 'utf8')
  expect(html.match(/<h2>[^<]*/g)).toEqual(['<h2>hpa@60', '<h2>tidegate@60'])
  expect(html).toContain('policy:')
  expect((await run(`--trace ${TRACE} --policies hpa --html /nowhere/report.html`)).err).toContain(
    'cannot be written',
  )
})

test('tidegate decides by a fleet of the file, inside its limits', async () => {
  const { out } = await run(`--trace ${TRACE} --policies tidegate --fleet api --no-scaling`)
  const [own] = JSON.parse(out).policies
  // The rule adds a server each minute, up to 9, and nothing removes one.
  expect(own).toMatchObject({ name: 'tidegate', serverHours: 9 * 48 })
})

test('a fleet tells its capacity, start-up and price where the command line does not, and its load is as it is', async () => {
  const told = `--trace ${TRACE} --policies fixed@100 --fleet api`
  // The peak of 3 a second needs two servers that carry 2 each.
  const { startupMs, policies } = JSON.parse((await run(`${told} --min 1`)).out)
  expect(startupMs).toBe(30_000)
  expect(policies[0]).toMatchObject({ serverHours: 2 * 48, cost: 2 * 2 * 48 })
  const given = JSON.parse((await run(`${told} --min 1 --capacity 1 --startup 1m --price 1`)).out)
  expect(given.startupMs).toBe(60_000)
  expect(given.policies[0]).toMatchObject({ serverHours: 3 * 48, cost: 3 * 48 })
})

test('takes the load of a fleet from the history, as finely as it is kept, and tells its gaps', async () => {
  const history = new SimHistory(new VirtualClock(NOON))
  const samples = Array.from({ length: 12 * 60 }, (_, index) => ({
    at: NOON - 12 * HOUR + index * 60_000,
    value: 100 + index,
  }))
  await history.import({ fleet: 'api', metric: 'rps' }, samples)
  const { out, err, code } = await run('--from journal --policies hpa@60 --warm-up 1h', true, history)
  expect({ code, trace: JSON.parse(out).trace }).toEqual({ code: 0, trace: 'rps of api' })
  expect(err).toMatch(/^steps of 10s without a value, bridged by a straight line: 3595 of 4315, .* gap 50s$/m)
  const since = await run('--from journal --policies hpa@60 --since -30m --step 60s', true, history)
  expect({ code: since.code, err: since.err }).toEqual({ code: 0, err: '' })
})

test('takes the load of a Prometheus, and tells what was mended', async () => {
  const { out, err, code } = await run(
    '--from prometheus --policies hpa@60 --query up --metric rps --warm-up 1s --startup 30s',
  )
  expect({ code, trace: JSON.parse(out).trace }).toEqual({ code: 0, trace: 'up' })
  expect(err.trim().split('\n')).toEqual([
    expect.stringMatching(/^negative values, taken as missing: 1 \(first at 2027-/),
    expect.stringMatching(/^samples without a value: 1 \(first at 2027-/),
    'steps of 1m without a value, bridged by a straight line: 2 of 6, the longest gap 2m',
  ])
  expect(untranslated(err.trim().split('\n'))).toEqual([])
})

test('what befalls a fleet makes requests wait: a lost zone, a vendor without servers, cold servers, late metrics', async () => {
  const violations = async (more: string) => {
    const { out, code } = await run(`--trace ${TRACE} --policies hpa@60 --warm-up 1d ${more}`)
    expect(code).toBe(0)
    const [hpa] = JSON.parse(out).policies as [{ violationsPct: number }]
    return hpa.violationsPct
  }
  const usual = await violations('--drain 30s')
  expect(await violations('--zone-loss 14h')).toBeGreaterThan(usual)
  expect(await violations('--zone-loss 14h')).toBeGreaterThan(await violations('--zone-loss 14h --zones 10'))
  expect(await violations('--stock-out 6h --stock-out-for 3h')).toBeGreaterThan(usual)
  expect(await violations('--cold-start 5m')).toBeGreaterThan(usual)
  expect(await violations('--metrics hpa:5m/1m/10%')).toBeGreaterThan(usual)
  expect(await violations('--metrics 5m/1m --metrics hpa:0s/0s')).toBe(usual)
})

test('says what is wrong with what it is given', async () => {
  const bad = file('bad.csv', 'timestamp,value\n0,1\n5,many')
  const young = file('young.csv', 'timestamp,value\n0,0\n60,1\n120,1\n180,1')
  const wrong = [
    `--trace ${bad}`,
    `--trace ${TRACE} --policies vpa`,
    `--trace ${TRACE} --assert joy<1`,
    `--trace ${TRACE} --fleet web`,
    `--trace ${TRACE} --min 9 --max 3`,
    '--policies hpa',
    `--trace ${TRACE} --from journal`,
    '--from journal',
    '--from journal --fleet web',
    `--trace ${TRACE} --metrics 60s`,
    `--trace ${TRACE} --policies hpa --metrics kpa:60s/60s`,
    `--trace ${TRACE} --zone-loss 40d`,
    `--trace ${TRACE} --stock-out-for 1h --zones 4`,
    `--trace ${TRACE} --since 7d`,
    `--trace ${TRACE} --no-scaling --peak 9`,
    `--trace ${young} --policies threshold --warm-up 7d`,
  ]
  const errors: string[] = []
  for (const line of wrong) errors.push((await run(line)).err)
  expect(errors).toEqual([
    `${bad}: line 3: expected a number, got "many"`,
    expect.stringContaining('there is no policy "vpa"'),
    expect.stringContaining('there is no figure "joy"'),
    'there is no fleet web; there are: api',
    'at most 3 servers are fewer than at least 9',
    'give one of `--trace FILE`, `--from prometheus` and `--from journal`',
    '--trace or --from, not both',
    'the history has nothing of rps of api in this range',
    'there is no fleet web; there are: api',
    expect.stringContaining('expected delay/period'),
    '--metrics: "kpa" does not take part; expected one of hpa',
    expect.stringMatching(/^40d after the warm-up the load is over: it ends after 2d$/),
    '--zones does nothing without --zone-loss; give both, or neither\n--stock-out-for does nothing without --stock-out; give both, or neither',
    '--since does nothing with --trace; leave one of them out',
    '--peak does nothing with --no-scaling; leave one of them out',
    'only 2m of load count after the warm-up, and 7m are needed to tell anything: a start-up and 5m; try again when there is more, or give a shorter --warm-up or --startup',
  ])
  expect(untranslated(errors)).toEqual([])
  expect((await run('--trace /nowhere.csv')).err).toContain('/nowhere.csv cannot be read: ENOENT')
})

test('it says what a fleet is tried with, and where metrics come too late for its guard', async () => {
  const line = `--trace ${TRACE} --warm-up 2d --policies tidegate,hpa@60 --metrics 1m/1m --zone-loss 12h --zones 4 --stock-out 1h`
  const { err } = await run(line, false)
  const notes = err.trim().split('\n')
  expect(notes).toEqual([
    'one of 4 zones is lost 12h after the warm-up',
    'no server can be had from 1h to 1h30m after the warm-up',
    'tidegate hears 1m late of what is measured, and its guard fresh takes what is older than 15s for missing: it retires nothing; such a source needs a longer one (--fleet)',
  ])
  expect(untranslated(notes)).toEqual([])
  expect((await run(`--trace ${TRACE} --policies hpa@60 --metrics 1m/1m`, false)).err).toBe('')
})
