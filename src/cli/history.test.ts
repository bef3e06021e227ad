import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { apiTools, handClock, NOW } from '../../test/kit/admin.ts'
import { untranslated } from '../../test/kit/chinese.ts'
import type { HistoryDesk } from '../core/history.ts'
import type { Client } from './client.ts'
import { momentOf } from './format.ts'
import { main } from './main.ts'
import type { Io } from './outer.ts'

const iso = (at: number) => new Date(at).toISOString()
const ROWS = [
  [NOW - 10_000, 0.25],
  [NOW - 9_000, 0.5],
  [NOW - 4_000, 1],
] as const
const CSV = ['timestamp,value', ...ROWS.map(([at, value]) => `${iso(at)},${value}`)].join('\n')
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-cli-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Answers as the API does, from a history of its own. */
function clientOf(desk: HistoryDesk): Client {
  return {
    url: 'http://api',
    get: async <T>(path: string) => {
      const { pathname, searchParams } = new URL(path, 'http://api')
      if (pathname === '/api/v1/history/series') return { items: await desk.series(), next: null } as T
      const ask = (name: string): string => searchParams.get(name) ?? ''
      const range = { fromAt: Date.parse(ask('from')), toAt: Date.parse(ask('to')) }
      const stepMs = searchParams.has('step') ? Number(ask('step')) : null
      const { points, ...about } = await desk.read({
        fleet: ask('fleet'),
        metric: ask('metric'),
        ...range,
        stepMs,
      })
      return { ...about, items: points, next: null } as T
    },
    send: async <T>(_method: string, _path: string, body: object = {}) => {
      const { fleet, metric, csv } = body as Record<'fleet' | 'metric' | 'csv', string>
      return (await desk.importCsv({ fleet, metric }, csv)) as T
    },
    events: async function* () {},
  }
}

function aShell() {
  const { history } = apiTools()
  return async (line: string) => {
    const seen = { out: '', err: '' }
    const io: Io = {
      stdout: (text) => void (seen.out += text),
      stderr: (text) => void (seen.err += text),
      color: false,
      isTerminal: false,
      clock: handClock(),
      load: async () => ({ ok: false, problems: [], stateDir: '/nowhere' }),
      env: {},
      checkText: async () => ({ ok: false, problems: [], stateDir: '/nowhere' }),
      screen: () => null,
      prompt: () => null,
      readStdin: async () => '',
      connect: () => clientOf(history),
      interruption: () => new AbortController().signal,
    }
    const code = await main(['--api', 'http://127.0.0.1:9', ...line.split(' ')], io)
    return { code, ...seen }
  }
}

async function withCpu() {
  const run = aShell()
  const file = join(folder, 'cpu.csv')
  writeFileSync(file, CSV)
  const imported = await run(`history import ${file} --fleet api --metric cpu`)
  expect(imported).toEqual({ code: 0, out: '', err: 'the history took 3 samples of cpu of api\n' })
  return { run, file }
}

test('shows a line a point, in the unit of the metric, and where there is a gap', async () => {
  const { run } = await withCpu()
  const { code, out, err } = await run('history api cpu --step 1s')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out.split('\n')).toEqual([
    `TIME${' '.repeat(15)}   MIN  MEAN   MAX   P95  SAMPLES`,
    `${momentOf(NOW - 10_000)}   25%   25%   25%   25%        1`,
    `${momentOf(NOW - 9_000)}   50%   50%   50%   50%        1`,
    'no samples for 4s',
    `${momentOf(NOW - 4_000)}  100%  100%  100%  100%        1`,
    '',
  ])
})

test('prints CSV that can be imported again', async () => {
  const { run } = await withCpu()
  const { out } = await run('history api cpu --from -10s --step 10s --csv')
  expect(out).toBe(
    [
      'timestamp,min,mean,max,p95,count',
      '2026-01-02T03:03:50.000Z,0.25,0.375,0.5,0.5,2',
      '2026-01-02T03:04:00.000Z,1,1,1,1,1',
      '',
    ].join('\n'),
  )
  const file = join(folder, 'out.csv')
  writeFileSync(file, out)
  expect((await run(`history import ${file} --fleet api --metric rps --json`)).out).toBe(
    '{"fleet":"api","metric":"rps","samples":2,"tooOld":0}\n',
  )
})

