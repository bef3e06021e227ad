import { expect, test } from 'vitest'
import {
  aChange,
  aFleet,
  aStep,
  aView,
  NOON,
  readingsOf,
  samples,
  type ViewOver,
} from '../../../test/kit/scaling.ts'
import type { StepChange } from '../../core/policy.ts'
import type { Opinion } from '../../core/scaling.ts'
import { compilePolicies } from './compile.ts'

const MINUTE = 60_000
const ADD_ONE: StepChange = { kind: 'add', servers: 1 }

function opinion(when: string, forMs: number, over: ViewOver, change: StepChange = ADD_ONE): Opinion {
  const compiled = compilePolicies([aStep(when, forMs, change, 'hot')], {})
  if (!compiled.ok) throw new Error(compiled.problems[0]!.message)
  return compiled.policies[0]!.opine(aView(over))
}

/** CPU at 90 % from so long ago until now, every second. */
function hotSince(agoMs: number, over: ViewOver = {}): ViewOver {
  const past = { samples: { cpu: samples(0.9, NOON - agoMs, NOON) }, wants: [] }
  return { serving: 4, metrics: { cpu: 0.9 }, past, ...over }
}

test('fires when the rule has been true for the whole time', () => {
  const said = opinion('cpu > 80%', 5 * MINUTE, hotSince(5 * MINUTE))
  expect(said.want).toBe(5)
  expect(said.why).toBe('cpu > 80% has been true for 5m: add 1 makes 5 servers')
})

test('abstains a second earlier and says what is missing', () => {
  const said = opinion('cpu > 80%', 5 * MINUTE, hotSince(190_000))
  expect(said).toMatchObject({ want: null, why: 'cpu > 80% has been true for 3m10s of 5m' })
  expect(opinion('cpu > 80%', 5 * MINUTE, hotSince(5 * MINUTE - 1_000)).want).toBeNull()
})

test('without a time it fires at once', () => {
  const said = opinion('cpu > 80%', 0, { serving: 4, metrics: { cpu: 0.9 } })
  expect(said).toMatchObject({ want: 5, why: 'cpu > 80% is true: add 1 makes 5 servers' })
})

test('one sample below starts the time anew', () => {
  const cpu = [...samples(0.9, NOON - 5 * MINUTE, NOON)]
  cpu[200] = { ...cpu[200]!, value: 0.5 }
  const said = opinion('cpu > 80%', 5 * MINUTE, hotSince(0, { past: { samples: { cpu }, wants: [] } }))
  expect(said).toMatchObject({ want: null, why: 'cpu > 80% has been true for 1m39s of 5m' })
})

test('abstains while the rule is not true now, however long it was', () => {
  const said = opinion('cpu > 80%', MINUTE, hotSince(5 * MINUTE, { metrics: { cpu: 0.5 } }))
  expect(said).toMatchObject({ want: null, why: 'cpu > 80% is not true' })
})

test('a gap of more than two intervals starts the time anew, one missed sample does not', () => {
  const past = (missing: number) => {
    const cpu = samples(0.9, NOON - 5 * MINUTE, NOON)
    cpu.splice(100, missing)
    return { past: { samples: { cpu }, wants: [] } }
  }
  expect(opinion('cpu > 80%', 5 * MINUTE, hotSince(0, past(1))).want).toBe(5)
  expect(opinion('cpu > 80%', 5 * MINUTE, hotSince(0, past(2))).want).toBeNull()
})

test('a gap between the newest sample and now starts the time anew', () => {
  const past = { samples: { cpu: samples(0.9, NOON - 5 * MINUTE, NOON - 4_000) }, wants: [] }
  expect(opinion('cpu > 80%', MINUTE, hotSince(0, { past })).want).toBeNull()
})

test('a source with a sample a minute is no gap', () => {
  const past = { samples: { cpu: samples(0.9, NOON - 10 * MINUTE, NOON, MINUTE) }, wants: [] }
  expect(opinion('cpu > 80%', 10 * MINUTE, hotSince(0, { past })).want).toBe(5)
})

