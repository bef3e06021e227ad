import type * as z from 'zod'
import type { DriverKeys } from '../core/driver.ts'
import { rangeOf } from './advice.ts'
import { BALANCER } from './balancer-schema.ts'
import type { BalancerDrivers } from './balancers.ts'
import { CALENDAR_EVENT, CALENDAR_POLICY, SCHEDULE_POLICY } from './calendar-schema.ts'
import type { Advice } from './fields.ts'
import { FLEET } from './fleet-schema.ts'
import type { Drivers } from './fleets.ts'
import { PACE } from './guard-schema.ts'
import { type Leaf, leavesOf } from './leaves.ts'
import { LISTENER } from './listener-schema.ts'
import { METRIC, SOURCE } from './metric-schema.ts'
import type { MetricDrivers } from './metrics.ts'
import { SEASONAL_POLICY, STEP_POLICY, TARGET_POLICY } from './policy-schema.ts'
import { POOL, SERVER } from './pool-schema.ts'
import { RULE } from './rule-schema.ts'
import { ROOT } from './schema.ts'

const SECTIONS: readonly { readonly title: string; readonly intro: string; readonly schema: z.ZodObject }[] =
  [
    { title: 'The file', intro: '', schema: ROOT },
    { title: '`listeners: NAME:`', intro: 'Where traffic arrives and where it goes.', schema: LISTENER },
    {
      title: '`rules:` of a listener',
      intro: 'A list; the first match wins. See `docs/guides/routing.md`.',
      schema: RULE,
    },
    {
      title: '`pools: NAME:`',
      intro: 'Servers that do the same. One needs `servers`, `fleet` or both.',
      schema: POOL,
    },
    { title: '`servers:` of a pool', intro: 'A list.', schema: SERVER },
    { title: '`fleets: NAME:`', intro: 'Where servers come from, and how many.', schema: FLEET },
    {
      title: '`guards.pace.out:` and `in:` of a fleet',
      intro: 'A list. One of `servers` and `share`.',
      schema: PACE,
    },
    {
      title: '`policies:` of a fleet, `type: target`',
      intro:
        'Keeps a metric at a value. Of all policies the boldest wins when launching; retiring needs all to agree.',
      schema: TARGET_POLICY,
    },
    {
      title: '`policies:` of a fleet, `type: seasonal`',
      intro:
        'A floor by the highest load that came at the same time a day, two days and a week ago. See `docs/guides/forecast.md`.',
      schema: SEASONAL_POLICY,
    },
    {
      title: '`policies:` of a fleet, `type: forecast`',
      intro:
        'A floor by what the load is forecast not to pass, in 95 of 100 cases, until a server that is launched now serves. See `docs/guides/forecast.md`.',
      schema: SEASONAL_POLICY,
    },
    {
      title: '`policies:` of a fleet, `type: step`',
      intro:
        'Changes the number of servers when a rule has been true for a while. One of `add`, `remove` and `set`.',
      schema: STEP_POLICY,
    },
    {
      title: '`policies:` of a fleet, `type: schedule`',
      intro:
        'Narrows `min` and `max` of the fleet while a window is open. Of several, the highest `min` and the lowest `max` count, and `min` beats `max`. See `docs/guides/schedules.md`.',
      schema: SCHEDULE_POLICY,
    },
    {
      title: '`policies:` of a fleet, `type: calendar`',
      intro: 'Has servers ready for events that are known in advance.',
      schema: CALENDAR_POLICY,
    },
    {
      title: '`events:` of a calendar',
      intro:
        'Times are `2026-11-11T00:00`, with an offset of their own `2026-11-11T00:00+08:00`, or a date alone for its midnight.',
      schema: CALENDAR_EVENT,
    },
    {
      title: '`balancers: NAME:`',
      intro: 'Balancers beside the gateway, which others run: what `balancer` of a listener or a pool names.',
      schema: BALANCER,
    },
    {
      title: '`sources: NAME:`',
      intro:
        'Where metrics of the file come from; any number of metrics may share one. docs/guides/prometheus.md has more.',
      schema: SOURCE,
    },
    {
      title: '`metrics: NAME:`',
      intro:
        'Metrics beside those below, for `metric` of a target and in rules. A name starts with a letter. One of `source` and `driver`.',
      schema: METRIC,
    },
  ]

