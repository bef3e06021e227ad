import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { tidegate } from '../kit/command.ts'
import { noPrometheus, TestPrometheus } from '../kit/prometheus.ts'

/** Queries that need no data: what they give depends on the time only. */
const without = noPrometheus === null ? '' : ` (skipped: ${noPrometheus} is not installed)`

describe.skipIf(noPrometheus !== null)(`a past from a real Prometheus${without}`, () => {
  let server: TestPrometheus
  let folder: string
  let config: string
  beforeAll(async () => {
    server = await TestPrometheus.start()
  })
  afterAll(() => server[Symbol.asyncDispose]())
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tidegate-import-'))
    config = join(folder, 'tidegate.yaml')
    writeFileSync(
      config,
      `listeners: { web: { bind: ":0", pool: api } }
pools: { api: { fleet: api } }
fleets: { api: { driver: local, command: [node, x], max: 2 } }
sources: { prom: { driver: prometheus, url: "${server.url}" } }
metrics: { lag: { source: prom, query: '3 * absent(up{fleet="$fleet"})', unit: ms } }
`,
    )
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const load = (metric: string, ...options: string[]) =>
    tidegate('--config', config, 'history', 'import', '--fleet', 'api', '--metric', metric, ...options)
  const hours = async (metric: string) => {
    const range = ['--from', '-2d', '--step', '1h', '--json']
    const { out } = await tidegate('--config', config, 'history', 'api', metric, ...range)
    return (JSON.parse(out) as { items: { at: number; mean: number; count: number }[] }).items
  }

  test('an address and a query', async () => {
    const { code, err } = await load('rps', '--prometheus', server.url, '--query', 'hour()', '--from', '-2d')
    expect({ code, err }).toEqual({
      code: 0,
      err: expect.stringMatching(/took 28\d\d samples of rps of api/),
    })
    const whole = (await hours('rps')).slice(1, -1)
    expect(whole.length).toBeGreaterThan(45)
    for (const { at, mean, count } of whole)
      expect({ mean, count }).toEqual({ mean: new Date(at).getUTCHours(), count: 60 })
  })

  test('the source and the query of a metric of the file', async () => {
    expect((await load('lag', '--from', '-1h')).code).toBe(0)
    const [first] = await hours('lag')
    expect(first?.mean).toBe(3)
  })

  test('values that are no numbers are gaps', async () => {
    const query = '(hour() > bool 11) / (hour() > bool 11)'
    expect((await load('rps', '--prometheus', 'prom', '--query', query, '--from', '-2d')).code).toBe(0)
    const seen = (await hours('rps')).map(({ at }) => new Date(at).getUTCHours())
    expect(Math.min(...seen)).toBe(12)
  })

  test('the same load is simulated, with its gaps told', async () => {
    const query = 'hour() + 0 / (minute() > bool 9)'
    const from = ['--from', 'prometheus', '--prometheus', 'prom', '--query', query, '--since', '-1d']
    const policies = ['--policies', 'hpa@60', '--warm-up', '6h', '--json']
    const { code, out, err } = await tidegate('--config', config, 'simulate', ...from, ...policies)
    expect({ code, err }).toEqual({
      code: 0,
      err: expect.stringMatching(/^samples without a value: \d+ \(first at .*\)\nsteps of 1m .* gap 10m\n$/),
    })
    expect(JSON.parse(out)).toMatchObject({ trace: query, policies: [{ name: 'hpa@60' }] })
  })

  test.each([
    [['--query', 'sum('], 2, 'has no Prometheus for rps; write --prometheus'],
    [['--prometheus', 'prom'], 2, 'has no query for rps; give a CSV file'],
    [['--prometheus', 'nope', '--query', '1'], 2, 'expected an address such as http://127.0.0.1:9090'],
    [['--prometheus', 'prom', '--query', 'sum('], 1, 'parse error'],
    [['--prometheus', 'prom', '--query', 'up'], 1, 'the query has no samples in this range'],
    [
      ['--prometheus', 'prom', '--query', 'vector(1) or label_replace(vector(2), "a", "b", "", "")'],
      2,
      '2 series, expected one',
    ],
    [['x.csv', '--prometheus', 'prom'], 2, 'a file or a Prometheus, not both'],
  ])('%j is refused', async (options, code, message) => {
    const answer = await load('rps', ...options, '--from', '-1h')
    expect(answer).toMatchObject({ code, err: expect.stringContaining(message) })
  })
})
