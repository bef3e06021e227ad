import { expect, test } from 'vitest'
import { untranslated } from '../../../test/kit/chinese.ts'
import { aFleet, aTarget, NOON } from '../../../test/kit/scaling.ts'
import type { Order } from '../../core/order.ts'
import type {
  MeasuredPeriod,
  SettingChange,
  TuningAction,
  TuningProposal,
  TuningState,
} from '../../core/tuning.ts'
import { TUNING_AIMS } from '../../core/tuning-spec.ts'
import { type TuningFinding, tend } from './course.ts'
import { withTuned } from './overlay.ts'

const DAY = 86_400_000
const KEY = 'policies.target-rps-per-server.value'
const FILE = aFleet({
  policies: [aTarget('rps-per-server', 40)],
  tuning: {
    schedule: { cron: '0 3 * * *', end: { afterMs: DAY / 4 }, timezone: 'UTC' },
    apply: 'allowed',
    probationMs: DAY,
    aims: TUNING_AIMS,
  },
})
const FIGURES = { late: 0, worstDay: 0, spread: [0, 0], serverHours: 200, changes: 10 } as const

function raised(from: number): TuningFinding {
  return proposed([{ key: KEY, from, to: from + 2 }])
}

function proposed(changes: readonly SettingChange[]): TuningFinding {
  const proposal: TuningProposal = {
    ...{ kind: 'saving', changes, next: changes, saving: 0.05, nextSaving: 0.05, spread: [0.05, 0.05] },
    ...{ monthly: null, before: FIGURES, after: FIGURES, days: 3, goodDays: 3 },
  }
  return { kind: 'study', study: { proposal, says: 'it pays' } }
}

const BEFORE: MeasuredPeriod = {
  ...{ known: 1, requests: 1e6, serverHours: 100, p95Ms: 40, errors: 0, crowded: null },
}
const cost = (serverHours: number, requests = BEFORE.requests): TuningFinding => ({
  kind: 'measured',
  measured: { before: BEFORE, after: { ...BEFORE, serverHours, requests } },
})

/** A fleet whose tuning goes through what happens to it. */
class Story {
  state: TuningState | null = null
  now = NOON
  readonly told: string[] = []
  file = FILE

  happens(finding: TuningFinding | null, ...actions: TuningAction[]): this {
    const orders = actions.map(
      (action, id): Order => ({
        ...{ kind: 'tuning', action, id, scope: 'fleet:api', at: this.now, untilAt: null, by: 'ann' },
      }),
    )
    const fleet = withTuned(this.file, this.state?.tuned ?? [])
    const { state, events } = tend(this.state, { fleet, now: this.now, orders, finding })
    this.state = state
    this.told.push(...events)
    expect(untranslated(events.filter((text) => !text.includes('it pays')))).toEqual([])
    return this
  }

  after(ms: number): this {
    this.now += ms
    return this
  }

  get values(): readonly number[] {
    return (this.state?.tuned ?? []).map(({ value }) => value)
  }
}

test('steps follow each other, each after the probation of the one before', () => {
  const story = new Story().happens(raised(40))
  expect(story.values).toEqual([42])
  expect(story.happens(raised(42)).values).toEqual([42])
  story.happens(cost(95)) // too early: nobody has asked for it
  expect(story.state!.probation).not.toBeNull()
  story.after(DAY).happens(cost(95))
  expect(story.state!.probation).toBeNull()
  expect(story.happens(raised(42)).values).toEqual([44])
  expect(story.state!.tuned).toEqual([{ key: KEY, file: 40, value: 44 }])
})

test('a step that is worse goes alone, and its direction waits twice as long each time', () => {
  const story = new Story().happens(raised(40)).after(DAY).happens(cost(95)).happens(raised(42))
  expect(story.after(DAY).happens(cost(120)).values).toEqual([42])
  expect(story.happens(raised(42)).values).toEqual([42])
  expect(story.told.at(-1)).toBe('api: it was taken back before, and is not tried again for 7d')
  expect(story.after(7 * DAY).happens(raised(42)).values).toEqual([44])
  story.after(DAY).happens(cost(120)).happens(raised(42))
  expect(story.told.at(-1)).toBe('api: it was taken back before, and is not tried again for 14d')
  expect(story.happens(null, 'apply').values).toEqual([44])
})