const INTRO = `# The configuration file

Generated from the schemas in \`src/config\`; change those and run \`node scripts/docs.ts\`.

YAML 1.2 with anchors and merge keys, at most 1 MiB. \`tidegate validate FILE\` lists everything that is wrong with a file, each
problem with its line and column. Durations are \`500ms\`, \`30s\`, \`1m30s\`; sizes \`32KiB\`, \`1GB\`; shares \`70%\`. Names are 1 to 29
lower-case letters, digits and hyphens. In any text, \`\${env:NAME}\` stands for an environment variable and \`\${file:PATH}\` for the
content of a file, relative to the folder of this one; neither is ever printed.

A value outside its allowed range is an error. One outside its advised range is a warning that says what it does: \`validate\` prints each,
\`up\`, \`gateway\` and \`reload\` their number. Short times for a demonstration, as in \`examples/quickstart.yaml\`, are a good reason to go on.

[tidegate.schema.json](tidegate.schema.json) tells an editor the same. The YAML extension of VS Code and every editor that uses
yaml-language-server take it from the first line of a file:

\`\`\`yaml
# yaml-language-server: $schema=./node_modules/tidegate/docs/reference/tidegate.schema.json
\`\`\`
`

const METRICS_LINK = `## Metrics

What rules and policies may name: see [metrics](metrics.md).
`

type Tables = readonly [drivers: Drivers, metricDrivers: MetricDrivers, balancerDrivers: BalancerDrivers]

/** docs/reference/config.md, whole. */
export function configReference(...tables: Tables): string {
  const sections = SECTIONS.map(({ title, intro, schema }) => sectionOf(title, intro, schema))
  return `${[INTRO, ...sections, ...driverSections(...tables), METRICS_LINK].join('\n')}`
}

/** One section as a page shows it. */
export function sectionOf(title: string, intro: string, schema: z.ZodObject): string {
  return `## ${title}\n\n${intro === '' ? '' : `${intro}\n\n`}${table(schema)}`
}

const HEAD = ['| key | type | default | allowed | advised | |', '|---|---|---|---|---|---|']

function table(schema: z.ZodObject): string {
  return `${[...HEAD, ...leavesOf(schema).map(row)].join('\n')}\n`
}

function row({ path, meta, optional }: Leaf): string {
  const { type, allowed, advice, help } = meta
  const standard = meta.default === undefined ? (optional ? '' : 'required') : `\`${meta.default}\``
  const advised = advice === undefined ? '' : rangeOf(advice)
  return `| \`${path.join('.')}\` | ${type} | ${standard} | ${allowed} | ${advised} | ${help}${effects(advice)} |`
}

function effects({ below, above }: Advice = {}): string {
  return [
    below === undefined ? '' : ` *Below the advised range,* ${below}.`,
    above === undefined ? '' : ` *Above ${below === undefined ? 'the advised range' : 'it'},* ${above}.`,
  ].join('')
}

function driverSections(...[drivers, metricDrivers, balancerDrivers]: Tables): readonly string[] {
  return [
    ...Object.values(drivers).map(({ kind, keys }) => driverSection(kind, 'fleet', keys)),
    ...Object.values(metricDrivers).flatMap(({ kind, sourceKeys, metricKeys }) => [
      driverSection(kind, 'source', sourceKeys),
      driverSection(kind, 'metric', metricKeys),
    ]),
    ...Object.values(balancerDrivers).flatMap(({ kind, keys, poolKeys }) => [
      driverSection(kind, 'balancer', keys),
      driverSection(kind, 'pool', poolKeys),
    ]),
  ]
}

function driverSection(kind: string, what: string, keys: DriverKeys): string {
  const head = ['| key | type | default | allowed | |', '|---|---|---|---|---|']
  return `## What \`driver: ${kind}\` adds to a ${what}\n\n${[...head, ...driverRows(keys, '')].join('\n')}\n`
}

function driverRows(keys: DriverKeys, prefix: string): readonly string[] {
  return Object.entries(keys).flatMap(([key, about]) => {
    if ('keys' in about) return driverRows(about.keys, `${prefix}${key}.`)
    const standard = about.default === undefined ? (about.required ? 'required' : '') : `\`${about.default}\``
    return [`| \`${prefix}${key}\` | ${about.type} | ${standard} | ${about.allowed} | ${about.help} |`]
  })
}
