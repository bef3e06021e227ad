import { nextPast } from '../../controller/past.ts'
import type { Calendar } from '../../core/calendar.ts'
import { canonical, type Json } from '../../core/canonical.ts'
import type { Checkpoint, Recording } from '../../core/recording.ts'
import type { Decision } from '../../core/scaling.ts'
import type { DecisionRecord, TickRecord } from '../../core/store.ts'
import type { Millis } from '../../core/time.ts'
import type { Tuned } from '../../core/tuning-spec.ts'
import { decide } from '../../scaling/decide.ts'
import { lookedBackOn } from '../../scaling/past.ts'
import { policiesOf } from '../../scaling/policies/compile.ts'
import { withTuned } from '../../scaling/tuning/overlay.ts'
import type { Deciding } from '../rivals/tidegate.ts'
import { type Besides, Views } from './views.ts'

/** A recorded tick, and what is decided of it now. */
export interface Replayed {
  readonly tick: TickRecord
  /** What the journal holds whole of then; null = that is no longer kept. */
  readonly recorded: Decision | null
  readonly now: Decision
}

export interface Record {
  readonly recording: Recording
  /** Begins after it. */
  readonly from: Checkpoint
  readonly toAt: Millis
  readonly calendar: Calendar
  readonly besides: Besides
}

/** A decision is written whole at least once a minute; it must be found although a tick was late. */
const WHOLE_WITHIN_MS: Millis = 120_000

/** Recorded ticks through the decision of a controller, with the policies and guards that a fleet has now. The world is that of then: its
 *  servers and its load do not follow what is decided now, only what is looked back on does. */
export function* replay(deciding: Deciding, record: Record): Generator<Replayed> {
  const { recording, from, toAt } = record
  const { fleet } = deciding
  const metrics = lookedBackOn(deciding.policies, fleet.guards)
  const views = new Views(fleet, { ...record, metrics, intents: recording.intents(fleet.name) })
  const written = new Written(recording.decisions(fleet.name, from.at - WHOLE_WITHIN_MS, toAt))
  let { past } = from.memory
  let tuned = deciding
  for (const tick of recording.ticks(fleet.name, from, toAt)) {
    tuned = tunedAs(tuned, deciding, tick.seen?.tuned ?? [])
    const { policies } = tuned
    const view = views.of(tick, past, tuned.fleet)
    const now = decide(view, policies)
    past = nextPast(view, now, policies, {})
    yield { tick, recorded: written.at(tick), now }
  }
}

/** As the fleet of now would have been tuned then: by what the last tick was, or anew. */
function tunedAs(last: Deciding, deciding: Deciding, tuned: readonly Tuned[]): Deciding {
  const fleet = withTuned(deciding.fleet, tuned)
  if (fleet === deciding.fleet) return deciding
  if (textOf(last.fleet.tuned) === textOf(fleet.tuned)) return last
  return { fleet, policies: policiesOf(fleet) }
}

function textOf(tuned: readonly Tuned[] = []): string {
  return canonical(tuned as unknown as Json)
}

/** The decisions of then, in step with the ticks. */
class Written {
  readonly #records: Iterator<DecisionRecord>
  #last: DecisionRecord | null = null
  #next: DecisionRecord | null

  constructor(records: Iterable<DecisionRecord>) {
    this.#records = records[Symbol.iterator]()
    this.#next = this.#read()
  }

  /** It stays what it was until another is written. */
  at({ at, have, want }: TickRecord): Decision | null {
    while (this.#next !== null && this.#next.at <= at) {
      this.#last = this.#next
      this.#next = this.#read()
    }
    const decision = this.#last?.decision
    return decision?.have === have && decision.want === want ? decision : null
  }

  #read(): DecisionRecord | null {
    const { value, done } = this.#records.next()
    return done ? null : value
  }
}