test('what was worse together is not tried alone, nor the other way round', () => {
  const [up, longer] = [
    { key: KEY, from: 40, to: 42 },
    { key: 'min', from: 4, to: 5 },
  ]
  for (const [first, second] of [
    [[up, longer], [longer]],
    [[longer], [up, longer]],
  ]) {
    const story = new Story()
    story.file = { ...FILE, min: 4 }
    story.happens(proposed(first!)).after(DAY).happens(cost(120)).happens(proposed(second!))
    expect(story.told.at(-1)).toBe('api: it was taken back before, and is not tried again for 7d')
    expect(story.values).toEqual([])
    expect(story.happens(proposed([{ key: 'min', from: 4, to: 3 }])).values).toEqual([3])
  }
})

test('of settings that the fleet has no more nothing is refused', () => {
  const story = new Story().happens(raised(40)).after(DAY).happens(cost(120))
  story.file = { ...FILE, min: 10, max: 20, policies: [aTarget('in-flight-per-server', 4)] }
  story.happens(proposed([{ key: 'min', from: 10, to: 11 }])).happens(null, 'revert')
  expect(story.state!.refused.map(({ direction }) => direction)).toEqual(['min up'])
})

test('a load that is another prolongs a probation, once', () => {
  const story = new Story().happens(raised(40)).after(DAY).happens(cost(300, 2e6))
  expect(story.told.at(-1)).toMatch(
    /-> 42\/s stays on probation for 1d more: the load was another than before/,
  )
  expect(story.happens(cost(300, 2e6)).state!.probation).toMatchObject({ untilAt: NOON + 2 * DAY })
  expect(story.after(DAY).happens(cost(300, 2e6)).state!.probation).toBeNull()
  expect(story.values).toEqual([42])
})

test('a step knows since when the settings before it held', () => {
  const story = new Story().happens(raised(40))
  expect(story.state!.probation).not.toHaveProperty('steadySinceAt')
  story.after(DAY).happens(cost(95)).after(DAY).happens(raised(42))
  expect(story.state!.probation).toMatchObject({ steadySinceAt: NOON })
})

test('bounds that a reload makes narrower hold for what is tuned, and for what was studied before', () => {
  const narrow = (most: number) => {
    const tuning = { ...FILE.tuning!, aims: { ...TUNING_AIMS, bounds: { least: 0.7, most } } }
    return { ...FILE, tuning }
  }
  const story = new Story().happens(raised(40))
  story.file = narrow(1.02)
  expect(story.happens(null).values).toEqual([])
  expect(story.told.at(-1)).toBe(
    `api: the file has another value of ${KEY}, or bounds that leave out what was tuned of it, so that this holds no more`,
  )
  expect(story.happens(raised(40), 'resume').values).toEqual([])
  expect(story.told.at(-1)).toMatch(/its settings or bounds are others/)
})

test('what is held is only proposed, until it is resumed; an operator may apply it all the same', () => {
  const story = new Story().happens(null, 'hold').happens(raised(40))
  expect(story.values).toEqual([])
  expect(story.happens(null, 'apply').values).toEqual([42])
  expect(story.happens(null, 'revert', 'resume').values).toEqual([])
  expect(story.happens(raised(40)).values).toEqual([42])
})

test('what was studied of other settings is not applied, and what there is not is told', () => {
  const story = new Story().happens(raised(41))
  expect(story.values).toEqual([])
  expect(story.told.at(-1)).toBe('api: its settings or bounds are others than those that were studied')
  story.happens(null, 'apply', 'revert')
  expect(story.told.slice(-2)).toEqual([
    'api: nothing is proposed that could be applied; `tidegate advise tuning api` replays its days now',
    'api: nothing is tuned that could be taken back; the settings of the file hold',
  ])
})

test('a file that has the fleet tuned no more ends it', () => {
  const story = new Story().happens(raised(40))
  const { tuning: _tuning, ...untuned } = FILE
  story.file = untuned
  expect(story.happens(null).state).toBeNull()
  expect(story.told.at(-1)).toBe('api: the file has it tuned no more, and its own settings hold again')
})