test('what comes late is true as long as its samples say, not as long as they are old', () => {
  const late = 3 * MINUTE
  const over = (fromAgo: number) => ({
    fleet: aFleet({ guards: { freshMs: 5 * MINUTE } }),
    readings: readingsOf({ cpu: 0.9 }, NOON - late),
    past: { samples: { cpu: samples(0.9, NOON - late - fromAgo, NOON - late, MINUTE) }, wants: [] },
  })
  expect(opinion('cpu > 80%', 5 * MINUTE, hotSince(0, over(4 * MINUTE)))).toMatchObject({
    want: null,
    why: 'cpu > 80% has been true for 4m of 5m',
  })
  expect(opinion('cpu > 80%', 5 * MINUTE, hotSince(0, over(5 * MINUTE))).want).toBe(5)
})

test('its own firing starts the time anew, that of others does not', () => {
  const fired = (by: string) => ({ changes: [aChange(3, 4, NOON - 2 * MINUTE, by)] })
  const own = opinion('cpu > 80%', 5 * MINUTE, hotSince(5 * MINUTE, fired('policy:hot')))
  expect(own).toMatchObject({ want: null, why: 'cpu > 80% has been true for 1m59s of 5m' })
  expect(opinion('cpu > 80%', 5 * MINUTE, hotSince(5 * MINUTE, fired('policy:other'))).want).toBe(5)
})

test('missing data now: abstains and names what is missing', () => {
  const readings = { cpu: { ok: false, at: NOON, why: 'no-data', detail: 'no limit' } } as const
  const said = opinion('cpu > 80%', 0, { readings })
  expect(said).toMatchObject({ want: null, why: 'cpu > 80% has no answer: cpu: no data (no limit)' })
})

test('one missed reading does not start the time anew', () => {
  const cpu = samples(0.9, NOON - 5 * MINUTE, NOON - 1_000)
  const past = { samples: { cpu }, wants: [] }
  expect(opinion('cpu > 80%', 5 * MINUTE, hotSince(0, { past })).want).toBe(5)
})

test('with `or`, a metric without data does not hinder the other', () => {
  expect(opinion('memory > 90% or cpu > 80%', 5 * MINUTE, hotSince(5 * MINUTE)).want).toBe(5)
})

test('with `and`, all metrics must have been true at the same time', () => {
  const past = {
    samples: { cpu: samples(0.1, NOON - MINUTE, NOON), memory: samples(0.1, NOON - MINUTE + 3, NOON) },
    wants: [],
  }
  const over = { serving: 4, metrics: { cpu: 0.1, memory: 0.1 }, past }
  const cold = 'cpu < 20% and memory < 30%'
  expect(opinion(cold, 59_000, over, { kind: 'remove', servers: 1 }).want).toBe(3)
  expect(opinion(cold, 61_000, over, { kind: 'remove', servers: 1 }).want).toBeNull()
})

test.each<[string, StepChange, number, number]>([
  ['adds servers', { kind: 'add', servers: 3 }, 4, 7],
  ['adds a share, rounded up', { kind: 'add', ratio: 0.2 }, 6, 8],
  ['adds a whole share exactly', { kind: 'add', ratio: 0.2 }, 35, 42],
  ['adds at least one', { kind: 'add', ratio: 0.2 }, 0, 1],
  ['removes servers', { kind: 'remove', servers: 3 }, 4, 1],
  ['removes a share, rounded down', { kind: 'remove', ratio: 0.2 }, 9, 8],
  ['removes at least one', { kind: 'remove', ratio: 0.2 }, 4, 3],
  ['removes no more than there are', { kind: 'remove', servers: 3 }, 2, 0],
  ['sets', { kind: 'set', servers: 7 }, 4, 7],
])('%s', (_, change, have, want) => {
  expect(opinion('rps > 1', 0, { have, metrics: { rps: 2 } }, change).want).toBe(want)
})

test('the trace shows what it saw', () => {
  const said = opinion('cpu > 80%', 0, { metrics: { cpu: 0.5 } })
  expect(said.trace).toMatchObject({
    text: 'cpu > 80%',
    value: false,
    parts: [{ value: 0.5 }, { value: 0.8 }],
  })
})
