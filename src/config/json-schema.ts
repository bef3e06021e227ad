import * as z from 'zod'
import type { DriverKeys } from '../core/driver.ts'
import { choiceForm, type JsonSchema, orNothing, PLACEHOLDER } from '../core/form.ts'
import { aboutOf } from './advice.ts'
import { BALANCER } from './balancer-schema.ts'
import type { BalancerDrivers } from './balancers.ts'
import { CALENDAR_EVENT, CALENDAR_POLICY, SCHEDULE_POLICY } from './calendar-schema.ts'
import { FLEET } from './fleet-schema.ts'
import type { Drivers } from './fleets.ts'
import { GUARDS, PACE } from './guard-schema.ts'
import { metaOf, unwrap } from './leaves.ts'
import { LISTENER } from './listener-schema.ts'
import { METRIC, SOURCE } from './metric-schema.ts'
import type { MetricDrivers } from './metrics.ts'
import { POLICY_TYPES } from './policies.ts'
import { SEASONAL_POLICY, STEP_POLICY, TARGET_POLICY } from './policy-schema.ts'
import { POOL, SERVER } from './pool-schema.ts'
import { RULE } from './rule-schema.ts'
import { NAME, ROOT } from './schema.ts'

/** docs/reference/tidegate.schema.json: the file as editors can check it. It takes everything that the loader takes; the loader alone
 *  knows which names exist and what rules mean. */
export function configSchema(
  drivers: Drivers,
  metricDrivers: MetricDrivers,
  balancerDrivers: BalancerDrivers,
): JsonSchema {
  const root = objectOf(ROOT, {
    listeners: named('listener', 'Where traffic arrives and where it goes.'),
    pools: named('pool', 'Servers that do the same.'),
    fleets: named('fleet', 'Where servers come from, and how many.'),
    balancers: named('balancer', 'Balancers beside the gateway, which others run.'),
    sources: named('source', 'Where metrics of the file come from.'),
    metrics: named('metric', 'Metrics beside the built-in ones.'),
  })
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Tidegate configuration',
    ...root,
    anyOf: [
      { properties: { listeners: { minProperties: 1 } }, required: ['listeners'] },
      { required: ['balancers'] },
    ],
    $defs: {
      placeholder: PLACEHOLDER,
      listener: {
        ...objectOf(LISTENER, { rules: listOf('rule') }),
        anyOf: [{ required: ['pool'] }, { required: ['rules'] }],
      },
      rule: { ...objectOf(RULE), oneOf: one('pool', 'split', 'redirect', 'respond') },
      pool: {
        ...poolOf(balancerDrivers),
        anyOf: [{ required: ['servers'] }, { required: ['fleet'] }],
      },
      server: objectOf(SERVER),
      fleet: fleetOf(drivers),
      pace: { ...objectOf(PACE), oneOf: one('servers', 'share') },
      policy: policyOf(),
      event: {
        ...objectOf(CALENDAR_EVENT),
        anyOf: [{ required: ['multiplier'] }, { required: ['min'] }],
      },
      balancer: balancerOf(balancerDrivers),
      source: sourceOf(metricDrivers),
      metric: metricOf(metricDrivers),
    },
  }
}

function named(definition: string, description: string): JsonSchema {
  return {
    description,
    type: 'object',
    propertyNames: { pattern: NAME.source },
    additionalProperties: { $ref: `#/$defs/${definition}` },
  }
}

function listOf(definition: string): JsonSchema {
  return { type: 'array', items: { $ref: `#/$defs/${definition}` } }
}

/** A section. `parts` says more of a key than its own schema knows. */
function objectOf(schema: z.ZodObject, parts: Readonly<Record<string, JsonSchema>> = {}): JsonSchema {
  const fields = Object.entries(schema.shape).map(([key, value]) => [key, value as z.ZodType] as const)
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(([key, field]) => [key, fieldOf(field, parts[key])])),
    ...required(fields.filter(([, field]) => isRequired(field)).map(([key]) => key)),
    additionalProperties: false,
  }
}

function fieldOf(field: z.ZodType, part: JsonSchema | undefined): JsonSchema {
  const inner = unwrap(field)
  if (inner instanceof z.ZodObject) return part ?? objectOf(inner)
  const meta = metaOf(field)
  if (!meta) return part ?? {}
  const standard = meta.default === undefined ? {} : { default: meta.default }
  return { description: aboutOf(meta), ...standard, ...(part ?? meta.schema) }
}

function one(...keys: readonly string[]): JsonSchema[] {
  return keys.map((key) => ({ required: [key] }))
}

function isRequired(field: z.ZodType): boolean {
  return !(field instanceof z.ZodOptional) && metaOf(field) !== null && metaOf(field)?.default === undefined
}

function required(keys: readonly string[]): JsonSchema {
  return keys.length === 0 ? {} : { required: keys }
}

/** What a section is when a key of it has this value. */
function when(key: string, value: string, then: JsonSchema): JsonSchema {
  return implies({ properties: { [key]: { const: value } }, required: [key] }, then)
}

