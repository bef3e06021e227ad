/** What is made of a snapshot's keys, kept as long as a snapshot has them: making it costs more than a request. */
export class ContextCache<Keys extends { readonly id: string }, Made> {
  readonly #make: (keys: Keys) => Made
  #made = new Map<string, Made>()
  #next = new Map<string, Made>()

  constructor(make: (keys: Keys) => Made) {
    this.#make = make
  }

  /** Null for none. */
  of(keys: Keys | undefined): Made | null {
    if (keys === undefined) return null
    const made = this.#next.get(keys.id) ?? this.#made.get(keys.id) ?? this.#make(keys)
    this.#next.set(keys.id, made)
    return made
  }

  /** What has not been asked for since the last call is forgotten. */
  turn(): void {
    this.#made = this.#next
    this.#next = new Map()
  }
}
