/** JSON Schemas of what the API answers, by name: for its OpenAPI document. Instants are ms since the epoch. A test holds them to real
 *  answers. */
export type Shape = Readonly<Record<string, unknown>>

const text = { type: 'string' }
const number = { type: 'number' }
const flag = { type: 'boolean' }
const textOrNull = { type: ['string', 'null'] }
const numberOrNull = { type: ['number', 'null'] }
const any = {}

const list = (items: Shape): Shape => ({ type: 'array', items })
const named = (name: string): Shape => ({ $ref: `#/components/schemas/${name}` })
const orNull = (shape: Shape): Shape => ({ anyOf: [shape, { type: 'null' }] })
const words = (...values: readonly string[]): Shape => ({ type: 'string', enum: values })

/** Every key is there. */
function object(properties: Readonly<Record<string, Shape>>): Shape {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false }
}

/** Further keys may come with later versions. */
function open(properties: Readonly<Record<string, Shape>>): Shape {
  return { type: 'object', properties, required: Object.keys(properties) }
}

/** A page of a list; `next` is where the next one starts, null = this is the last. */
export function pageOf(name: keyof typeof SHAPES): Shape {
  return object({ items: list(named(name)), next: { type: ['integer', 'null'] } })
}

export const SHAPES = {
  Problem: object({ type: text, title: text, status: { type: 'integer' }, detail: text, code: text }),
  About: object({
    version: text,
    installation: text,
    stateDir: text,
    config: text,
    revision: text,
    pid: { type: 'integer' },
  }),
  Member: object({
    id: text,
    address: text,
    weight: number,
    state: words('checking', 'healthy', 'unhealthy', 'ejected', 'draining', 'gone'),
    effectiveWeight: number,
    inFlight: numberOrNull,
    connections: numberOrNull,
    sinceAt: number,
    fixed: flag,
    rps: numberOrNull,
    p50Ms: numberOrNull,
    p95Ms: numberOrNull,
    p99Ms: numberOrNull,
    probes: list(object({ at: number, ok: flag, ms: number, detail: text })),
  }),
  Pool: object({
    name: text,
    algorithm: text,
    balancer: text,
    rps: numberOrNull,
    inFlight: numberOrNull,
    panic: flag,
    members: list(named('Member')),
  }),
  Server: object({
    id: text,
    address: textOrNull,
    state: words('launching', 'starting', 'checking', 'serving', 'draining', 'retiring', 'failed'),
    revision: text,
    launchedAt: number,
    zone: textOrNull,
    price: numberOrNull,
    inFlight: numberOrNull,
    connections: numberOrNull,
    detail: textOrNull,
    ending: orNull(object({ code: numberOrNull, signal: textOrNull, outOfMemory: flag })),
  }),
  Reading: {
    oneOf: [
      object({ ok: { const: true }, sample: object({ value: number, at: number }) }),
      open({ ok: { const: false }, at: number, why: words('no-data', 'idle', 'stale', 'unreachable') }),
    ],
  },
  Decision: open({
    have: number,
    want: number,
    raw: numberOrNull,
    because: list(object({ by: text, from: number, to: number, says: text, untilAt: numberOrNull })),
    opinions: list(object({ policy: text, want: numberOrNull, why: text, trace: any })),
  }),
  Other: object({ rule: words('hpa', 'hpa-target', 'threshold'), want: numberOrNull, says: text }),
  Shadow: object({
    ticks: number,
    more: number,
    fewer: number,
    serverMs: number,
    activeServerMs: number,
    comparedMs: number,
    cost: number,
    activeCost: number,
    changes: number,
    activeChanges: number,
    refused: number,
    activeRefused: number,
    failed: textOrNull,
    decision: orNull(named('Decision')),
  }),
  ShadowAbout: object({ about: orNull(object({ id: text, file: text, by: text, at: number })) }),
  Alert: object({ name: text, sinceAt: number, says: text }),
  FleetAlert: object({ fleet: text, name: text, sinceAt: number, says: text }),
  Capacity: object({
    by: words('queue', 'cpu'),
    mostRps: object({ value: number, low: number, high: numberOrNull }),
    kneeRps: number,
    kneeInFlight: number,
    slots: number,
    steps: number,
    confident: { type: 'boolean' },
  }),
  Fleet: object({
    name: text,
    min: number,
    max: number,
    desired: number,
    actual: number,
    ready: number,
    servers: list(named('Server')),
    reserve: number,
    kept: number,
    exits: list(object({ reason: text, count: number })),
    readings: { type: 'object', additionalProperties: named('Reading') },
    measuredBy: { type: 'object', additionalProperties: text },
    metrics: { type: 'object' },
    orders: list({ type: 'object' }),
    replacement: orNull({ type: 'object' }),
    windows: list({ type: 'object' }),
    open: list(object({ token: text, step: { type: 'object' }, state: text, detail: text })),
    blind: textOrNull,
    lastTickAt: number,
    decision: orNull(named('Decision')),
    cost: orNull(named('Cost')),
    others: list(named('Other')),
    shadow: orNull(named('Shadow')),
    alerts: list(named('Alert')),
    backoff: orNull(object({ failures: number, untilAt: number, why: text })),
    learned: object({
      capacity: orNull(named('Capacity')),
      startup: orNull(object({ medianMs: number, p95Ms: number, count: number })),
      fixed: object({ capacityRps: numberOrNull, startupMs: numberOrNull }),
    }),
    tuning: orNull(named('Tuning')),
  }),
  Tuning: object({
    apply: words('never', 'allowed'),
    tuned: list(object({ key: text, file: number, value: number })),
    says: list(text),
    held: flag,
    studied: orNull(object({ at: number, says: text, proposal: orNull({ type: 'object' }) })),
    probation: orNull({ type: 'object' }),
    refused: list(object({ direction: text, untilAt: number, times: number })),
    nextAt: numberOrNull,
    trouble: textOrNull,
  }),
  Cost: object({
    currency: text,
    each: numberOrNull,
    perHour: numberOrNull,
    unpriced: number,
    sinceAt: number,
    total: number,
    former: list(object({ currency: text, total: number, untilAt: number })),
    today: number,
    thisMonth: number,
    byMonthEnd: numberOrNull,
    usualFromMs: number,
    serverHours: number,
    kilowattHours: numberOrNull,
    carbonGrams: numberOrNull,
    budget: orNull(
      object({
        per: words('day', 'month'),
        amount: number,
        spent: number,
        expected: numberOrNull,
        endAt: number,
      }),
    ),
  }),
  CostReport: object({
    fleet: text,
    currency: text,
    fromAt: number,
    toAt: number,
    knownMs: number,
    cost: numberOrNull,
    serverHours: number,
    each: numberOrNull,
    kilowattHours: numberOrNull,
    carbonGrams: numberOrNull,
    fixed: object({
      servers: number,
      by: words('target', 'most'),
      serverHours: number,
      cost: numberOrNull,
    }),
    least: orNull(object({ serverHours: number, cost: numberOrNull })),
    bursts: object({ usual: number, serverHours: number, cost: numberOrNull }),
  }),
  Balancer: object({
    name: text,
    bound: { type: 'object', additionalProperties: object({ host: text, port: number }) },
    purchase: orNull(object({ id: textOrNull, changes: list(text), price: textOrNull })),
    blind: textOrNull,
    left: textOrNull,
    canaries: list(named('Canary')),
  }),
  Canary: object({
    name: text,
    stable: text,
    canary: text,
    phase: words('progressing', 'held', 'promoted', 'rolled-back'),
    share: number,
    sinceAt: number,
    says: text,
  }),
  Plan: object({
    fleet: text,
    decision: named('Decision'),
    steps: list({ type: 'object' }),
    opinions: list({ type: 'object' }),
    windows: list({ type: 'object' }),
    replacement: orNull({ type: 'object' }),
    open: list({ type: 'object' }),
  }),
  DecisionRecord: open({ id: { type: 'integer' }, fleet: text, at: number, decision: named('Decision') }),
  Event: object({ id: { type: 'integer' }, at: number, scope: text, kind: text, text }),
  Audit: object({
    id: { type: 'integer' },
    at: number,
    who: text,
    address: text,
    what: text,
    body: any,
    status: { type: 'integer' },
    code: textOrNull,
    before: { type: 'object' },
    after: { type: 'object' },
  }),
} as const satisfies Record<string, Shape>

/** What each reading route answers; the others answer an object that repeats what was ordered. */
export const ANSWERS: Readonly<Record<string, Shape>> = {
  '/api/v1/about': named('About'),
  '/api/v1/alerts': pageOf('FleetAlert'),
  '/api/v1/audit': pageOf('Audit'),
  '/api/v1/balancers': pageOf('Balancer'),
  '/api/v1/decisions': pageOf('DecisionRecord'),
  '/api/v1/events': pageOf('Event'),
  '/api/v1/fleets': pageOf('Fleet'),
  '/api/v1/fleets/{name}': named('Fleet'),
  '/api/v1/fleets/{name}/cost': named('CostReport'),
  '/api/v1/plan': pageOf('Plan'),
  '/api/v1/shadow': named('ShadowAbout'),
  '/api/v1/pools': pageOf('Pool'),
  '/api/v1/pools/{name}': named('Pool'),
}