function implies(condition: JsonSchema, then: JsonSchema): JsonSchema {
  return { if: condition, then }
}

/** The common keys are described once; each driver allows them beside its own. */
function fleetOf(drivers: Drivers): JsonSchema {
  const common = objectOf(FLEET, {
    driver: choiceForm(Object.keys(drivers)).schema,
    guards: guards(),
    policies: listOf('policy'),
  })
  return open(
    common,
    Object.values(drivers).map(({ kind, keys }) => when('driver', kind, closed(common, keys))),
  )
}

function guards(): JsonSchema {
  const section = unwrap(GUARDS) as z.ZodObject
  const pace = unwrap(section.shape.pace as z.ZodType) as z.ZodObject
  return objectOf(section, { pace: objectOf(pace, { out: listOf('pace'), in: listOf('pace') }) })
}

/** Nobody knows here which driver's a pool's balancer is: any pool may have the keys of all. */
function poolOf(drivers: BalancerDrivers): JsonSchema {
  const { properties, ...common } = objectOf(POOL, { servers: listOf('server') })
  const added: DriverKeys = Object.assign({}, ...Object.values(drivers).map(({ poolKeys }) => poolKeys))
  const { properties: more } = driverObject(added)
  return { ...common, properties: { ...(properties as JsonSchema), ...(more as JsonSchema) } }
}

function balancerOf(drivers: BalancerDrivers): JsonSchema {
  const common = objectOf(BALANCER, { driver: choiceForm(Object.keys(drivers)).schema })
  return open(
    common,
    Object.values(drivers).map(({ kind, keys }) => when('driver', kind, closed(common, keys))),
  )
}

function sourceOf(drivers: MetricDrivers): JsonSchema {
  const common = objectOf(SOURCE, { driver: choiceForm(Object.keys(drivers)).schema })
  return open(
    common,
    Object.values(drivers).map(({ kind, sourceKeys }) => when('driver', kind, closed(common, sourceKeys))),
  )
}

/** With a driver of its own a metric has the keys of a source too; with a shared one, nobody knows here which driver's it is. */
function metricOf(drivers: MetricDrivers): JsonSchema {
  const common = objectOf(METRIC, { driver: choiceForm(Object.keys(drivers)).schema })
  const modules = Object.values(drivers)
  const anyDriver: DriverKeys = Object.assign({}, ...modules.map(({ metricKeys }) => metricKeys))
  const needed = Object.keys(anyDriver).filter((key) =>
    modules.every(({ metricKeys }) => isNeeded(metricKeys[key])),
  )
  const { required: _, ...shared } = closed(common, anyDriver)
  return {
    ...open(common, [
      implies({ required: ['source'] }, { ...shared, ...required(needed) }),
      ...modules.map(({ kind, sourceKeys, metricKeys }) =>
        when('driver', kind, closed(common, { ...sourceKeys, ...metricKeys })),
      ),
    ]),
    oneOf: [{ required: ['source'] }, { required: ['driver'] }],
  }
}

/** A section to which its driver adds. */
function open({ additionalProperties: _, ...common }: JsonSchema, allOf: readonly JsonSchema[]): JsonSchema {
  return { ...common, allOf }
}

function closed({ properties }: JsonSchema, keys: DriverKeys): JsonSchema {
  const known = Object.keys(properties as object).map((key) => [key, true] as const)
  const { properties: own, ...rest } = driverObject(keys)
  return { ...rest, properties: { ...Object.fromEntries(known), ...(own as JsonSchema) } }
}

function driverObject(keys: DriverKeys): JsonSchema {
  const needed = Object.keys(keys).filter((key) => isNeeded(keys[key]))
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(keys).map(([key, about]) => [key, driverValue(about)])),
    ...required(needed),
    additionalProperties: false,
  }
}

function isNeeded(about: DriverKeys[string] | undefined): boolean {
  return about !== undefined && 'required' in about && about.required === true
}

function driverValue(about: DriverKeys[string]): JsonSchema {
  if ('keys' in about) return { description: about.help, ...orNothing(driverObject(about.keys)) }
  const standard = about.default === undefined ? {} : { default: about.default }
  return { description: aboutOf(about), ...standard, ...about.schema }
}

/** By its `type`. */
function policyOf(): JsonSchema {
  const policy = (type: (typeof POLICY_TYPES)[number], section: z.ZodObject, more: JsonSchema = {}) =>
    when('type', type, {
      ...objectOf(section, type === 'calendar' ? { events: listOf('event') } : {}),
      ...more,
    })
  return {
    type: 'object',
    required: ['type'],
    properties: { type: choiceForm(POLICY_TYPES).schema },
    allOf: [
      policy('target', TARGET_POLICY),
      policy('seasonal', SEASONAL_POLICY),
      policy('forecast', SEASONAL_POLICY),
      policy('step', STEP_POLICY, { oneOf: one('add', 'remove', 'set') }),
      policy('schedule', SCHEDULE_POLICY, {
        oneOf: one('until', 'duration'),
        anyOf: one('min', 'max'),
      }),
      policy('calendar', CALENDAR_POLICY),
    ],
  }
}
