import type { Clock, Millis } from '../../../core/time.ts'
import type { CallCloud } from '../client/client.ts'
import type { Fields } from '../client/fields.ts'

/** Events are planned hours before, or strike at once. */
const FRESH_MS = 60_000
const PAGE = 100
/** The events are those of the whole region, whoever has the instances. */
const MOST_PAGES = 100
/** What has come, or is to come. */
const OPEN = ['Scheduled', 'Executing', 'Inquiring']
/** The cloud mends, moves, restarts or deletes the instance. */
const DISTURBS = /^System(Maintenance|Failure)\./

interface Means {
  readonly call: CallCloud
  readonly region: string
  readonly clock: Clock
}

/** Which instances of the region the cloud has given notice of that it will disturb them, as last read. */
export class Notices {
  readonly #means: Means
  #known: ReadonlyMap<string, string> = new Map()
  #readAt: Millis = Number.NEGATIVE_INFINITY

  constructor(means: Means) {
    this.#means = means
  }

  /** The name of the event; null = none is known. */
  of(id: string): string | null {
    return this.#known.get(id) ?? null
  }

  /** Reads them when they are old. What cannot be read stays as it was. */
  async refresh(signal: AbortSignal): Promise<void> {
    const { call, region, clock } = this.#means
    if (clock.now() - this.#readAt < FRESH_MS) return
    this.#readAt = clock.now()
    const events: (readonly [string, string])[] = []
    let token: string | undefined
    for (let page = 0; page < MOST_PAGES; page++) {
      const outcome = await call(
        {
          product: 'ecs',
          action: 'DescribeInstanceHistoryEvents',
          query: {
            RegionId: region,
            InstanceEventCycleStatus: OPEN,
            MaxResults: PAGE,
            NextToken: token,
          },
          read: (answer) => ({
            events: answer.inside('InstanceSystemEventSet').list('InstanceSystemEventType').map(eventOf),
            next: answer.has('NextToken') ? answer.text('NextToken') : '',
          }),
        },
        signal,
      )
      if (!outcome.ok) return
      events.push(...outcome.value.events)
      if (outcome.value.next === '') break
      token = outcome.value.next
    }
    this.#known = new Map(events.filter(([, name]) => DISTURBS.test(name)))
  }
}

/** The instance, and the name of what is to happen to it. */
function eventOf(event: Fields): readonly [string, string] {
  return [event.text('InstanceId'), event.inside('EventType').text('Name')]
}
