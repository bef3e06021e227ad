import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { History, HistoryPoint } from '../../src/core/history.ts'
import type { Millis } from '../../src/core/time.ts'
import { NOON } from '../kit/scaling.ts'

/** One empty history under test, on a clock that the test moves. */
export interface HistoryHarness {
  readonly history: History
  /** Starts at NOON. */
  readonly clock: { now(): Millis; set(at: Millis): void }
  /** The same history, opened again after a proper end; `history` is not used any more. */
  reopen(): Promise<History>
  close(): Promise<void>
}

export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
const CPU = { fleet: 'api', metric: 'cpu' }

/** What every history must keep. */
export function historyContract(name: string, make: () => Promise<HistoryHarness>): void {
  describe(`history contract: ${name}`, () => {
    let harness: HistoryHarness
    beforeEach(async () => {
      harness = await make()
    })
    afterEach(() => harness.close())
    reading(() => harness)
    ageing(() => harness)
    importing(() => harness)
  })
}

/** A sample a second: `value(0)` at `fromAt`. Time passes with them. */
async function live(
  { clock }: HistoryHarness,
  history: History,
  about: { fromAt: Millis; seconds: number; value: (second: number) => number },
): Promise<void> {
  for (let second = 0; second < about.seconds; second++) {
    const at = about.fromAt + second * SECOND
    clock.set(at)
    history.append([{ ...CPU, at, value: about.value(second) }])
    // The queue of a writer is bounded: reading waits for it.
    if (second % 1000 === 999) await history.series()
  }
}

const read = async (history: History, fromAt: Millis, toAt: Millis, stepMs: Millis | null = SECOND) =>
  await history.read({ ...CPU, fromAt, toAt, stepMs })
const values = (points: readonly HistoryPoint[]) => points.map(({ at, mean }) => [(at - NOON) / SECOND, mean])

function reading(harness: () => HistoryHarness): void {
  test('gives back what was appended, by second, with gaps where there was nothing', async () => {
    const { history, clock } = harness()
    clock.set(NOON + 10_000)
    for (const [second, value] of [
      [0, 0.5],
      [1, 0.6],
      [4, 0],
    ] as const)
      history.append([{ ...CPU, at: NOON + second * SECOND + 300, value }])
    const { stepMs, points } = await read(history, NOON, NOON + MINUTE)
    expect(stepMs).toBe(SECOND)
    expect(values(points)).toEqual([
      [0, 0.5],
      [1, 0.6],
      [4, 0],
    ])
    expect(points[0]).toEqual({ at: NOON, min: 0.5, mean: 0.5, max: 0.5, p95: 0.5, count: 1 })
  })

  test('sums up a longer step', async () => {
    const { history } = harness()
    await live(harness(), history, { fromAt: NOON, seconds: 100, value: (second) => second + 1 })
    const { stepMs, points } = await read(history, NOON, NOON + 100 * SECOND, 100 * SECOND)
    expect(stepMs).toBe(100 * SECOND)
    expect(points).toEqual([{ at: NOON, min: 1, mean: 50.5, max: 100, p95: 95, count: 100 }])
  })

  test('keeps series apart and lists them by name', async () => {
    const { history } = harness()
    history.append([
      { fleet: 'web', metric: 'cpu', at: NOON, value: 3 },
      { fleet: 'api', metric: 'rps', at: NOON, value: 2 },
      { fleet: 'api', metric: 'cpu', at: NOON, value: 1 },
    ])
    expect(await history.series()).toEqual([
      { fleet: 'api', metric: 'cpu' },
      { fleet: 'api', metric: 'rps' },
      { fleet: 'web', metric: 'cpu' },
    ])
    expect(values((await read(history, NOON, NOON + SECOND)).points)).toEqual([[0, 1]])
  })

  test('a series that nobody has seen has no points', async () => {
    const { history } = harness()
    expect((await read(history, NOON, NOON + HOUR)).points).toEqual([])
    expect(await history.series()).toEqual([])
  })

  test('chooses a step of at most 1000 points when none is asked', async () => {
    const { history } = harness()
    expect((await read(history, NOON - 10 * MINUTE, NOON, null)).stepMs).toBe(SECOND)
    expect((await read(history, NOON - HOUR, NOON, null)).stepMs).toBe(5 * SECOND)
    expect((await read(history, NOON - 7 * DAY, NOON, null)).stepMs).toBe(15 * MINUTE)
    expect((await read(history, 0, NOON, null)).stepMs).toBe(6 * HOUR)
  })

  test.each([
    ['an empty range', NOON, NOON, SECOND, /range is empty/],
    ['a range backwards', NOON, NOON - 1, null, /range is empty/],
    ['half a second', NOON - 1, NOON, 500, /whole number of seconds/],
    ['no step at all', NOON - 1, NOON, 0, /whole number of seconds/],
    ['no number', Number.NaN, NOON, null, /range is empty/],
  ])('refuses %s', async (_what, fromAt, toAt, stepMs, message) => {
    const refusal = { code: 'request.invalid', message: expect.stringMatching(message) }
    await expect(read(harness().history, fromAt, toAt, stepMs)).rejects.toMatchObject(refusal)
  })

  test('gives all that each resolution keeps in one answer', async () => {
    const { history } = harness()
    expect((await read(history, NOON - HOUR, NOON)).stepMs).toBe(SECOND)
    expect((await read(history, NOON - DAY, NOON)).stepMs).toBe(10 * SECOND)
    expect((await read(history, NOON - 60 * DAY, NOON)).stepMs).toBe(5 * MINUTE)
  })
}

