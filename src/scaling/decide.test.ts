import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  aFleet,
  aStep,
  aTarget,
  aView,
  aWindow,
  NOON,
  samples,
  type ViewOver,
} from '../../test/kit/scaling.ts'
import { story } from '../../test/kit/story.ts'
import type { Order, OrderBody } from '../core/order.ts'
import type { Pace, PolicySpec } from '../core/policy.ts'
import type { Decision } from '../core/scaling.ts'
import { boundsOf } from './bounds.ts'
import { askedBy, decide } from './decide.ts'
import { compilePolicies } from './policies/compile.ts'

const MINUTE = 60_000
const BUSY = aTarget('in-flight-per-server', 8, 'busy')
const RATE = aTarget('rps', 100, 'rate')

function decided(policies: readonly PolicySpec[], over: ViewOver): Decision {
  const compiled = compilePolicies(policies, {})
  if (!compiled.ok) throw new Error(compiled.problems[0]!.message)
  return decide(aView(over), compiled.policies)
}

function anOrder(body: OrderBody): Order {
  return { id: 1, scope: 'fleet:api', at: NOON - 5_000, untilAt: null, by: 'ann', ...body }
}

/** `by from->to` of each reason. */
function path({ because }: Decision): readonly string[] {
  return because.map(({ by, from, to }) => `${by} ${from}->${to}`)
}

test('scale-out takes the boldest opinion and names those that it outvoted', () => {
  const decision = decided([RATE, BUSY], { serving: 2, metrics: { rps: 300, 'in-flight-per-server': 20 } })
  expect(decision).toMatchObject({ have: 2, want: 5, raw: 5 })
  expect(path(decision)).toEqual(['policy:busy 2->5', 'policy:rate 5->5'])
  expect(decision.because[1]!.says).toBe(
    'wanted 3, the boldest wins: rps is 300/s, target 100/s a server: needs 3 servers',
  )
})

test('scale-in needs all policies to agree', () => {
  const quiet = { rps: 100, 'in-flight-per-server': 1 }
  expect(decided([RATE, BUSY], { serving: 4, metrics: quiet }).want).toBe(1)
  expect(decided([RATE, BUSY], { serving: 4, metrics: { ...quiet, rps: 400 } }).want).toBe(4)
})

test('a change that does not happen has a reason too', () => {
  const decision = decided([BUSY], { serving: 2, metrics: { 'in-flight-per-server': 7.2 } })
  expect(decision.because).toEqual([
    {
      by: 'policy:busy',
      from: 2,
      to: 2,
      says: 'in-flight-per-server 7.2 is within 10 % of 8',
      untilAt: null,
    },
  ])
})

test('when all abstain it stays, and says what each lacks', () => {
  const hot = aStep('cpu > 80%', MINUTE, { kind: 'add', servers: 1 }, 'hot')
  const decision = decided([BUSY, hot], { serving: 2, metrics: { cpu: 0.1 } })
  expect(decision).toMatchObject({ want: 2, raw: null })
  expect(decision.because.map(({ says }) => says)).toEqual([
    'no policy asks for a change: busy: in-flight-per-server: not measured; hot: cpu > 80% is not true',
  ])
})

test('who only looks ahead retires nothing by itself, and what it wanted is told', () => {
  const seasonal = { type: 'seasonal', name: 'days', metric: 'rps', value: 100 } as const
  const precedents = [{ agoMs: 86_400_000, before: 100, peak: 150 }]
  const forecast = { why: 'not asked' }
  const rps = { madeAt: NOON, aheadMs: MINUTE, recent: 100, precedents, forecast }
  const decision = decided([BUSY, seasonal], { serving: 4, outlooks: { rps } })
  expect(decision).toMatchObject({ want: 4, raw: null })
  expect(path(decision)).toEqual(['none 4->4', 'policy:days 4->4'])
  expect(decision.because.map(({ says }) => says)).toEqual([
    'no policy asks for a change: busy: in-flight-per-server: not measured',
    expect.stringContaining('wanted 2, but who only looks ahead retires nothing by itself: 1d ago'),
  ])
})

