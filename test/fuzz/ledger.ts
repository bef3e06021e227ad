import type { FleetPorts } from '../../src/controller/ports.ts'
import type { Change } from '../../src/core/scaling.ts'
import type { Intent } from '../../src/core/step.ts'
import type { Entries, Memory, Store } from '../../src/core/store.ts'
import type { Millis } from '../../src/core/time.ts'

interface Line {
  readonly intent: Intent
  readonly writtenAt: Millis
}

/** What was written down, kept apart from the controllers that wrote it. */
export class Ledger {
  readonly #steady: () => Millis
  readonly #lines = new Map<string, Line>()
  readonly #open = new Set<string>()
  /** Of the number that was wanted, one a tick; as they were written, and as the controller that runs has them. */
  readonly #written = new Map<Millis, Change>()
  readonly #changes = new Map<Millis, Change>()
  /** Written down since the last `turn`. */
  #fresh: Intent[] = []
  #memory: { readonly before: Memory | null; readonly last: Memory | null } = { before: null, last: null }
  #entries: Entries | null = null

  /** `steady`: the time by a clock that nobody sets. */
  constructor(steady: () => Millis) {
    this.#steady = steady
  }

  wrap(ports: FleetPorts): FleetPorts {
    const { store } = ports
    const intend: Store['intend'] = async (fleet, intents) => {
      await store.intend(fleet, intents)
      // As they are now: what is done to the same objects later is not what was written down.
      for (const intent of structuredClone(intents)) this.#write(intent)
    }
    const commit: Store['commit'] = async (fleet, memory, entries) => {
      await store.commit(fleet, memory, entries)
      for (const { token } of entries.closed) this.#open.delete(token)
      this.#memory = { before: this.#memory.last, last: memory }
      this.#entries = entries
    }
    const written = { intend, commit } as const
    const own = new Proxy(store, {
      get: (target, key) => {
        if (key === 'intend' || key === 'commit') return written[key]
        const verb = Reflect.get(target, key) as unknown
        return typeof verb === 'function' ? verb.bind(target) : verb
      },
    })
    return { ...ports, store: own }
  }

  /** What the tick that ends has written down. */
  turn(): { readonly intents: readonly Intent[]; readonly memory: Memory | null; readonly entries: Entries } {
    const intents = this.#fresh
    this.#fresh = []
    return { intents, memory: this.#memory.before, entries: this.#entries! }
  }

  /** A controller starts: to it, what was written by a clock that has been set back since is of this moment. */
  starts(now: Millis): void {
    this.#changes.clear()
    for (const change of this.#written.values()) {
      const at = Math.min(change.at, now)
      this.#changes.set(at, { ...change, at })
    }
  }

  intent(token: string): Intent | null {
    return this.#lines.get(token)?.intent ?? null
  }

  /** When that was, by the clock that nobody sets. */
  writtenAt(token: string): Millis {
    return this.#lines.get(token)?.writtenAt ?? this.#steady()
  }

  get all(): readonly Intent[] {
    return [...this.#lines.values()].map(({ intent }) => intent)
  }

  get open(): readonly Intent[] {
    return [...this.#open].map((token) => this.#lines.get(token)!.intent)
  }

  get changes(): readonly Change[] {
    return [...this.#changes.values()]
  }

  #write(intent: Intent): void {
    const { token, at, have, want, by } = intent
    this.#lines.set(token, { intent, writtenAt: this.#steady() })
    this.#open.add(token)
    this.#fresh.push(intent)
    if (have === want) return
    for (const changes of [this.#written, this.#changes]) changes.set(at, { at, from: have, to: want, by })
  }
}