function ageing(harness: () => HistoryHarness): void {
  test('what is older than an hour is there in steps of 10 s and of 5 min', async () => {
    const { history, clock } = harness()
    await live(harness(), history, { fromAt: NOON, seconds: 600, value: (second) => second % 100 })
    clock.set(NOON + 2 * HOUR)
    history.append([{ ...CPU, at: clock.now(), value: 1 }])
    const tens = await read(history, NOON, NOON + 20 * SECOND)
    expect(tens.stepMs).toBe(10 * SECOND)
    expect(tens.points).toEqual([
      { at: NOON, min: 0, mean: 4.5, max: 9, p95: 9, count: 10 },
      { at: NOON + 10 * SECOND, min: 10, mean: 14.5, max: 19, p95: 19, count: 10 },
    ])
    const fives = await read(history, NOON, NOON + 10 * MINUTE, 5 * MINUTE)
    const whole = { min: 0, mean: 49.5, max: 99, p95: 94, count: 300 }
    expect(fives.points).toEqual([
      { at: NOON, ...whole },
      { at: NOON + 5 * MINUTE, ...whole },
    ])
  })

  test('an answer reaches from the sums to the seconds of now without a seam', async () => {
    const { history } = harness()
    await live(harness(), history, { fromAt: NOON, seconds: 1000, value: () => 1 })
    const tens = await read(history, NOON, NOON + HOUR, 10 * SECOND)
    expect(tens.points.map(({ at }) => at)).toEqual(
      Array.from({ length: 100 }, (_, index) => NOON + index * 10 * SECOND),
    )
    expect(tens.points.every(({ count }) => count === 10)).toBe(true)
    const fives = await read(history, NOON, NOON + HOUR, 5 * MINUTE)
    expect(fives.points.map(({ count }) => count)).toEqual([300, 300, 300, 100])
  })

  test('what is older than 60 days is gone, and its series with it', async () => {
    const { history, clock } = harness()
    history.append([{ ...CPU, at: NOON, value: 1 }])
    clock.set(NOON + 59 * DAY)
    history.append([{ fleet: 'api', metric: 'rps', at: clock.now(), value: 1 }])
    expect((await read(history, NOON, clock.now())).points).toHaveLength(1)
    clock.set(NOON + 62 * DAY)
    history.append([{ fleet: 'api', metric: 'rps', at: clock.now(), value: 1 }])
    expect((await read(history, 0, clock.now())).points).toEqual([])
    expect(await history.series()).toEqual([{ fleet: 'api', metric: 'rps' }])
  })

  test('samples far too late, or of the future, are dropped and counted', async () => {
    const { history, clock } = harness()
    clock.set(NOON + HOUR)
    history.append([{ ...CPU, at: clock.now(), value: 1 }])
    await history.series()
    history.append([{ ...CPU, at: NOON, value: 1 }])
    history.append([{ ...CPU, at: clock.now() + MINUTE, value: 1 }])
    expect((await read(history, NOON, clock.now() + HOUR)).points).toHaveLength(1)
    expect(history.dropped()).toBe(2)
  })

  test('goes on when the clock is set back', async () => {
    const { history, clock } = harness()
    clock.set(NOON + 30 * DAY)
    history.append([{ ...CPU, at: clock.now(), value: 1 }])
    await history.series()
    clock.set(NOON)
    history.append([{ ...CPU, at: NOON, value: 2 }])
    expect(values((await read(history, NOON - MINUTE, NOON + MINUTE)).points)).toEqual([[0, 2]])
    expect((await read(history, NOON - MINUTE, NOON + 60 * DAY, null)).points).toHaveLength(1)
  })

  test('keeps everything over a restart', async () => {
    const { history, clock } = harness()
    await live(harness(), history, { fromAt: NOON, seconds: 400, value: (second) => second })
    const before = await read(history, NOON, NOON + HOUR)
    const reopened = await harness().reopen()
    expect(await read(reopened, NOON, NOON + HOUR)).toEqual(before)
    clock.set(NOON + 400 * SECOND)
    reopened.append([{ ...CPU, at: clock.now(), value: 400 }])
    const fives = await read(reopened, NOON, NOON + HOUR, 5 * MINUTE)
    expect(fives.points.map(({ count }) => count)).toEqual([300, 101])
  })
}

