import type { Window } from '../../src/core/calendar.ts'
import type { Forecast, Foretold } from '../../src/core/forecast.ts'
import type { MetricName, Reading, Sample } from '../../src/core/metrics.ts'
import type {
  CalendarEvent,
  CalendarPolicySpec,
  FleetSpec,
  GuardSpec,
  SchedulePolicySpec,
  SourceText,
  StepChange,
} from '../../src/core/policy.ts'
import type { Change, ServerState, ServerView, View } from '../../src/core/scaling.ts'
import type { Millis } from '../../src/core/time.ts'
import { parseDuration } from '../../src/core/units.ts'

export type Values = Readonly<Record<MetricName, number>>

/** Some instant that is not near zero, so that a lost offset shows. */
export const NOON: Millis = 1_800_000_000_000

/** A forecast from which nothing was learned. */
export function foretold(forecast: Forecast): NonNullable<Foretold> {
  return { forecast, experience: { from: 0, now: 0, period: { at: 0, steps: null }, fits: [], trials: [] } }
}

/** A fleet named `api`, 1 to 10 servers, no policies and no guards that slow it down. */
export function aFleet(
  over: Partial<Omit<FleetSpec, 'guards'>> & { guards?: Partial<GuardSpec> } = {},
): FleetSpec {
  return {
    name: 'api',
    driver: 'local',
    config: {},
    template: {},
    revision: 'r1',
    min: 1,
    max: 10,
    pools: ['api'],
    weight: 100,
    startupMs: 60_000,
    usualStartupMs: null,
    capacityRps: null,
    drainMs: 30_000,
    reserve: 0,
    replace: { surge: 1, unhealthyMs: 300_000 },
    metrics: {},
    policies: [],
    ...over,
    guards: {
      outPatienceMs: 0,
      inPatienceMs: 0,
      outCooldownMs: 0,
      inCooldownMs: 0,
      outPace: [],
      inPace: [],
      flapBudget: null,
      effect: null,
      freshMs: 10_000,
      ...over.guards,
    },
  }
}

export function aServer(id: string, over: Partial<ServerView> = {}): ServerView {
  return {
    id,
    token: `test.api.${id}`,
    address: '127.0.0.1:20000',
    revision: 'r1',
    launchedAt: NOON - 600_000,
    phase: 'running',
    state: 'serving',
    members: {},
    inFlight: 0,
    connections: 0,
    drainingSince: null,
    ordered: null,
    ...over,
  }
}

/** Readings taken at `at`, all good. */
export function readingsOf(values: Values, at: Millis): View['readings'] {
  const read = (value: number): Reading => ({ ok: true, sample: { value, at } })
  return Object.fromEntries(Object.entries(values).map(([metric, value]) => [metric, read(value)]))
}

export interface ViewOver extends Partial<View> {
  /** How many servers serve and how many are starting; `servers` and `have` follow. */
  readonly serving?: number
  readonly starting?: number
  /** Good readings of now. */
  readonly metrics?: Values
}

/** A view of a quiet fleet with one serving server, at NOON. */
export function aView(over: ViewOver = {}): View {
  const { serving = 1, starting = 0, metrics = {}, ...rest } = over
  const now = rest.now ?? NOON
  const some = (count: number, state: ServerState) =>
    Array.from({ length: count }, (_, index) => aServer(`${state}-${index + 1}`, { state }))
  return {
    fleet: aFleet(),
    now,
    servers: [...some(serving, 'serving'), ...some(starting, 'starting')],
    have: serving + starting,
    lost: [],
    missing: 0,
    trouble: null,
    room: Number.POSITIVE_INFINITY,
    resumable: [],
    readings: readingsOf(metrics, now),
    past: { samples: {}, wants: [] },
    outlooks: {},
    capacityRps: null,
    calendar: [],
    changes: [],
    backoff: null,
    verdicts: [],
    intents: [],
    orders: [],
    cost: null,
    clockHoldUntilAt: 0,
    blind: [],
    ...rest,
  }
}

/** One sample every `everyMs` from `fromAt` to before `toAt`. */
export function samples(value: number, fromAt: Millis, toAt: Millis, everyMs: Millis = 1_000): Sample[] {
  const count = Math.max(0, Math.ceil((toAt - fromAt) / everyMs))
  return Array.from({ length: count }, (_, index) => ({ value, at: fromAt + index * everyMs }))
}

export function aChange(from: number, to: number, at: Millis, by = 'policy:other'): Change {
  return { at, from, to, by }
}

export function sourceText(text: string): SourceText {
  return { text, file: 'tidegate.yaml', line: 1, column: 1 }
}

export function aTarget(metric: MetricName, value: number, name = `target-${metric}`) {
  return { type: 'target' as const, name, metric, value }
}

/** A share of what a server can carry. */
export function ofCapacity(metric: MetricName, value: number) {
  return { ...aTarget(metric, value), ofCapacity: true as const }
}

export function aStep(when: string, forMs: Millis, change: StepChange, name = 'step') {
  return { type: 'step' as const, name, when: sourceText(when), forMs, change }
}

/** Daily from `cron` to `until` in UTC; NOON is 8 o'clock of a Friday there. */
export function aSchedule(
  cron: string,
  until: string,
  bounds: { readonly min?: number; readonly max?: number },
  name = 'schedule',
): SchedulePolicySpec {
  const schedule = { cron, end: { until }, timezone: 'UTC' }
  return { type: 'schedule', name, schedule, min: bounds.min ?? null, max: bounds.max ?? null }
}

export function aCalendar(events: readonly CalendarEvent[], leadMs: Millis = 0): CalendarPolicySpec {
  return { type: 'calendar', name: 'calendar', leadMs, timezone: 'UTC', events }
}

/** `from` and `to` after NOON. */
export function anEvent(name: string, from: string, to: string, over: Partial<CalendarEvent>): CalendarEvent {
  const [startAt, endAt] = [NOON + parseDuration(from)!, NOON + parseDuration(to)!]
  return { name, startAt, endAt, multiplier: null, min: null, ...over }
}

/** A schedule's window that has been open for a minute and stays so for another. */
export function aWindow(over: Partial<Window> = {}): Window {
  const [startAt, endAt] = [NOON - 60_000, NOON + 60_000]
  return {
    policy: 'night',
    event: null,
    timezone: 'UTC',
    startAt,
    endAt,
    min: null,
    max: null,
    multiplier: null,
    ...over,
  }
}
