import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { DRIVERS, METRIC_DRIVERS } from '../drivers/index.ts'
import { BAD_CASES } from './all.cases.ts'
import { CALENDAR_EVENT, CALENDAR_POLICY, SCHEDULE_POLICY } from './calendar-schema.ts'
import { FLEET } from './fleet-schema.ts'
import { LISTENER } from './listener-schema.ts'
import type { Surroundings } from './load.ts'
import { parseSettings } from './load.ts'
import { METRIC, SOURCE } from './metric-schema.ts'
import { STEP_POLICY, TARGET_POLICY } from './policy-schema.ts'
import { POOL, SERVER } from './pool-schema.ts'
import { formatPretty, formatProblem } from './problems.ts'
import { RULE } from './rule-schema.ts'
import { ROOT } from './schema.ts'

const about: Surroundings = {
  file: 'a.yaml',
  realFile: '/srv/a.yaml',
  env: { HOME: '/root' },
  readSecret: () => 'secret',
  now: 0,
  cores: 1,
  drivers: DRIVERS,
  metricDrivers: METRIC_DRIVERS,
  balancerDrivers: {},
}

/** A text gives settings, or at least one error, each at a place in the text. */
function holds(text: string): void {
  const loaded = parseSettings(text, about)
  if (loaded.ok) return
  const lines = text.split('\n')
  expect(loaded.problems.some(({ level }) => level === 'error')).toBe(true)
  for (const problem of loaded.problems) {
    expect(problem.line).toBeGreaterThanOrEqual(1)
    expect(problem.line).toBeLessThanOrEqual(lines.length)
    expect(problem.column).toBeGreaterThanOrEqual(1)
    expect(problem.column).toBeLessThanOrEqual((lines[problem.line - 1] ?? '').length + 1)
    expect(formatPretty(problem, text).startsWith(formatProblem(problem))).toBe(true)
  }
}

test('no text makes it throw', () => {
  holds(' name: a\n§---\nname: b')
  fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), holds), { numRuns: 100 })
})

test('no text of the characters that mean something makes it throw', () => {
  const yamlish = fc.string({ unit: fc.constantFrom(...'ab:- \n{}[]&*<|>"\'#?!%,$'), maxLength: 60 })
  fc.assert(fc.property(yamlish, holds), { numRuns: 200 })
})

const schemas = [
  ROOT,
  LISTENER,
  RULE,
  POOL,
  SERVER,
  FLEET,
  TARGET_POLICY,
  STEP_POLICY,
  SCHEDULE_POLICY,
  CALENDAR_POLICY,
  CALENDAR_EVENT,
  SOURCE,
  METRIC,
]
const { sourceKeys, metricKeys } = METRIC_DRIVERS.prometheus
const prometheusKeys = [...Object.keys(sourceKeys), ...Object.keys(metricKeys)]
const keys = [
  ...schemas.flatMap((schema) => Object.keys(schema.shape)),
  'local',
  'command',
  ...prometheusKeys,
  'web',
  '__proto__',
]
const words = [
  'http',
  'prometheus',
  'http://a',
  'tcp',
  'local',
  'target',
  'step',
  'cpu',
  'cpu > 80%',
  'schedule',
  'calendar',
  '0 22 * * *',
  'Europe/Berlin',
  '2026-03-29T02:30',
  ':80',
  'a:1',
  '30s',
  '1KiB',
  'web',
  `\${env:HOME}`,
]

test('no arrangement of known keys and values makes it throw', () => {
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'medium' },
      fc.constantFrom(...words),
      fc.oneof(fc.integer(), fc.double(), fc.boolean(), fc.constant(null)),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 5 }),
    ),
  }))
  const part = fc.dictionary(fc.constantFrom('web', 'local'), value, { maxKeys: 2 })
  const parts = { listeners: part, pools: part, fleets: part, sources: part, metrics: part, gateway: value }
  const file = fc.record(parts, { requiredKeys: [] })
  fc.assert(
    fc.property(file, (content) => holds(stringify(content))),
    { numRuns: 150 },
  )
})

test('no damage to a file makes it throw', () => {
  const damaged = fc
    .tuple(fc.constantFrom(...BAD_CASES), fc.nat(400), fc.nat(5), fc.string({ maxLength: 5 }))
    .map(([{ text }, at, removed, added]) => text.slice(0, at) + added + text.slice(at + removed))
  fc.assert(fc.property(damaged, holds), { numRuns: 200 })
})

test('a deep file is refused, not followed', () => {
  holds('['.repeat(5_000))
  holds('[ '.repeat(60) + ' ]'.repeat(60))
})
