import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import type { DriverKeys } from '../core/driver.ts'
import { type JsonSchema, PLACEHOLDER } from '../core/form.ts'
import { BALANCER_DRIVERS, DRIVERS, METRIC_DRIVERS } from '../drivers/index.ts'
import { CALENDAR_EVENT, CALENDAR_POLICY, SCHEDULE_POLICY } from './calendar-schema.ts'
import { about, file, WEB } from './fixture.cases.ts'
import { FLEET } from './fleet-schema.ts'
import { configSchema } from './json-schema.ts'
import { leavesOf } from './leaves.ts'
import { LISTENER } from './listener-schema.ts'
import { parseSettings } from './load.ts'
import { METRIC, SOURCE } from './metric-schema.ts'
import { STEP_POLICY, TARGET_POLICY } from './policy-schema.ts'
import { POOL, SERVER } from './pool-schema.ts'
import { RULE } from './rule-schema.ts'
import { ROOT } from './schema.ts'

const HOME = resolve(import.meta.dirname, '../..')
const PUBLISHED = join(HOME, 'docs/reference/tidegate.schema.json')
const EXAMPLES = readdirSync(join(HOME, 'examples'), { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.yaml'),
)

// Strict: a misspelt keyword is an error. Parts of a section name what they require, and say `type` only once.
const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, allErrors: true })
const check = ajv.compile(configSchema(DRIVERS, METRIC_DRIVERS, BALANCER_DRIVERS))
const complaints = (text: string) => {
  check(parse(text, { merge: true }))
  return (check.errors ?? []).map(({ instancePath, keyword, params }) => {
    const { additionalProperty, missingProperty } = params as Readonly<Record<string, string | undefined>>
    return [keyword, instancePath.slice(1), additionalProperty ?? missingProperty].filter(Boolean).join(' ')
  })
}
const loads = (text: string) => parseSettings(text, { ...about, drivers: DRIVERS }).ok

test('docs/reference/tidegate.schema.json is what the schema says; if not: node scripts/docs.ts', () => {
  const published = JSON.parse(readFileSync(PUBLISHED, 'utf8'))
  expect(published).toEqual(configSchema(DRIVERS, METRIC_DRIVERS, BALANCER_DRIVERS))
  expect(ajv.validateSchema(published)).toBe(true)
})

test.each(EXAMPLES)('examples/%s passes, and its first line leads an editor to the schema', (name) => {
  const path = join(HOME, 'examples', name)
  const text = readFileSync(path, 'utf8')
  expect(complaints(text)).toEqual([])
  const place = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text)?.[1]
  expect(place).toBe(relative(dirname(path), PUBLISHED))
})

test('the file in the README passes', () => {
  const readme = readFileSync(join(HOME, 'README.md'), 'utf8')
  const text = /```yaml\n([\s\S]*?)```/.exec(readme)?.[1] ?? ''
  expect(loads(text)).toBe(true)
  expect(complaints(text)).toEqual([])
})

const fleet = (keys: string) => file({ api: 'api: { fleet: f }', fleets: `f: { max: 2, ${keys} }` })
const local = (keys: string) => fleet(`driver: local, command: [run], ${keys}`)
const policy = (keys: string) => local(`policies: [ { ${keys} } ]`)
const pool = (keys: string) => file({ api: `api: { servers: [ { address: "a:1" } ], ${keys} }` })
const metric = (keys: string) =>
  `${file({})}sources: { p: { driver: prometheus, url: "http://a" } }\nmetrics: { depth: { unit: count, ${keys} } }\n`

test.each([
  ['every driver key', local('env: { A: 1, B: x }, cwd: /srv, cpus: 0.5, memory: 64MiB, stop-timeout: 5s')],
  ['empty driver keys', local('env: , cwd: , cpus: , memory: , stop-timeout:')],
  [
    'exec',
    fleet('driver: exec, list: [a], launch: [b], retire: [c], timeouts: { list: 1s }, template: [1, {}]'),
  ],
  [
    'paces',
    local(
      'guards: { pace: { out: [ { share: 50%, per: 15s } ], in: [] }, flap-budget: { reversals: none } }',
    ),
  ],
  ['placeholders', pool(`slow-start: "\${env:T}", retries: "\${env:N}", algorithm: "\${env:A}"`)],
  ['a merge', file({ api: 'api: &a { servers: [ { address: "a:1" } ] }\n  b: { <<: *a }' })],
  ['a metric of a source', metric('source: p, query: up')],
  [
    'a metric with a source of its own',
    metric('driver: prometheus, url: "http://a", tls: { ca: x }, query: up'),
  ],
  ['a step', policy('type: step, when: cpu > 80%, add: 20%')],
  ['a target', policy('type: target, metric: cpu, value: 70%')],
])('%s passes', (_, text) => {
  expect(complaints(text)).toEqual([])
})

