import { nextPast } from '../../controller/past.ts'
import type { Calendar } from '../../core/calendar.ts'
import type { Checkpoint, Recording } from '../../core/recording.ts'
import type { Decision } from '../../core/scaling.ts'
import type { DecisionRecord, TickRecord } from '../../core/store.ts'
import type { Millis } from '../../core/time.ts'
import { decide } from '../../scaling/decide.ts'
import { lookedBackOn } from '../../scaling/past.ts'
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
export function* replay({ fleet, policies }: Deciding, record: Record): Generator<Replayed> {
  const { recording, from, toAt } = record
  const metrics = lookedBackOn(policies, fleet.guards)
  const views = new Views(fleet, { ...record, metrics, intents: recording.intents(fleet.name) })
  const written = new Written(recording.decisions(fleet.name, from.at - WHOLE_WITHIN_MS, toAt))
  let { past } = from.memory
  for (const tick of recording.ticks(fleet.name, from, toAt)) {
    const view = views.of(tick, past)
    const now = decide(view, policies)
    past = nextPast(view, now, policies, {})
    yield { tick, recorded: written.at(tick), now }
  }
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
