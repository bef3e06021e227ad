import type { FleetPorts } from '../../src/controller/ports.ts'
import type { Change } from '../../src/core/scaling.ts'
import type { Intent } from '../../src/core/step.ts'
import type { Entries, Memory, Store } from '../../src/core/store.ts'

interface Line {
  readonly intent: Intent
  open: boolean
}

/** What was written down, kept apart from the controllers that wrote it. */
export class Ledger {
  readonly #lines = new Map<string, Line>()
  /** Written down since the last `turn`. */
  #fresh: Intent[] = []
  #memory: { readonly before: Memory | null; readonly last: Memory | null } = { before: null, last: null }
  #entries: Entries | null = null

  wrap(ports: FleetPorts): FleetPorts {
    const { store } = ports
    const intend: Store['intend'] = async (fleet, intents) => {
      await store.intend(fleet, intents)
      // As they are now: what is done to the same objects later is not what was written down.
      for (const intent of structuredClone(intents)) {
        this.#lines.set(intent.token, { intent, open: true })
        this.#fresh.push(intent)
      }
    }
    const commit: Store['commit'] = async (fleet, memory, entries) => {
      await store.commit(fleet, memory, entries)
      for (const { token } of entries.closed) {
        const line = this.#lines.get(token)
        if (line) line.open = false
      }
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

  intent(token: string): Intent | null {
    return this.#lines.get(token)?.intent ?? null
  }

  isOpen(token: string): boolean {
    return this.#lines.get(token)?.open === true
  }

  get all(): readonly Intent[] {
    return [...this.#lines.values()].map(({ intent }) => intent)
  }

  get open(): readonly Intent[] {
    return [...this.#lines.values()].filter(({ open }) => open).map(({ intent }) => intent)
  }

  /** Of the number that was wanted, one a tick. */
  get changes(): readonly Change[] {
    const changes = new Map<number, Change>()
    for (const { at, have, want, by } of this.all)
      if (have !== want) changes.set(at, { at, from: have, to: want, by })
    return [...changes.values()]
  }
}