test.each([
  ['no listeners', 'name: a', 'required listeners'],
  ['no file', '[]', 'type'],
  ['an unknown key', `${file({})}poools: {}\n`, 'additionalProperties poools'],
  [
    'an unknown key deep inside',
    pool('health: { intervall: 5s }'),
    'additionalProperties pools/api/health intervall',
  ],
  ['a name in capitals', file({ web: 'Web: { bind: ":80", pool: api }' }), 'propertyNames listeners'],
  ['a listener that sends nowhere', file({ web: 'web: { bind: ":80" }' }), 'required listeners/web pool'],
  ['a listener without an address', file({ web: 'web: { pool: api }' }), 'required listeners/web bind'],
  [
    'an address without a port',
    file({ web: 'web: { bind: "1.2.3.4", pool: api }' }),
    'pattern listeners/web/bind',
  ],
  [
    'a protocol that there is not',
    file({ web: 'web: { bind: ":80", pool: api, protocol: sctp }' }),
    'enum listeners/web/protocol',
  ],
  [
    'a rule without a pool',
    file({ web: 'web: { bind: ":80", rules: [ {} ] }' }),
    'required listeners/web/rules/0 pool',
  ],
  ['a pool without servers', file({ api: 'api: {}' }), 'required pools/api servers'],
  ['an algorithm that there is not', pool('algorithm: fastest'), 'enum pools/api/algorithm'],
  ['a duration without a unit', pool('slow-start: 10'), 'const pools/api/slow-start'],
  ['a duration in words', pool('slow-start: ten seconds'), 'pattern pools/api/slow-start'],
  ['a number beyond its range', pool('retries: 11'), 'maximum pools/api/retries'],
  ['a broken number', pool('retries: 1.5'), 'type pools/api/retries'],
  [
    'a size without a unit',
    file({ web: `${WEB.replace(' }', ', limits: { body: 5 } }')}` }),
    'type listeners/web/limits/body',
  ],
  ['a share without %', `gateway: { panic: 0.5 }\n${file({})}`, 'type gateway/panic'],
  ['a section that is a word', pool('health: often'), 'type pools/api/health'],
  ['a driver that there is not', fleet('driver: cloud'), 'enum fleets/f/driver'],
  ['no driver', fleet('command: [run]'), 'required fleets/f driver'],
  ['no command', fleet('driver: local'), 'required fleets/f command'],
  ['a command as one word', fleet('driver: local, command: run'), 'type fleets/f/command'],
  ["another driver's key", local('list: [a]'), 'additionalProperties fleets/f list'],
  ['a variable that is no name', local('env: { a-b: 1 }'), 'propertyNames fleets/f/env'],
  [
    'a wrong key inside a driver key',
    fleet('driver: exec, list: [a], launch: [b], retire: [c], timeouts: { lst: 1s }'),
    'additionalProperties fleets/f/timeouts lst',
  ],
  ['a policy without a type', policy('metric: cpu'), 'required fleets/f/policies/0 type'],
  ['a policy of no type', policy('type: magic'), 'enum fleets/f/policies/0/type'],
  [
    'a step that does two things',
    policy('type: step, when: cpu > 1%, add: 1, remove: 1'),
    'oneOf fleets/f/policies/0',
  ],
  ['a target without a value', policy('type: target, metric: cpu'), 'required fleets/f/policies/0 value'],
  [
    "another policy's key",
    policy('type: target, metric: cpu, value: 1, when: x'),
    'additionalProperties fleets/f/policies/0 when',
  ],
  [
    'a window that never closes',
    policy('type: schedule, cron: "0 1 * * *", timezone: UTC, min: 2'),
    'oneOf fleets/f/policies/0',
  ],
  ['a metric from nowhere', metric('query: up'), 'oneOf metrics/depth'],
  ['a metric without a query', metric('driver: prometheus, url: "http://a"'), 'required metrics/depth query'],
  [
    'a unit that there is not',
    metric('source: p, query: up').replace('count', 'apples'),
    'enum metrics/depth/unit',
  ],
])('%s is refused, as the loader refuses it', (_, text, complaint) => {
  expect(complaints(text)).toContain(complaint)
  expect(loads(text)).toBe(false)
})

