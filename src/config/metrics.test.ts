import { expect, test } from 'vitest'
import { untranslated } from '../../test/kit/chinese.ts'
import { fake, problemsOf, settingsOf } from './fixture.cases.ts'

const drivers = { fake, 'alicloud-ecs': { ...fake, kind: 'alicloud-ecs' } }
const file = (source: string, metric = '', max = 60) => `
sources: { cloud: { driver: cloudmonitor, region: cn-hangzhou, ${source} } }
metrics: { ecs-cpu: { source: cloud, metric: cpu_total, unit: ratio, ${metric} } }
listeners: { web: { bind: ":8080", pool: api } }
pools: { api: { fleet: [ api, local ] } }
fleets:
  api: { driver: alicloud-ecs, command: run, max: ${max}, policies: [ { type: step, when: ecs-cpu > 80%, add: 1 } ] }
  local: { driver: fake, command: run, max: 1000, policies: [ { type: step, when: cpu > 80%, add: 1 } ] }
`

test('a source is warned of whose calls would not last the month with the largest fleets', () => {
  expect(problemsOf(file('every: 10s, calls: 600000'), { drivers })).toEqual([])
  const warnings = problemsOf(file('every: 10s, calls: 300000'), { drivers })
  expect(warnings).toMatchObject([{ level: 'warning', path: 'sources.cloud', line: 2 }])
  expect(warnings[0]!.message).toBe(
    'with 60 servers, 535680 calls a month would be used up after 17d9h of it, for there are 300000: each metric is asked every 18s instead of every 10s',
  )
  expect(untranslated([warnings[0]!.message])).toEqual([])
  expect(problemsOf(file('every: 10s, calls: 300000', '', 50), { drivers })).toEqual([])
})

test('a metric is fresh as long as its driver says, or the file', () => {
  const freshMs = (text: string) => settingsOf(text, { drivers }).fleets[0]!.metrics['ecs-cpu']!.freshMs
  expect(freshMs(file('every: 60s'))).toBe(6 * 60_000)
  expect(freshMs(file('every: 15s', 'period: 15s'))).toBe(225_000)
  expect(freshMs(file('every: 60s', 'fresh: 10m'))).toBe(600_000)
})

test('a metric is warned of that would be stale when nothing is wrong', () => {
  const warnings = problemsOf(file('every: 60s', 'fresh: 1m'), { drivers })
  expect(warnings).toMatchObject([
    {
      level: 'warning',
      path: 'metrics.ecs-cpu.fresh',
      message: 'its samples may be 6m old when nothing is wrong; it would be stale meanwhile',
    },
  ])
  expect(untranslated([warnings[0]!.message])).toEqual([])
})

test('a policy on what the driver does not measure is warned of', () => {
  const unmeasured = { ...fake, kind: 'alicloud-ecs', measures: [] }
  const text = file('every: 60s').replace('when: ecs-cpu > 80%', 'when: memory > 80%')
  const warnings = problemsOf(text, { drivers: { fake, 'alicloud-ecs': unmeasured } })
  expect(warnings).toMatchObject([{ level: 'warning', path: 'fleets.api.policies.0' }])
  const { message } = warnings[0]!
  expect(message).toMatch(/^driver alicloud-ecs does not measure memory, .* a source such as cloudmonitor/)
  expect(untranslated([message])).toEqual([])
})
