import { changesOf } from '../../controller/verify.ts'
import type { Calendar } from '../../core/calendar.ts'
import type { MetricName, Reading } from '../../core/metrics.ts'
import type { FleetSpec } from '../../core/policy.ts'
import type { Change, Past, ServerState, ServerView, View } from '../../core/scaling.ts'
import type { IntentRecord } from '../../core/step.ts'
import type { TickRecord } from '../../core/store.ts'
import type { Millis } from '../../core/time.ts'
import { windowsOf } from '../../core/windows.ts'

/** What somebody else knows of a metric at an instant; null = nothing. */
export type Besides = (metric: MetricName, at: Millis) => Reading | null

/** A loop looks back on no more (controller/state.ts). */
const MOST_INTENTS = 1_000

/** Makes views of recorded ticks, as a fleet of now would see them. */
export class Views {
  readonly #fleet: FleetSpec
  readonly #metrics: readonly MetricName[]
  readonly #calendar: Calendar
  readonly #besides: Besides
  readonly #intents: Intents

  /** `metrics`: those that are asked for elsewhere where a tick has none. */
  constructor(
    fleet: FleetSpec,
    about: {
      readonly metrics: Iterable<MetricName>
      readonly calendar: Calendar
      readonly besides: Besides
      readonly intents: readonly IntentRecord[]
    },
  ) {
    this.#fleet = fleet
    this.#metrics = [...about.metrics]
    this.#calendar = about.calendar
    this.#besides = about.besides
    this.#intents = new Intents(about.intents)
  }

  /** `fleet`: with what was tuned then. */
  of(
    { at, have, outlooks = {}, readings, seen = {}, servers }: TickRecord,
    past: Past,
    fleet: FleetSpec = this.#fleet,
  ): View {
    return {
      fleet,
      now: at,
      servers: servers.map(({ id, state, inFlight }) => serverOf(id, state as ServerState, inFlight)),
      have,
      trouble: null,
      lost: seen.lost ?? [],
      missing: seen.missing ?? seen.lost?.length ?? 0,
      room: Math.max(0, fleet.max - (seen.taken ?? have)),
      resumable: seen.resumable ?? [],
      readings: this.#completed(readings, at),
      past,
      outlooks,
      capacityRps: fleet.capacityRps ?? seen.capacityRps ?? null,
      calendar: windowsOf(fleet.policies, this.#calendar, at),
      ...this.#intents.before(at),
      backoff: seen.backoff ?? null,
      verdicts: [],
      orders: seen.orders ?? [],
      cost: seen.cost ?? null,
      clockHoldUntilAt: seen.clockHoldUntilAt ?? 0,
      blind: seen.blind ?? [],
    }
  }

  #completed(readings: View['readings'], at: Millis): View['readings'] {
    const missing = this.#metrics.flatMap((metric) => {
      const reading = Object.hasOwn(readings, metric) ? null : this.#besides(metric, at)
      return reading === null ? [] : [[metric, reading] as const]
    })
    return missing.length === 0 ? readings : { ...Object.fromEntries(missing), ...readings }
  }
}

/** Decisions look at nothing else of a server. */
function serverOf(id: string, state: ServerState, inFlight: number | null): ServerView {
  return {
    id,
    token: '',
    address: null,
    revision: '',
    launchedAt: 0,
    phase: 'running',
    state,
    members: {},
    inFlight,
    connections: null,
    drainingSince: null,
    ordered: null,
  }
}

type Known = { readonly intents: readonly IntentRecord[]; readonly changes: readonly Change[] }

/** What a tick knew of steps: those written down before it, closed as far as that had happened. */
class Intents {
  readonly #all: readonly IntentRecord[]
  /** When something of them changed; oldest first. */
  readonly #instants: readonly Millis[]
  #answer: Known & { readonly after: Millis; readonly upTo: Millis } = {
    intents: [],
    changes: [],
    after: Number.NaN,
    upTo: Number.NaN,
  }

  constructor(intents: readonly IntentRecord[]) {
    this.#all = intents
    const instants = intents.flatMap(({ at, closed }) => (closed === null ? [at] : [at, closed.at]))
    this.#instants = [...new Set(instants)].sort((a, b) => a - b)
  }

  before(now: Millis): Known {
    const { after, upTo } = this.#answer
    if (!(now > after && now <= upTo)) this.#answer = this.#at(now)
    const { intents, changes } = this.#answer
    return { intents, changes }
  }

  #at(now: Millis) {
    const intents = this.#all
      .filter(({ at }) => at < now)
      .slice(-MOST_INTENTS)
      .map((intent) =>
        intent.closed !== null && intent.closed.at >= now ? { ...intent, closed: null } : intent,
      )
    return {
      intents,
      changes: changesOf(intents),
      after: this.#instants.findLast((at) => at < now) ?? Number.NEGATIVE_INFINITY,
      upTo: this.#instants.find((at) => at >= now) ?? Number.POSITIVE_INFINITY,
    }
  }
}
