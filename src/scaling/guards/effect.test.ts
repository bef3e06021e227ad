import { expect, test } from 'vitest'
import type { ViewOver } from '../../../test/kit/scaling.ts'
import { aChange, aFleet, aStep, aTarget, aView, NOON, samples } from '../../../test/kit/scaling.ts'
import { story } from '../../../test/kit/story.ts'
import type { PolicySpec } from '../../core/policy.ts'
import { decide } from '../decide.ts'
import { compilePolicies, policiesOf } from '../policies/compile.ts'

const BUSY = aTarget('in-flight-per-server', 8, 'busy')
const EFFECT = { afterMs: 60_000, holdMs: 300_000 }

function aStory(policies: readonly PolicySpec[] = [BUSY], servers = 2) {
  return story(aFleet({ max: 50, policies, guards: { effect: EFFECT } }), { servers })
}

test('servers that do not lower what was too high are followed by no more, until it is tried again', () => {
  const fleet = aStory()
  fleet.at('0s', { 'in-flight-per-server': 8, rps: 100 }).wants(2)
  fleet.at('40s', { 'in-flight-per-server': 16, rps: 100 }).wants(4)
  // A database is the bottleneck: what waits for it waits, wherever it does.
  fleet.at('41s', { 'in-flight-per-server': 8, rps: 100 }).wants(4)
  fleet
    .at('110s', { 'in-flight-per-server': 16, rps: 100 })
    .wants(4, 'guard:effect: 2 servers more did not lower in-flight-per-server: 8.267 before, 8 after')
  fleet.at('390s', { 'in-flight-per-server': 16, rps: 100 }).wants(4, 'the bottleneck is elsewhere')
  const again = fleet.at('412s', { 'in-flight-per-server': 16, rps: 100 })
  expect(again.decision.want).toBeGreaterThan(4)
})

test('what was found by a clock that has been set back since holds nothing', () => {
  const fleet = aFleet({ max: 50, policies: [BUSY], guards: { effect: EFFECT } })
  const wanted = (changeAt: number) => {
    const ineffective = [
      { policy: 'busy', changeAt, servers: 2, untilAt: changeAt + 300_000, says: 'no use' },
    ]
    const past = { samples: {}, wants: [], ineffective }
    const view = aView({ fleet, serving: 2, metrics: { 'in-flight-per-server': 16 }, past })
    return decide(view, policiesOf(fleet)).want
  }
  expect(wanted(NOON - 60_000)).toBe(2)
  expect(wanted(NOON + 28_800_000)).toBe(4)
})

test('a load that has risen is no proof against the servers that came for it', () => {
  const fleet = aStory()
  fleet.at('0s', { 'in-flight-per-server': 8, rps: 100 }).wants(2)
  fleet.at('40s', { 'in-flight-per-server': 16, rps: 200 }).wants(4)
  fleet.at('41s', { 'in-flight-per-server': 8, rps: 200 }).wants(4)
  fleet.at('110s', { 'in-flight-per-server': 16, rps: 400 }).wants(8)
})

test('servers that come before their load are not judged by what there was to lower', () => {
  const ahead = { type: 'seasonal', name: 'past', metric: 'in-flight-per-server', value: 8 } as const
  const yesterday = { agoMs: 86_400_000, before: 32, peak: 32 }
  const outlook = { aheadMs: 60_000, recent: 32, precedents: [yesterday], forecast: { why: 'none' } }
  const policies = [BUSY, ahead]
  const compiled = compilePolicies(policies, {})
  if (!compiled.ok) throw new Error('bad policies')
  const now = NOON + 200_000
  const of = (value: number) => [...samples(value, NOON - 60_000, now)]
  const launched = aView({
    fleet: aFleet({ max: 50, policies, guards: { effect: EFFECT } }),
    now,
    serving: 4,
    metrics: { 'in-flight-per-server': 2, rps: 100 },
    past: { samples: { 'in-flight-per-server': of(2), rps: of(100) }, wants: [] },
    changes: [aChange(2, 4, NOON, 'policy:past')],
    outlooks: {
      'in-flight-per-server': { ...outlook, precedents: [{ ...yesterday, peak: 64 }], madeAt: now },
    },
  })
  expect(decide(launched, compiled.policies).want).toBe(8)
})

test('an overload that stays one is no proof while more is done', () => {
  const fleet = aStory()
  fleet.at('0s', { 'in-flight-per-server': 16, rps: 100, throughput: 40 }).wants(4)
  fleet.at('1s', { 'in-flight-per-server': 8, rps: 100, throughput: 80 }).wants(4)
  fleet.at('70s', { 'in-flight-per-server': 16, rps: 100, throughput: 80 }).wants(8)
})

