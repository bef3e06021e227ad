import { expect, test } from 'vitest'
import {
  aFleet,
  aTarget,
  aView,
  NOON,
  ofCapacity,
  readingsOf,
  type ViewOver,
} from '../../../test/kit/scaling.ts'
import type { MetricName } from '../../core/metrics.ts'
import { targetPolicy } from './target.ts'

function opinion(metric: MetricName, value: number, over: ViewOver) {
  return targetPolicy(aTarget(metric, value)).opine(aView(over))
}

test.each([
  // Reading on so many serving servers, target, wanted.
  [16, 2, 8, 4],
  [17, 2, 8, 5],
  [8, 2, 8, 2],
  [1, 4, 8, 1],
  [0, 4, 8, 0],
])('%s in flight on each of %s servers, target %s, wants %s', (reading, serving, target, want) => {
  const said = opinion('in-flight-per-server', target, {
    serving,
    metrics: { 'in-flight-per-server': reading },
  })
  expect(said.want).toBe(want)
})

test.each([
  [400, 4, 100, 4],
  [401, 2, 100, 5],
  [0, 2, 100, 0],
])('a total of %s a second with %s servers, target %s, wants %s', (reading, serving, target, want) => {
  expect(opinion('rps', target, { serving, metrics: { rps: reading } }).want).toBe(want)
})

test.each([
  [8.8, 10],
  [7.2, 10],
  [8.81, 12],
  [7.19, 9],
])(
  'stays within 10 %% of the target, its edges included: %s against 8 on 10 servers wants %s',
  (reading, want) => {
    const metrics = { 'in-flight-per-server': reading }
    expect(opinion('in-flight-per-server', 8, { serving: 10, metrics }).want).toBe(want)
  },
)

test('says why it stays', () => {
  const over = { serving: 3, metrics: { 'in-flight-per-server': 7.2 } }
  expect(opinion('in-flight-per-server', 8, over).why).toBe('in-flight-per-server 7.2 is within 10 % of 8')
  expect(opinion('rps', 100, { serving: 3, metrics: { rps: 310 } }).why).toBe(
    'rps 310/s over 3 servers is within 10 % of 100/s a server',
  )
})

test('says with figures why it wants another number', () => {
  expect(opinion('cpu', 0.5, { serving: 1, metrics: { cpu: 0.9 } }).why).toBe(
    'cpu is 90% on 1 server, target 50%: needs 2 servers',
  )
  expect(opinion('rps', 100, { serving: 1, metrics: { rps: 250 } }).why).toBe(
    'rps is 250/s, target 100/s a server: needs 3 servers',
  )
})

test('servers that are still starting are not ordered twice', () => {
  const metrics = { 'in-flight-per-server': 16 }
  const said = opinion('in-flight-per-server', 8, { serving: 2, starting: 2, metrics })
  expect(said.want).toBe(4)
  expect(said.why).toBe('in-flight-per-server is 16 on 2 servers; over all 4 it will be within 10 % of 8')
})

test('servers that are still starting do not hide that the load has grown further', () => {
  const metrics = { 'in-flight-per-server': 40 }
  expect(opinion('in-flight-per-server', 8, { serving: 2, starting: 2, metrics }).want).toBe(10)
})

test('arithmetic of floating point does not cost a server', () => {
  expect(opinion('cpu', 0.1, { serving: 3, metrics: { cpu: 0.7 } }).want).toBe(21)
})

test('abstains when there is no reading, a bad one or a stale one', () => {
  const readings = { cpu: { ok: false, at: NOON, why: 'unreachable', detail: 'timed out' } } as const
  expect(opinion('cpu', 0.5, {})).toMatchObject({ want: null, why: 'cpu: not measured' })
  expect(opinion('cpu', 0.5, { readings })).toMatchObject({ want: null, why: 'cpu: unreachable (timed out)' })
  const old = { cpu: { ok: true, sample: { value: 0.9, at: NOON - 10_001 } } } as const
  const fleet = aFleet({ guards: { freshMs: 10_000 } })
  expect(opinion('cpu', 0.5, { fleet, readings: old })).toMatchObject({
    want: null,
    why: 'cpu: stale, 10s old',
  })
})

test('abstains on a mean over no servers, not on a total', () => {
  const metrics = { 'in-flight-per-server': 0, rps: 300 }
  expect(opinion('in-flight-per-server', 8, { serving: 0, metrics }).want).toBeNull()
  expect(opinion('rps', 100, { serving: 0, metrics }).want).toBe(3)
})

test('abstains instead of dividing by zero', () => {
  expect(opinion('rps', 0, { serving: 2, metrics: { rps: 300 } }).want).toBeNull()
})

test('a metric of the file divides by servers as the file says, and is as fresh as it says', () => {
  const custom = (perServer: boolean) => ({
    unit: 'bytes' as const,
    from: 'source:prom',
    perServer,
    help: '',
  })
  const metrics = { backlog: custom(false), heap: { ...custom(true), freshMs: 60_000 } }
  const over = { fleet: aFleet({ metrics }), serving: 2, metrics: { backlog: 300, heap: 300 } }
  expect(opinion('backlog', 100, over)).toMatchObject({
    want: 3,
    why: 'backlog is 300B, target 100B a server: needs 3 servers',
  })
  expect(opinion('heap', 100, over).want).toBe(6)
  const old = { ...over, readings: readingsOf({ backlog: 300, heap: 300 }, NOON - 60_000) }
  expect(opinion('backlog', 100, old).why).toBe('backlog: stale, 1m old')
  expect(opinion('heap', 100, old).want).toBe(6)
  old.readings = readingsOf({ heap: 300 }, NOON - 60_001)
  expect(opinion('heap', 100, old).want).toBeNull()
})

test('a share is one of what a server can carry, and says nothing while nobody knows that', () => {
  const policy = targetPolicy(ofCapacity('rps-per-server', 0.7))
  const over = { serving: 2, metrics: { 'rps-per-server': 84 } }
  expect(policy.opine(aView({ ...over, capacityRps: 80 }))).toMatchObject({
    want: 3,
    why: 'rps-per-server is 84/s on 2 servers, target 56/s: needs 3 servers',
  })
  expect(policy.opine(aView(over))).toMatchObject({
    want: null,
    why: "rps-per-server: what a server can carry is not known yet; the fleet's capacity in the file would tell",
  })
})