/** All sorts of values, right for some key and wrong for others. */
const VALUES: readonly unknown[] = [
  'rtt',
  'month',
  { 'ecs.g7.large': 0.68 },
  ...[
    0,
    1,
    2,
    5,
    80,
    100,
    1.5,
    308,
    2000,
    -1,
    true,
    false,
    null,
    '',
    '0',
    '7',
    '1.5',
    'auto',
    'never',
    'only',
    'make',
    '100/s',
    'path',
    'require',
    'TLSv1.3',
    'none',
    'GET',
    'fail',
    'json',
    'text',
    'forwarded',
    'http2',
  ],
  ...[
    '10s',
    '1m30s',
    '500ms',
    '1.5h',
    '2d',
    ' 5s ',
    '64KiB',
    '1 GB',
    '1GB',
    '1kB',
    '500Mbps',
    '50%',
    '12.5%',
    '200',
  ],
  ...[
    '200-399',
    '2xx',
    ':80',
    '[::1]:80',
    '1.2.3.4:80',
    'a:1',
    '/x',
    '/x/*',
    '*.example.org',
    'UTC',
    'Asia/Shanghai',
  ],
  ...[
    '0 22 * * *',
    '2026-11-11T00:00',
    'cpu > 80%',
    'Double 11',
    'least-connections',
    'http',
    'http://a',
    'ratio',
  ],
  ...[[], ['a'], [1], [['a']], {}, { a: 'b' }, { a: 5 }, { list: '1s' }, { ca: 'x' }],
]
const $defs = { placeholder: PLACEHOLDER }
const accepts = (schema: JsonSchema) => ajv.compile({ ...schema, $defs })

describe('what the loader takes, the schema takes', () => {
  const sections = { ROOT, LISTENER, RULE, POOL, SERVER, FLEET, TARGET_POLICY, STEP_POLICY }
  const more = { SCHEDULE_POLICY, CALENDAR_POLICY, CALENDAR_EVENT, SOURCE, METRIC }
  const leaves = Object.entries({ ...sections, ...more }).flatMap(([name, section]) =>
    leavesOf(section).map((leaf) => ({ ...leaf, name: `${name} ${leaf.path.join('.')}` })),
  )
  test.each(leaves)('$name', ({ meta, field }) => {
    const accepted = accepts(meta.schema)
    const taken = VALUES.filter((value) => field.safeParse(value).success)
    expect(taken.length).toBeGreaterThan(0)
    expect(taken.filter((value) => !accepted(value))).toEqual([])
    if (meta.default !== undefined) expect(accepted(meta.default)).toBe(true)
  })

  const root = { listeners: { web: { bind: ':80', pool: 'a' } }, pools: { a: { fleet: 'f' } } }
  const inFleet = (driver: string, base: object) => (keys: object) => ({
    ...root,
    fleets: { f: { driver, max: 2, ...base, ...keys } },
  })
  const inSource = (keys: object) => ({
    ...root,
    fleets: { f: { driver: 'local', command: ['a'], max: 1 } },
    sources: { p: { driver: 'prometheus', url: 'http://a', ...keys } },
    metrics: { depth: { source: 'p', unit: 'count', query: 'up' } },
  })
  const inMetric = (keys: object) => ({
    ...inSource({}),
    metrics: { depth: { driver: 'cloudmonitor', region: 'a', metric: 'b', unit: 'count', ...keys } },
    sources: {},
  })
  const { sourceKeys } = METRIC_DRIVERS.prometheus
  const drivers: readonly [string, DriverKeys, (keys: object) => object][] = [
    ['local', DRIVERS.local.keys, inFleet('local', { command: ['a'] })],
    ['exec', DRIVERS.exec.keys, inFleet('exec', { list: ['a'], launch: ['b'], retire: ['c'] })],
    ['prometheus', sourceKeys, inSource],
    ['cloudmonitor', METRIC_DRIVERS.cloudmonitor.metricKeys, inMetric],
  ]
  test.each(drivers)(
    'keys of %s',
    (_, keys, inFile) => {
      for (const [key, info] of Object.entries(keys)) {
        const files = VALUES.map((value) => inFile({ [key]: value })).filter((one) => loads(stringify(one)))
        expect(
          files.filter((one) => !check(one)),
          key,
        ).toEqual([])
        if ('default' in info) expect(check(inFile({ [key]: info.default })), key).toBe(true)
      }
    },
    60_000,
  )
})