test('without policies the fleet keeps its size, but never less than min', () => {
  expect(decided([], { serving: 3 })).toMatchObject({
    want: 3,
    because: [{ says: 'the fleet has no policy' }],
  })
  expect(decided([], { serving: 0, fleet: aFleet({ min: 2 }) })).toMatchObject({ have: 0, want: 2 })
})

test('every guard that changed something is in the reasons, in order', () => {
  const fleet = aFleet({ max: 4, guards: { outPatienceMs: MINUTE } })
  const past = { samples: {}, wants: [{ at: NOON - 1_000, want: 6 }] }
  const decision = decided([BUSY], { fleet, past, serving: 2, metrics: { 'in-flight-per-server': 40 } })
  expect(path(decision)).toEqual(['policy:busy 2->10', 'guard:patience 10->6', 'guard:limits 6->4'])
})

test('min is reached at once, whatever patience and cooldown say', () => {
  const fleet = aFleet({ min: 3, guards: { outPatienceMs: MINUTE, outCooldownMs: MINUTE } })
  const changes = [{ at: NOON - 1_000, from: 4, to: 5, by: 'policy:busy' }]
  expect(decided([BUSY], { fleet, changes, serving: 1 }).want).toBe(3)
})

test('a pin waits for nobody, stays inside the limits, and does not launch what cannot start', () => {
  const orders = [anOrder({ kind: 'pin', desired: 2 })]
  const fleet = aFleet({ min: 1, max: 6, guards: { inPatienceMs: MINUTE, inCooldownMs: MINUTE } })
  expect(decided([BUSY], { fleet, orders, serving: 5 }).want).toBe(2)
  expect(decided([BUSY], { fleet, orders: [anOrder({ kind: 'pin', desired: 9 })], serving: 5 }).want).toBe(6)
  const backoff = { failures: 2, untilAt: NOON + 1, why: 'exited' }
  expect(
    decided([BUSY], { fleet, backoff, orders: [anOrder({ kind: 'pin', desired: 6 })], serving: 5 }).want,
  ).toBe(5)
})

test('a pause holds even below min', () => {
  const orders = [anOrder({ kind: 'pause', direction: 'both' })]
  expect(decided([], { fleet: aFleet({ min: 2 }), orders, serving: 1 }).want).toBe(1)
})

test('a fleet whose launches fail is not launched again every tick to reach min', () => {
  const backoff = { failures: 2, untilAt: NOON + 1, why: 'exited' }
  const decision = decided([], { fleet: aFleet({ min: 2 }), backoff, serving: 0 })
  expect(path(decision)).toEqual(['none 0->0', 'guard:limits 0->2', 'guard:backoff 2->0'])
})

test('stop passes every guard', () => {
  const orders = [anOrder({ kind: 'pause', direction: 'both' }), anOrder({ kind: 'stop' })]
  const decision = decided([BUSY], { fleet: aFleet({ min: 2 }), orders, serving: 4, blind: ['gateway'] })
  expect(decision.want).toBe(0)
  expect(path(decision)).toEqual(['order:stop 4->0'])
})

test('a story: load rises, servers start, load falls, servers go', () => {
  const fleet = story(aFleet({ min: 2, max: 10, policies: [BUSY], guards: { inPatienceMs: 30_000 } }), {
    servers: 2,
  })
  fleet.at('0s', { 'in-flight-per-server': 2 }).wants(2)
  fleet.at('10s', { 'in-flight-per-server': 30 }).wants(8, 'in-flight-per-server is 30 on 2 servers')
  fleet.at('11s', { 'in-flight-per-server': 7.5 }).wants(8, 'within 10 %')
  fleet.at('60s', { 'in-flight-per-server': 1 }).wants(8, '8 servers wanted within the last 30s')
  fleet.at('89s', { 'in-flight-per-server': 1 }).wants(2)
})

