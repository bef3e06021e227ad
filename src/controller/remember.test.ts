import { expect, test } from 'vitest'
import { aLaunch, anIntent, measured, serving, wanting } from '../../test/kit/measured.ts'
import { NOON, readingsOf, samples } from '../../test/kit/scaling.ts'
import type { ScalingPolicy } from '../core/scaling.ts'
import type { Receipt } from '../core/step.ts'
import { remember } from './remember.ts'
import { EMPTY_MEMORY } from './state.ts'
import { verify } from './verify.ts'

const MINUTE = 60_000

/** A policy on `rps` that looks back so far, beyond the two minutes of slack. */
function looking(lookBackMs: number): readonly ScalingPolicy[] {
  const opine = () => ({ policy: 'load', want: null, why: '', trace: null })
  return [{ name: 'load', metrics: ['rps'], lookBackMs, opine }]
}

test('keeps samples as long as somebody looks back, at most 4000, and none of the future', () => {
  const view = (fromAt: number, toAt: number) => {
    const past = { samples: { rps: samples(1, fromAt, toAt) }, wants: [{ at: fromAt, want: 3 }] }
    const memory = { ...EMPTY_MEMORY, past }
    return verify(measured({ memory, readings: readingsOf({ rps: 2 }, NOON) }))
  }
  const kept = (fromAt: number, toAt: number, lookBackMs: number) => {
    const seen = view(fromAt, toAt)
    return remember(seen, wanting(seen, 2), [], looking(lookBackMs)).past
  }
  const short = kept(NOON - 5 * MINUTE, NOON, 0)
  expect(short.samples.rps).toHaveLength(121)
  expect(short.samples.rps?.at(-1)).toEqual({ value: 2, at: NOON })
  expect(short.wants).toEqual([{ at: NOON, want: 2 }])
  expect(kept(NOON - 90 * MINUTE, NOON, 100 * MINUTE).samples.rps).toHaveLength(4000)
  expect(kept(NOON + 1, NOON + MINUTE, MINUTE).samples.rps).toEqual([{ value: 2, at: NOON }])
})

test('covers an hour and a half with rings that stay small, and loses no peak of what was wanted', () => {
  const policies = looking(90 * MINUTE)
  let memory = EMPTY_MEMORY
  const fromAt = NOON - 90 * MINUTE
  for (let at = fromAt; at <= NOON; at += 1_000) {
    const view = verify({ ...measured({ memory, readings: readingsOf({ rps: 2 }, at) }), now: at })
    const second = (at - fromAt) / 1_000
    const want = second === 4_001 ? 9 : second === 5_003 ? 1 : 2 + (second % 2)
    memory = remember(view, wanting(view, want), [], policies)
  }
  const { samples, wants } = memory.past
  for (const ring of [samples.rps ?? [], wants]) {
    expect(ring.length).toBeLessThanOrEqual(4000)
    expect(ring[0]!.at - fromAt).toBeLessThan(10_000)
    expect(NOON - ring.at(-1)!.at).toBeLessThan(10_000)
  }
  expect(wants.map(({ want }) => want)).toEqual(expect.arrayContaining([1, 9]))
}, 60_000)

test('of wants close to each other keeps all that patience may ask for, with how many were missing', () => {
  const wants = [
    { at: NOON, want: 3 },
    { at: NOON + 100, want: 2, missing: 1 },
    { at: NOON + 200, want: 2, missing: 2 },
    { at: NOON + 300, want: 1 },
    { at: NOON + 400, want: 2 },
  ]
  let memory = EMPTY_MEMORY
  for (const { at, want, missing = 0 } of wants) {
    const view = { ...verify({ ...measured({ memory }), now: at }), missing }
    memory = remember(view, wanting(view, want), [], [])
  }
  expect(memory.past.wants).toEqual([wants[0], wants[2], wants[3]])
})

test('keeps no samples of metrics that no policy reads', () => {
  const view = verify(measured({ readings: readingsOf({ rps: 2, cpu: 1 }, NOON) }))
  expect(remember(view, wanting(view, 1), [], looking(MINUTE)).past.samples).toEqual({
    rps: [{ value: 2, at: NOON }],
  })
})

test('keeps eight samples of a source that is slow and late, however short the look back', () => {
  const past = { samples: { rps: samples(1, NOON - 15 * MINUTE, NOON - 3 * MINUTE, MINUTE) }, wants: [] }
  const late = readingsOf({ rps: 2 }, NOON - 3 * MINUTE)
  const view = verify(measured({ memory: { ...EMPTY_MEMORY, past }, readings: late }))
  const ring = remember(view, wanting(view, 1), [], looking(MINUTE)).past.samples.rps
  expect(ring?.map(({ at }) => (NOON - at) / MINUTE)).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3])
})

test('takes no sample within half a second of the last', () => {
  const past = { samples: { rps: [{ value: 1, at: NOON - 200 }] }, wants: [] }
  const view = verify(measured({ memory: { ...EMPTY_MEMORY, past }, readings: readingsOf({ rps: 2 }, NOON) }))
  expect(remember(view, wanting(view, 1), [], looking(MINUTE)).past.samples.rps).toHaveLength(1)
})

test('keeps receipts only while their step is open, the newest of each', () => {
  const receipt = (token: string, at: number): Receipt => ({
    token,
    at,
    ok: false,
    unknown: true,
    code: 'timeout',
    message: '',
  })
  const intents = [aLaunch(1), anIntent({ kind: 'drop', pool: 'api', ids: ['x'] }, { token: 'test.api.2' })]
  const receipts = new Map(['test.api.1', 'test.api.2'].map((token) => [token, receipt(token, NOON - 9)]))
  const view = verify(measured({ intents, receipts }))
  expect(remember(view, wanting(view, 1), [], looking(MINUTE)).receipts).toEqual([
    receipt('test.api.1', NOON - 9),
  ])
  const again = [receipt('test.api.1', NOON)]
  expect(remember(view, wanting(view, 1), again, looking(MINUTE)).receipts).toEqual(again)
})

test('forgets who was confirmed only when nobody has seen it for long', () => {
  const view = serving(['a1', 'a2'], { seen: new Map([['a1', NOON]]) })
  expect(remember(view, wanting(view, 2), [], looking(MINUTE)).confirmed).toEqual(['a1'])
})

test('a server that drains and cannot be seen drains still', () => {
  const memory = { ...EMPTY_MEMORY, draining: { a1: NOON - 9 } }
  const draining = (blind: string[]) => {
    const view = verify(measured({ memory, blind }))
    return remember(view, wanting(view, 1), [], looking(MINUTE)).draining
  }
  expect(draining(['servers: no list'])).toEqual({ a1: NOON - 9 })
  expect(draining([])).toEqual({})
})

test('keeps no sample that is not a number', () => {
  const past = { samples: { rps: samples(1, NOON - MINUTE, NOON) }, wants: [] }
  const readings = readingsOf({ rps: Number.NaN }, NOON)
  const seen = verify(measured({ memory: { ...EMPTY_MEMORY, past }, readings }))
  const kept = remember(seen, wanting(seen, 2), [], looking(MINUTE)).past.samples.rps
  expect(kept).toEqual(past.samples.rps)
})