test('what comes later is no proof against servers that helped', () => {
  const fleet = aStory()
  fleet.at('0s', { 'in-flight-per-server': 8, rps: 100 }).wants(2)
  fleet.at('40s', { 'in-flight-per-server': 16, rps: 200 }).wants(4)
  fleet.at('41s', { 'in-flight-per-server': 8, rps: 200 }).wants(4)
  fleet.at('200s', { 'in-flight-per-server': 16, rps: 200 }).wants(8)
})

test('what a policy does not hold, another may still ask for', () => {
  const fleet = aStory([BUSY, aTarget('cpu', 0.5, 'hot')])
  fleet.at('0s', { 'in-flight-per-server': 8, rps: 100, cpu: 0.4 }).wants(2)
  fleet.at('40s', { 'in-flight-per-server': 16, rps: 100, cpu: 0.4 }).wants(4)
  fleet.at('41s', { 'in-flight-per-server': 8, rps: 100, cpu: 0.5 }).wants(4)
  fleet.at('110s', { 'in-flight-per-server': 32, rps: 100, cpu: 0.75 }).wants(6)
})

test('latency must fall by a tenth to count as helped', () => {
  const slow = aStep('p99 > 500ms', 0, { kind: 'add', servers: 2 }, 'slow')
  const after = (p99: number) => {
    const fleet = aStory([slow])
    fleet.at('0s', { p99: 400, rps: 100 }).wants(2)
    fleet.at('35s', { p99: 1_000, rps: 100 }).wants(4)
    fleet.at('36s', { p99: 400, rps: 100 }).wants(4)
    fleet.at('60s', { p99, rps: 100 })
    return fleet
  }
  after(450).at('100s', { p99: 900, rps: 100 }).wants(4, 'guard:effect: 2 servers more did not lower p99')
  after(300).at('100s', { p99: 900, rps: 100 }).wants(6)
})

const judged = (over: ViewOver, policies: readonly PolicySpec[] = [BUSY]) => {
  const compiled = compilePolicies(policies, {})
  if (!compiled.ok) throw new Error('it compiles')
  const ring = (value: number) => samples(value, NOON - 400_000, NOON + 1)
  return decide(
    aView({
      fleet: aFleet({ max: 50, policies, guards: { effect: EFFECT } }),
      serving: 4,
      metrics: { 'in-flight-per-server': 16, rps: 100 },
      past: { samples: { 'in-flight-per-server': ring(16), rps: ring(100) }, wants: [] },
      changes: [aChange(2, 4, NOON - 120_000, 'policy:busy')],
      ...over,
    }),
    compiled.policies,
  )
}

test('judges only what a policy asked for, what serves, and what can be compared', () => {
  expect(judged({}).want).toBe(4)
  expect(judged({ changes: [aChange(2, 4, NOON - 120_000, 'guard:limits')] }).want).toBe(8)
  expect(judged({ changes: [aChange(2, 4, NOON - 120_000, 'guard:calendar')] }).want).toBe(8)
  expect(judged({ changes: [aChange(2, 4, NOON - 30_000, 'policy:busy')] }).want).toBe(8)
  expect(judged({ serving: 3, starting: 1 }).want).toBe(6)
  const noLoad = { 'in-flight-per-server': samples(16, NOON - 400_000, NOON + 1) }
  expect(judged({ past: { samples: noLoad, wants: [] } }).want).toBe(8)
})

test('counts from when the servers joined, not from when they were asked for', () => {
  const confirm = (at: number) => ({
    token: 't',
    fleet: 'api',
    step: { kind: 'confirm' as const, ids: ['a'] },
    at,
    have: 4,
    want: 4,
    by: 'upkeep',
    closed: { at, outcome: 'landed' as const, detail: '' },
  })
  expect(judged({ intents: [confirm(NOON - 70_000)] }).want).toBe(4)
  expect(judged({ intents: [confirm(NOON - 50_000)] }).want).toBe(8)
})

test('refills what has died since', () => {
  const verdict = { changeAt: NOON - 120_000, servers: 4, untilAt: NOON + 1_000, says: 'no help' }
  const past = { samples: {}, wants: [], ineffective: [{ policy: 'busy', ...verdict }] }
  expect(judged({ serving: 3, past }).want).toBe(4)
  expect(judged({ serving: 4, past }).want).toBe(4)
})