test('prints JSON', async () => {
  const { run } = await withCpu()
  const { out } = await run('history api cpu --from -1h --to -8s --step 1s --json')
  expect(JSON.parse(out)).toMatchObject({
    unit: 'ratio',
    stepMs: 1000,
    items: [{ mean: 0.25 }, { mean: 0.5 }],
  })
})

test('lists what there is, all of it or of one fleet', async () => {
  const { run } = await withCpu()
  expect((await run('history')).out).toBe('api cpu\n')
  expect((await run('history api')).out).toBe('api cpu\n')
  expect(await run('history web')).toEqual({
    code: 1,
    out: '',
    err: 'there is no fleet web; there are: api\n',
  })
  expect(JSON.parse((await run('history --json')).out)).toEqual({
    items: [{ fleet: 'api', metric: 'cpu' }],
    next: null,
  })
})

test('a fleet without a past is no error', async () => {
  expect(await aShell()('history api')).toEqual({ code: 0, out: '', err: 'there is no history of api\n' })
})

test('takes a file that is packed by gzip, and none that is too large unpacked', async () => {
  const run = aShell()
  const file = join(folder, 'cpu.csv.gz')
  writeFileSync(file, gzipSync(CSV))
  expect((await run(`history import ${file} --fleet api --metric cpu`)).err).toBe(
    'the history took 3 samples of cpu of api\n',
  )
  writeFileSync(file, gzipSync(Buffer.alloc(31 * 2 ** 20)))
  const { code, err } = await run(`history import ${file} --fleet api --metric cpu`)
  expect(code).toBe(2)
  expect(err).toMatch(/cpu\.csv\.gz cannot be read: /)
})

test('what cannot have been measured is told with its line', async () => {
  const run = aShell()
  const file = join(folder, 'odd.csv')
  writeFileSync(file, `timestamp,value\n${iso(NOW - 1000)},-1\n99999999999999,1\n`)
  const { code, err } = await run(`history import ${file} --fleet api --metric qps`)
  expect(code).toBe(2)
  const problems = [
    `${file}: line 2: expected at least 0, got -1`,
    `${file}: line 3: 5138-11-16T09:46:39.999Z is not of the past`,
  ]
  expect(err.split('\n')).toEqual([...problems, ''])
  expect(untranslated(problems)).toEqual([])
})

test('tells every bad line of a file with its place, and takes nothing; exit code 2', async () => {
  const run = aShell()
  const file = join(folder, 'bad.csv')
  writeFileSync(file, `${CSV}\nsoon,1\n1767225600,high\n`)
  const { code, err } = await run(`history import ${file} --fleet api --metric cpu`)
  expect(code).toBe(2)
  expect(err.split('\n')).toEqual([
    `${file}: line 5: expected an instant such as 1767225600 or 2026-01-01T00:00:00Z, got "soon"`,
    `${file}: line 6: expected a number, got "high"`,
    '',
  ])
  expect((await run('history')).out).toBe('')
})

test.each([
  [
    'history import --fleet api --metric cpu',
    'the configuration has no query for cpu; give a CSV file, or --prometheus and --query',
  ],
  ['history import x.csv --fleet api', "required option '--metric <metric>' not specified"],
  ['history import nowhere.csv --fleet api --metric cpu', 'nowhere.csv cannot be read: ENOENT'],
  ['history api cpu --from soon', '--from: expected an instant such as'],
  ['history api cpu --step 0', 'Expected a duration such as 90s, 30m or 1h30m.'],
])('%s: exit code 2, and says what is wrong', async (line, message) => {
  const { code, out, err } = await aShell()(line)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toContain(message)
})
