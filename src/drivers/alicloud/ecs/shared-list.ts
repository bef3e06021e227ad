import type { Clock, Millis } from '../../../core/time.ts'
import type { Instance } from './instances.ts'

/** How long a list may be reused. */
const FRESH_MS = 10_000
/** What each page of a list costs: calls of the whole list, and of fleets that are read alone, may be so far apart on average, which is
 *  two thirds of what an account is usually allowed for both. */
const PAGE = 100
const PAGE_MS = 300
/** How long the list of a fleet may be reused that is changing. It is read alone then; fleets take turns. */
const SOON_MS = 2_000
/** How long the caller waits for a new list before it gets the one before. */
const PATIENCE_MS = 2_000

/** The instances of a fleet. */
export interface Listing {
  readonly instances: readonly Instance[]
  /** When they were asked for. */
  readonly at: Millis
}

/** Reads all of a fleet, or of the installation (null). `before`: what is known of it. */
export type ReadInstances = (
  fleet: string | null,
  before: readonly Instance[],
) => Promise<readonly Instance[]>

/** What is known of a fleet, and when it was changed last: lists of before then know nothing of that. */
interface Known extends Listing {
  readonly changedAt: Millis | null
}

const NEVER = new AbortController().signal
const NOTHING: Known = { instances: [], at: Number.NEGATIVE_INFINITY, changedAt: null }

/**
 * One list of an account and region for all fleets of the process: who asks soon after another gets the same answer, and who asks while
 * it is read waits for it. A fleet that has been changed, or is changing, is read alone meanwhile: what that costs depends on its own size.
 */
export class SharedList {
  readonly #read: ReadInstances
  readonly #clock: Clock
  readonly #fleets = new Map<string, Known>()
  #freshForMs = FRESH_MS
  /** When all of it was asked for last. */
  #at: Millis = Number.NEGATIVE_INFINITY
  #reading: Promise<void> | null = null
  /** When the next fleet may be read alone. */
  #turnAt: Millis = Number.NEGATIVE_INFINITY

  constructor(read: ReadInstances, clock: Clock) {
    this.#read = read
    this.#clock = clock
  }

  freshForMs(isChanging: boolean): Millis {
    return isChanging ? SOON_MS : this.#freshForMs
  }

  /** `isChanging`: servers of the fleet are on their way in or out. */
  async recent(fleet: string, isChanging: boolean): Promise<Listing> {
    const now = this.#clock.now()
    const { at, changedAt } = this.#known(fleet)
    const isDue = (changedAt !== null && changedAt >= at) || (isChanging && now - at >= SOON_MS)
    if (isDue && now >= this.#turnAt) return await this.current(fleet)
    if (now - Math.max(at, this.#at) >= this.#freshForMs) await this.#again(now)
    return this.#known(fleet)
  }

  /** Those of other fleets than these, by id, as last read. */
  besides(fleets: readonly string[]): readonly string[] {
    const others = [...this.#fleets].filter(([fleet]) => !fleets.includes(fleet))
    return others.flatMap(([, { instances }]) => instances.map(({ id }) => id))
  }

  /** Read now, whatever is known. */
  async current(fleet: string): Promise<Listing> {
    const at = this.#clock.now()
    this.#turnAt = Math.max(at, this.#turnAt) + costOf(this.#known(fleet).instances)
    this.#note(fleet, await this.#read(fleet, this.#known(fleet).instances), at)
    return this.#known(fleet)
  }

  /** What is known, and what is being read, is of before. */
  changed(fleet: string): void {
    this.#fleets.set(fleet, { ...this.#known(fleet), changedAt: this.#clock.now() })
  }

  /** Reads all of it. One that takes long, as of thousands of servers, is not waited for while the one before is not old. Those who wait for
   *  what another reads go on one by one: hundreds of fleets that are all half way through a tick take room for all of them. */
  async #again(now: Millis): Promise<void> {
    const isReadByAnother = this.#reading !== null
    this.#reading ??= this.#readAll(now).finally(() => {
      this.#reading = null
    })
    const over = new AbortController()
    const enough = this.#clock.sleep(PATIENCE_MS, over.signal).catch(() => {})
    const isUsable = now - this.#at < 3 * this.#freshForMs
    try {
      await (isUsable ? Promise.race([this.#reading, enough]) : this.#reading)
    } finally {
      over.abort()
    }
    if (isReadByAnother) await this.#clock.sleep(0, NEVER)
  }

  async #readAll(at: Millis): Promise<void> {
    const before = [...this.#fleets.values()].flatMap(({ instances }) => instances)
    const all = await this.#read(null, before)
    const byFleet = Map.groupBy(all, ({ fleet }) => fleet)
    for (const fleet of new Set([...this.#fleets.keys(), ...byFleet.keys()]))
      this.#note(fleet, byFleet.get(fleet) ?? [], at)
    this.#at = at
    this.#freshForMs = Math.max(FRESH_MS, costOf(all))
  }

  /** Unless something newer is known, or the fleet has been changed since. */
  #note(fleet: string, instances: readonly Instance[], at: Millis): void {
    const { at: knownAt, changedAt } = this.#known(fleet)
    if (at >= knownAt && at >= (changedAt ?? at)) this.#fleets.set(fleet, { instances, at, changedAt })
  }

  #known(fleet: string): Known {
    return this.#fleets.get(fleet) ?? NOTHING
  }
}

function costOf({ length }: readonly Instance[]): Millis {
  return Math.max(1, Math.ceil(length / PAGE)) * PAGE_MS
}
