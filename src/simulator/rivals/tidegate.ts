import type { Experience, Outlook } from '../../core/forecast.ts'
import type { MetricName, Reading, Sample } from '../../core/metrics.ts'
import type { FleetSpec } from '../../core/policy.ts'
import type { Change, Decision, Past, ScalingPolicy, ServerView, View } from '../../core/scaling.ts'
import type { IntentRecord } from '../../core/step.ts'
import type { Millis } from '../../core/time.ts'
import { askedBy, decide } from '../../scaling/decide.ts'
import { forecastOf } from '../../scaling/forecast/forecast.ts'
import { LOAD_STEP_MS, outlookOf } from '../../scaling/forecast/outlook.ts'
import { Teacher } from '../../scaling/forecast/teacher.ts'
import { told } from '../../scaling/forecast/told.ts'
import { wholeLoadOf } from '../../scaling/forecast/whole.ts'
import { STAKES, type Stakes } from '../../scaling/forecast/worth.ts'
import { lookBackMs } from '../../scaling/past.ts'
import type { Metric } from '../fluid/meter.ts'
import { LoadLog } from './load-log.ts'
import { inLimits, type Policy, type Rival, type Scene } from './rival.ts'
import { Starts } from './starts.ts'

/** Changes that guards look back on: `flap-budget.per` reaches six hours at most. */
const CHANGES_MS: Millis = 6 * 3_600_000
/** What a controller takes its means over. */
const WINDOW_MS: Millis = 5_000
/** An outlook is renewed when it is this old. */
const RENEW_MS: Millis = 60_000
/** Some instant that is not near zero, as those of real controllers. */
const START_AT: Millis = Date.UTC(2026, 0, 1)

/** A fleet as a configuration has it, and its policies compiled. */
export interface Deciding {
  readonly fleet: FleetSpec
  readonly policies: readonly ScalingPolicy[]
}

/** Tidegate itself: the `decide` that a controller runs, with the policies and guards of a fleet, over a view of the simulated world. `target`
 *  null = the fleet's policies have their own. */
export function tidegate(
  deciding: (target: number) => Deciding,
  target: number | null = 0.6,
  stakes: Stakes = STAKES,
): Rival {
  return {
    name: 'tidegate',
    source: 'src/scaling/decide.ts',
    target,
    everyMs: 1_000,
    create: (target) => policyOf(deciding(target), stakes),
  }
}

function policyOf({ fleet, policies }: Deciding, stakes: Stakes): Policy {
  const servers = new ServerViews()
  const memory = new Memory(policies, lookBackMs(policies, fleet.guards))
  const lookout = new Lookout(fleet, policies, stakes)
  let changes: readonly Change[] = []
  let intents: readonly IntentRecord[] = []
  let serving = 0
  return (scene) => {
    const now = START_AT + scene.now
    if (scene.serving > serving) intents = [confirmed(fleet, now)]
    serving = scene.serving
    const readings = readingsOf(scene, now)
    lookout.look(scene, readings, now)
    const view: View = {
      ...QUIET,
      fleet: { ...fleet, min: scene.min, max: scene.max },
      now,
      servers: servers.of(scene.serving, scene.have - scene.serving),
      have: scene.have,
      readings,
      past: memory.past,
      outlooks: lookout.at(now),
      capacityRps: fleet.capacityRps ?? scene.server.capacity,
      changes,
      intents,
    }
    const decision = decide(view, policies)
    memory.add(view, decision)
    lookout.decided(inLimits(decision.want, scene), now)
    changes = changed(changes, decision, now)
    return { want: decision.want, why: decision.because.map(({ by, says }) => `${by}: ${says}`).join('; ') }
  }
}

/** What no simulated fleet has: windows, orders, failures, blindness. */
const QUIET = {
  lost: [],
  missing: 0,
  trouble: null,
  room: Number.POSITIVE_INFINITY,
  resumable: [],
  calendar: [],
  backoff: null,
  verdicts: [],
  orders: [],
  cost: null,
  clockHoldUntilAt: 0,
  blind: [],
} as const

/** By the guard `effect`, servers are judged from the time on that they joined. */
function confirmed({ name }: FleetSpec, at: Millis): IntentRecord {
  const step = { kind: 'confirm', ids: [] } as const
  const closed = { at, outcome: 'landed', detail: '' } as const
  return { token: `simulated.${name}.${at}`, fleet: name, step, at, have: 0, want: 0, by: 'none', closed }
}

/** Of our own gateway: the newest that is told. */
function readingsOf({ meter, serving }: Scene, now: Millis): View['readings'] {
  const at = now - (meter.ageMs ?? 0)
  const read = (value: number | null): Reading =>
    value === null ? { ok: false, at: now, why: 'no-data' } : { ok: true, sample: { value, at } }
  const mean = (metric: Metric) => meter.mean(metric, Math.max(meter.periodMs, WINDOW_MS))
  const perServer = (value: number | null) => (value === null || serving === 0 ? null : value / serving)
  return {
    cpu: read(mean('cpu')),
    rps: read(mean('rps')),
    'rps-per-server': read(perServer(mean('rps'))),
    'in-flight': read(mean('inFlight')),
    'in-flight-per-server': read(perServer(mean('inFlight'))),
    throughput: read(mean('served')),
  }
}

/** What `view.past` looks back on. Its rings are the same arrays in every tick: nothing keeps a view. */
class Memory {
  readonly #backMs: Millis
  readonly #samples: Record<string, Sample[]>
  readonly #wants: { at: Millis; want: number }[] = []
  #ineffective: Past['ineffective']