function importing(harness: () => HistoryHarness): void {
  test('puts samples where their age belongs', async () => {
    const { history } = harness()
    const ages = [61 * DAY, 30 * DAY, 5 * HOUR, MINUTE]
    const samples = ages.map((age, index) => ({ at: NOON - age, value: index }))
    expect(await history.import(CPU, samples)).toEqual({ samples: 3, tooOld: 1 })
    const values = async (fromAt: Millis, stepMs: Millis) =>
      (await read(history, fromAt, NOON, stepMs)).points.map(({ at, mean }) => [NOON - at, mean])
    expect(await values(NOON - 10 * MINUTE, SECOND)).toEqual([[MINUTE, 3]])
    expect(await values(NOON - 6 * HOUR, 10 * SECOND)).toEqual([
      [5 * HOUR, 2],
      [MINUTE, 3],
    ])
    expect(await values(NOON - 40 * DAY, 5 * MINUTE)).toEqual([
      [30 * DAY, 1],
      [5 * HOUR, 2],
      [5 * MINUTE, 3],
    ])
  })

  test('twice is the same as once, in any order', async () => {
    const { history } = harness()
    const samples = Array.from({ length: 3000 }, (_, index) => ({
      at: NOON - index * 30 * SECOND,
      value: index % 17,
    }))
    await history.import(CPU, samples)
    const all = async () => [
      await read(history, NOON - DAY, NOON, 5 * MINUTE),
      await read(history, NOON - DAY, NOON, 10 * SECOND),
    ]
    const once = await all()
    expect(once[1]!.points.length).toBeGreaterThan(2800)
    await history.import(CPU, samples.toReversed())
    expect(await all()).toEqual(once)
  })

  test('replaces what was imported before, step by step', async () => {
    const { history } = harness()
    await history.import(CPU, [
      { at: NOON - 2 * DAY, value: 1 },
      { at: NOON - 3 * DAY, value: 1 },
    ])
    await history.import(CPU, [{ at: NOON - 2 * DAY, value: 5 }])
    const { points } = await read(history, NOON - 4 * DAY, NOON, 5 * MINUTE)
    expect(points.map(({ mean, count }) => [mean, count])).toEqual([
      [1, 1],
      [5, 1],
    ])
  })

  test('joins samples of the last hour with what was measured', async () => {
    const { history, clock } = harness()
    await live(harness(), history, { fromAt: NOON, seconds: 900, value: () => 10 })
    clock.set(NOON + 1000 * SECOND)
    await history.import(CPU, [
      { at: NOON + 950 * SECOND, value: 1 },
      { at: NOON - MINUTE, value: 1 },
    ])
    const { points } = await read(history, NOON - 10 * MINUTE, NOON + HOUR, 5 * MINUTE)
    expect(points.map(({ count }) => count)).toEqual([1, 300, 300, 300, 1])
  })

  test.each([
    ['a sample of the future', { at: NOON + MINUTE, value: 1 }, /is not of the past/],
    ['a value that is no number', { at: NOON - HOUR, value: Number.NaN }, /is no number/],
    ['an infinite value', { at: NOON - HOUR, value: Number.POSITIVE_INFINITY }, /is no number/],
    ['an instant that is none', { at: Number.NaN, value: 1 }, /is not of the past/],
  ])('takes nothing when there is %s', async (_what, wrong, message) => {
    const { history } = harness()
    const refusal = { code: 'request.invalid', message: expect.stringMatching(message) }
    const samples = [{ at: NOON - DAY, value: 1 }, wrong]
    await expect(history.import(CPU, samples)).rejects.toMatchObject(refusal)
    expect(await history.series()).toEqual([])
  })
}