test('a story: a step fires once in its time', () => {
  const hot = aStep('cpu > 80%', 5 * MINUTE, { kind: 'add', ratio: 0.2 }, 'hot')
  const fleet = story(aFleet({ policies: [hot] }), { servers: 5 })
  fleet.at('0s', { cpu: 0.9 }).wants(5, 'has been true for 0ms of 5m')
  fleet.at('4m59s', { cpu: 0.9 }).wants(5, 'has been true for 4m59s of 5m')
  fleet.at('5m', { cpu: 0.9 }).wants(6)
  fleet.at('5m1s', { cpu: 0.9 }).wants(6, 'has been true for 0ms of 5m')
  fleet.at('10m', { cpu: 0.9 }).wants(6)
  fleet.at('10m1s', { cpu: 0.9 }).wants(8)
})

test.each<[string, readonly [string, number, number][], string]>([
  [
    'the policy, also when limits cut it',
    [
      ['policy:a', 4, 9],
      ['guard:limits', 9, 6],
    ],
    'policy:a',
  ],
  [
    'limits, when they undo a scale-in and go beyond',
    [
      ['policy:a', 4, 2],
      ['guard:limits', 2, 6],
    ],
    'guard:limits',
  ],
  [
    'limits, when a guard had held the policy',
    [
      ['policy:a', 4, 9],
      ['guard:cooldown', 9, 4],
      ['guard:limits', 4, 6],
    ],
    'guard:limits',
  ],
  [
    'the order that took the place of a policy',
    [
      ['policy:a', 4, 9],
      ['order:pin', 9, 6],
    ],
    'order:pin',
  ],
  [
    'the policy, where an order agrees with it',
    [
      ['policy:a', 4, 9],
      ['order:pin', 9, 9],
    ],
    'policy:a',
  ],
  [
    'nobody, when nothing changes',
    [
      ['policy:a', 4, 9],
      ['guard:cooldown', 9, 4],
    ],
    'none',
  ],
])('whoever asked for the change is: %s', (_, steps, by) => {
  const because = steps.map(([by, from, to]) => ({ by, from, to, says: '', untilAt: null }))
  expect(askedBy({ have: 4, want: steps.at(-1)![2], because, opinions: [], raw: null })).toBe(by)
})

const POLICIES: readonly PolicySpec[] = [
  BUSY,
  RATE,
  aStep('cpu > 80%', 3_000, { kind: 'add', ratio: 0.2 }, 'hot'),
  aStep('cpu < 20% and memory < 30%', 3_000, { kind: 'remove', servers: 1 }, 'cold'),
]
const number = fc.double({ min: 0, max: 1e6, noNaN: true })
const instant = fc.integer({ min: NOON - 10_000, max: NOON + 10_000 })
const direction = fc.constantFrom('in' as const, 'out' as const, 'both' as const)

const anyView: fc.Arbitrary<ViewOver> = fc
  .record({
    policies: fc.subarray([...POLICIES]),
    min: fc.nat(5),
    extra: fc.nat(20),
    serving: fc.nat(30),
    starting: fc.nat(5),
    values: fc.record(
      { 'in-flight-per-server': number, rps: number, cpu: number, memory: number },
      { requiredKeys: [] },
    ),
    waits: fc.array(fc.constantFrom(0, 3_000, 300_000), { minLength: 4, maxLength: 4 }),
    wants: fc.array(fc.nat(30), { maxLength: 10 }),
    watchedMs: fc.nat(10_000),
    slowed: fc.record({
      outPace: fc.subarray<Pace>([
        { servers: 2, perMs: 5_000 },
        { ratio: 0.5, perMs: 9_000 },
      ]),
      inPace: fc.subarray<Pace>([
        { servers: 1, perMs: 5_000 },
        { ratio: 0.5, perMs: 9_000 },
      ]),
      flapBudget: fc.option(fc.constant({ reversals: 1, perMs: 20_000 })),
    }),
    changes: fc.array(
      fc.record({ at: instant, from: fc.nat(9), to: fc.nat(9), by: fc.constant('policy:hot') }),
      { maxLength: 3 },
    ),
    backoff: fc.option(fc.record({ failures: fc.nat(9), untilAt: instant, why: fc.constant('exited') })),
    orders: fc.array(
      fc.oneof(
        fc.nat(40).map((desired) => anOrder({ kind: 'pin', desired })),
        direction.map((direction) => anOrder({ kind: 'pause', direction })),
        fc.constant(anOrder({ kind: 'stop' })),
      ),
      { maxLength: 2 },
    ),
    clockHoldUntilAt: fc.oneof(fc.constant(0), instant),
    windows: fc.array(
      fc.record({
        startAt: instant,
        endAt: instant,
        min: fc.option(fc.nat(20)),
        max: fc.option(fc.nat(20)),
        multiplier: fc.option(fc.double({ min: 1, max: 5, noNaN: true })),
      }),
      { maxLength: 3 },
    ),
    blind: fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, fc.constant(['gateway'])),
  })
  .map(({ policies, min, extra, values, waits, wants, watchedMs, windows, slowed, ...rest }) => {
    const [outPatienceMs, inPatienceMs, outCooldownMs, inCooldownMs] = waits as [
      number,
      number,
      number,
      number,
    ]
    const guards = { outPatienceMs, inPatienceMs, outCooldownMs, inCooldownMs, ...slowed }
    const metrics = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
    return {
      ...rest,
      metrics,
      fleet: aFleet({ min, max: min + extra, policies, guards }),
      // As the file allows them: no min above that of the fleet's max.
      calendar: windows.map((window) =>
        aWindow({ ...window, min: window.min === null ? null : Math.min(window.min, min + extra) }),
      ),
      past: {
        samples: { cpu: samples(values.cpu ?? 0, NOON - watchedMs, NOON) },
        wants: wants.map((want, index) => ({ at: NOON - 1_000 * (wants.length - index), want })),
      },
    }
  })

