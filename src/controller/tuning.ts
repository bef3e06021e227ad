import type { Schedule } from '../core/calendar.ts'
import { Fault } from '../core/fault.ts'
import { perObject } from '../core/per-object.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { Memory } from '../core/store.ts'
import type { Millis } from '../core/time.ts'
import type { MeasuredPeriod, Probation, TuningState, TuningStatus } from '../core/tuning.ts'
import type { TuningSpec } from '../core/tuning-spec.ts'
import { formatDuration } from '../core/units.ts'
import { policiesOf } from '../scaling/policies/compile.ts'
import { type Tended, type TuningFinding, tend, tunedLines, UNTUNED } from '../scaling/tuning/course.ts'
import { withTuned } from '../scaling/tuning/overlay.ts'
import { type Learner, readCapacity } from './learner.ts'
import type { FleetPorts, FleetSettings } from './ports.ts'
import { startupIn } from './startup.ts'
import { measuredAround } from './tuning-measured.ts'
import { tuningQuestion } from './tuning-question.ts'
import type { FleetView } from './view.ts'
import { within } from './within.ts'

/** A history that takes longer does not answer. */
const READ_MS: Millis = 60_000
/** After a failure; a study that is missed by so much comes with the next window. */
const AGAIN_AFTER_MS: Millis = 600_000
/** A history that fails for so long after a probation has nothing to say of it. */
const GIVEN_UP_MS: Millis = 86_400_000
const UNKNOWN: MeasuredPeriod = {
  known: 0,
  requests: 0,
  serverHours: 0,
  p95Ms: null,
  errors: null,
  crowded: null,
}

type Ports = Pick<FleetPorts, 'history' | 'turns' | 'tuner' | 'calendar' | 'log' | 'clock'>

/** What a fleet's loop knows. */
interface Looking {
  /** In force. */
  readonly settings: FleetSettings
  readonly memory: Memory
  readonly learner: Pick<Learner, 'capacity'>
}

interface When {
  readonly now: Millis
  readonly signal: AbortSignal
}

/** What a fleet's tuning does outside its ticks: studies, and what was measured of a step on probation. No tick waits for either; what is
 *  found is for the next one. Owned by the loop. */