  /** Of what policies read, and of the load that the guard `effect` compares it with. */
  constructor(policies: readonly ScalingPolicy[], backMs: Millis) {
    const metrics = new Set([...policies.flatMap((policy) => policy.metrics), 'rps', 'throughput'])
    this.#backMs = backMs
    this.#samples = Object.fromEntries([...metrics].map((metric) => [metric, []]))
  }

  get past(): Past {
    const ineffective = this.#ineffective
    return { samples: this.#samples, wants: this.#wants, ...(ineffective && { ineffective }) }
  }

  add({ readings, now }: View, { raw, ineffective }: Decision): void {
    const after = now - this.#backMs
    for (const [metric, ring] of Object.entries(this.#samples)) {
      const reading = readings[metric]
      if (reading?.ok) pushed(ring, reading.sample, after)
    }
    if (raw !== null) pushed(this.#wants, { at: now, want: raw }, after)
    this.#ineffective = ineffective
  }
}

/** What a controller's own lookout would tell, from a history that is always there. */
class Lookout {
  readonly #fleet: FleetSpec
  readonly #starts = new Starts()
  readonly #logs: ReadonlyMap<MetricName, { readonly log: LoadLog; readonly teacher: Teacher }>
  readonly #forecasts: ReadonlySet<MetricName | undefined>
  readonly #experience = new Map<MetricName, Experience>()
  #outlooks: Readonly<Record<MetricName, Outlook>> = {}
  #madeAt = Number.NEGATIVE_INFINITY

  constructor(fleet: FleetSpec, policies: readonly ScalingPolicy[], stakes: Stakes) {
    const metrics = policies.flatMap(({ looksAhead }) => (looksAhead === undefined ? [] : [looksAhead]))
    this.#fleet = fleet
    this.#forecasts = new Set(
      policies.filter(({ forecasts }) => forecasts).map(({ looksAhead }) => looksAhead),
    )
    this.#logs = new Map(
      metrics.map((metric) => [metric, { log: new LoadLog(START_AT), teacher: new Teacher(stakes) }]),
    )
  }

  look({ serving, have }: Scene, readings: View['readings'], now: Millis): void {
    this.#starts.look(serving, have, now)
    for (const [metric, { log }] of this.#logs) {
      const whole = wholeLoadOf(metric, this.#fleet.metrics)
      const reading = readings[whole.metric]
      if (reading?.ok) log.add(now, reading.sample.value * (whole.timesServing ? serving : 1))
    }
  }

  decided(want: number, now: Millis): void {
    this.#starts.decide(want, now)
  }

  at(now: Millis): View['outlooks'] {
    if (now - this.#madeAt < RENEW_MS) return this.#outlooks
    const { usualStartupMs, startupMs, guards } = this.#fleet
    const aheadMs = (usualStartupMs ?? this.#starts.longestMs(startupMs)) + guards.outPatienceMs
    const made = [...this.#logs].map(([metric, { log, teacher }]) => {
      const { series } = log
      if (teacher.isDue(now)) teacher.teach(series, now, aheadMs)
      const outlook = outlookOf(series, now, aheadMs, teacher.lesson)
      return [metric, { ...outlook, forecast: this.#forecast(metric, log, now, aheadMs) }]
    })
    this.#outlooks = Object.fromEntries(made)
    this.#madeAt = now
    return this.#outlooks
  }

  /** Made inline, once a step of the load is over. */
  #forecast(metric: MetricName, log: LoadLog, now: Millis, aheadMs: Millis): Outlook['forecast'] {
    const before = this.#outlooks[metric]?.forecast ?? { why: 'nothing is forecast yet' }
    const isOld = Math.floor(this.#madeAt / LOAD_STEP_MS) < Math.floor(now / LOAD_STEP_MS)
    if (!this.#forecasts.has(metric) || !isOld) return before
    const made = forecastOf(log.series, { now, aheadMs }, this.#experience.get(metric) ?? null)
    const forecast = told(made, now)
    if (made !== null && !('why' in forecast)) this.#experience.set(metric, made.experience)
    return forecast
  }
}

function pushed<Entry extends { readonly at: Millis }>(ring: Entry[], entry: Entry, after: Millis): void {
  while (ring.length > 0 && ring[0]!.at < after) ring.shift()
  ring.push(entry)
}

function changed(changes: readonly Change[], decision: Decision, now: Millis): readonly Change[] {
  const { have, want } = decision
  if (want === have) return changes
  const kept = changes.filter(({ at }) => at > now - CHANGES_MS)
  return [...kept, { at: now, from: have, to: want, by: askedBy(decision) }]
}

/** Servers differ in nothing but their state, so the same ones are shown again. */
class ServerViews {
  readonly #serving: ServerView[] = []
  readonly #starting: ServerView[] = []

  of(serving: number, starting: number): readonly ServerView[] {
    grow(this.#serving, serving, 'serving')
    grow(this.#starting, starting, 'starting')
    return [...this.#serving.slice(0, serving), ...this.#starting.slice(0, starting)]
  }
}

function grow(views: ServerView[], count: number, state: 'serving' | 'starting'): void {
  while (views.length < count)
    views.push({
      id: `${state}-${views.length + 1}`,
      token: `simulated.${state}.${views.length + 1}`,
      address: null,
      revision: '',
      launchedAt: START_AT,
      phase: 'running',
      state,
      members: {},
      inFlight: null,
      connections: null,
      drainingSince: null,
      ordered: null,
    })
}