/** Holds every decision on any view against `promise`. */
function always(promise: (decision: Decision, over: ViewOver) => void): void {
  fc.assert(
    fc.property(anyView, (over) => {
      promise(decided(over.fleet!.policies, over), over)
    }),
    { numRuns: 300 },
  )
}

const has = (over: ViewOver, kind: Order['kind']) => over.orders!.some((order) => order.kind === kind)

test('always: the number is a whole one inside the narrowest min and max, unless somebody stops or holds the fleet', () => {
  always(({ want, have }, over) => {
    const bounds = boundsOf(aView(over))
    const min = bounds.min.servers
    const max = Math.max(min, bounds.max.servers)
    expect(Number.isInteger(want)).toBe(true)
    if (has(over, 'stop')) return expect(want).toBe(0)
    const inside = want >= min && want <= max
    const failing = over.backoff && over.backoff.untilAt > NOON && want === have && have < min
    const held = (over.blind!.length > 0 || has(over, 'pause')) && want === have
    expect(inside || failing || held).toBe(true)
  })
})

test('always: nothing launches beyond max', () => {
  always(({ want, have }, { fleet }) => expect(want).toBeLessThanOrEqual(Math.max(have, fleet!.max)))
})

test('always: nothing shrinks on missing data, unless an order or max asks for it', () => {
  always(({ want, have }, over) => {
    const { policies } = over.fleet!
    const max = boundsOf(aView(over)).max.servers
    const read = policies.flatMap((policy) =>
      policy.type === 'target' ? [policy.metric] : policy.name === 'hot' ? ['cpu'] : ['cpu', 'memory'],
    )
    const missing = read.some((metric) => !Object.hasOwn(over.metrics!, metric))
    if (!missing || has(over, 'stop') || has(over, 'pin')) return
    expect(want).toBeGreaterThanOrEqual(Math.min(have, max))
  })
})

test('always: a blind tick changes nothing', () => {
  always(({ want, have }, over) => {
    if (over.blind!.length > 0 && !has(over, 'stop')) expect(want).toBe(have)
  })
})

test('always: the reasons lead from what there is to what is wanted, without a break', () => {
  always(({ have, want, because }) => {
    expect(because.length).toBeGreaterThan(0)
    expect(because[0]!.from).toBe(have)
    expect(because.at(-1)!.to).toBe(want)
    for (const [index, reason] of because.slice(1).entries()) {
      expect(reason.from).toBe(because[index]!.to)
      expect(reason.says).not.toBe('')
    }
  })
})

test('always: the same view gives the same decision', () => {
  always((decision, over) => expect(decided(over.fleet!.policies, over)).toEqual(decision))
})