export class FleetTuning {
  #finding: TuningFinding | null = null
  #busy = false
  #notBefore = Number.NEGATIVE_INFINITY
  #trouble: { readonly onProbation: boolean; readonly says: string } | null = null
  #broken: { readonly error: unknown } | null = null
  #inForce: {
    readonly of: FleetSettings
    readonly tuned: TuningState['tuned']
    readonly settings: FleetSettings
  } | null = null

  /** The settings with what is tuned in place. */
  inForce(of: FleetSettings, { tuning }: Pick<Memory, 'tuning'>): FleetSettings {
    const tuned = tuning?.tuned ?? []
    if (tuned.length === 0) return of
    if (this.#inForce?.of !== of || this.#inForce.tuned !== tuned)
      this.#inForce = { of, tuned, settings: settingsWith(of, tuned) }
    return this.#inForce.settings
  }

  /** Begins what is due. Throws what broke and was no Fault: the controller must not go on. */
  look(looking: Looking, ports: Ports, when: When): void {
    if (this.#broken) throw this.#broken.error
    const { settings, memory } = looking
    const { tuning } = settings.fleet
    const { probation, ...state } = memory.tuning ?? UNTUNED
    // A step that has been taken back by order is not judged any more.
    if (this.#trouble?.onProbation !== (probation !== null)) this.#trouble = null
    if (tuning === undefined || this.#busy || this.#finding !== null || when.now < this.#notBefore) return
    if (probation !== null) {
      if (when.now >= probation.untilAt)
        this.#begin(
          {
            failing: 'its last step could not be judged',
            find: () => measuredOf(looking, probation, ports, when),
          },
          looking,
          ports,
          when,
        )
    } else if (isDue(tuning, state, ports, when.now) && ports.turns.take('tuning', when.now))
      this.#begin(
        { failing: 'its settings could not be studied', find: () => studyOf(looking, tuning, ports, when) },
        looking,
        ports,
        when,
      )
  }

  /** What was found since; only once. */
  take(): TuningFinding | null {
    const finding = this.#finding
    this.#finding = null
    return finding
  }

  /** Why what was begun last came to nothing; null = it did not. */
  get trouble(): string | null {
    return this.#trouble?.says ?? null
  }

  #begin(
    { failing, find }: { readonly failing: string; readonly find: () => Promise<TuningFinding> },
    { settings: { fleet }, memory }: Looking,
    { log }: Ports,
    { now, signal }: When,
  ): void {
    this.#busy = true
    find()
      .then(
        (finding) => {
          this.#finding = finding
          this.#trouble = null
        },
        (error: unknown) => {
          if (signal.aborted) return
          this.#notBefore = now + AGAIN_AFTER_MS
          if (!(error instanceof Fault)) this.#broken = { error }
          else {
            const says = `${failing}: ${error.message}; it is tried again after ${formatDuration(AGAIN_AFTER_MS)}`
            this.#trouble = { onProbation: (memory.tuning?.probation ?? null) !== null, says }
            log.error(`${fleet.name}: ${says}`, { fleet: fleet.name, code: error.code })
          }
        },
      )
      .finally(() => void (this.#busy = false))
  }
}

async function measuredOf(
  { settings: { fleet }, learner }: Looking,
  probation: Probation,
  { history, clock }: Ports,
  { now, signal }: When,
): Promise<TuningFinding> {
  const read = async () => {
    const capacity = learner.capacity ?? (await readCapacity(fleet.name, history, now))
    return await measuredAround(fleet, { probation, capacity }, history)
  }
  try {
    return { kind: 'measured', measured: await within(clock, READ_MS, read, signal) }
  } catch (error) {
    if (!(error instanceof Fault) || now < probation.untilAt + GIVEN_UP_MS) throw error
    return { kind: 'measured', measured: { before: UNKNOWN, after: UNKNOWN } }
  }
}

async function studyOf(
  { settings: { fleet }, memory, learner }: Looking,
  { aims }: TuningSpec,
  { history, tuner, clock }: Ports,
  { now, signal }: When,
): Promise<TuningFinding> {
  const read = async () => {
    const capacity = learner.capacity ?? (await readCapacity(fleet.name, history, now))
    const startup = startupIn(memory.starts ?? [])
    return await tuningQuestion(fleet, { aims, capacity, startup }, history, now)
  }
  const question = await within(clock, READ_MS, read, signal)
  // One that fails waits for the next night, and is told like one that found nothing.
  const study = await tuner.study(question, signal).catch((error: unknown) => {
    if (error instanceof Fault && !signal.aborted) return { proposal: null, says: error.message }
    throw error
  })
  return { kind: 'study', study }
}

function settingsWith(settings: FleetSettings, tuned: TuningState['tuned']): FleetSettings {
  const inPlace = (of: FleetSpec) => {
    const fleet = withTuned(of, tuned)
    return { fleet, policies: policiesOf(fleet) }
  }
  const { fleet, shadow } = settings
  // A reload of what is in shadow would keep what is tuned, too.
  return { ...settings, ...inPlace(fleet), shadow: shadow && { ...shadow, ...inPlace(shadow.fleet) } }
}

function isDue(
  { schedule }: TuningSpec,
  { studied }: Pick<TuningState, 'studied'>,
  { calendar }: Pick<Ports, 'calendar'>,
  now: Millis,
): boolean {
  const [open] = calendar.windows(schedule, now)
  return open !== undefined && open.startAt <= now && (studied?.at ?? 0) < open.startAt
}

/** What a tick makes of orders and of what was found. A blind one leaves both for the next. */
export function tendTuning(
  view: FleetView,
  tuning: FleetTuning,
): {
  readonly memory: Pick<Memory, 'tuning'>
  readonly events: Tended['events']
  readonly doneOrders: readonly number[]
} {
  const before = view.measured.memory.tuning ?? null
  const { fleet, now, blind } = view
  if (blind.length > 0)
    return { memory: before === null ? {} : { tuning: before }, events: [], doneOrders: [] }
  const orders = view.orders.filter(({ kind }) => kind === 'tuning')
  const { state, events } = tend(before, { fleet, now, orders, finding: tuning.take() })
  const isNothing = state === null || (before === null && state === UNTUNED)
  return { memory: isNothing ? {} : { tuning: state }, events, doneOrders: orders.map(({ id }) => id) }
}

/** Each time of a schedule by itself: while a window is open, none of the runs in it has one of its own. */
const runsOf = perObject((schedule: Schedule): Schedule => ({ ...schedule, end: { afterMs: 1 } }))

/** For people; null = the fleet is not to be tuned. */
export function tuningStatus(
  fleet: FleetSpec,
  { state = UNTUNED, trouble }: { readonly state: TuningState | undefined; readonly trouble: string | null },
  { calendar, clock }: Pick<FleetPorts, 'calendar' | 'clock'>,
): TuningStatus | null {
  const { tuning } = fleet
  if (tuning === undefined) return null
  const now = clock.now()
  const next = calendar.windows(runsOf(tuning.schedule), now).find(({ startAt }) => startAt > now)
  return { apply: tuning.apply, ...state, says: tunedLines(fleet), nextAt: next?.startAt ?? null, trouble }
}
