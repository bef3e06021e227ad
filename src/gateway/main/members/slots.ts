/** Hands out indices into shared memory to named owners. Pure: what is quiet and acknowledged is handed in. */
export class Slots {
  readonly #capacity: number
  readonly #owned = new Map<string, number>()
  /** Given back, but perhaps still counted in by a worker. */
  readonly #resting: { readonly key: string; readonly slot: number; readonly version: number }[] = []
  readonly #free: number[] = []
  #fresh = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** The owner's slot, also when it has only just given it back; null when all are in use. `isNew`: its counters are another's. */
  take(key: string): { readonly slot: number; readonly isNew: boolean } | null {
    const owned = this.#owned.get(key)
    if (owned !== undefined) return { slot: owned, isNew: false }
    const rested = this.#resting.findIndex((rest) => rest.key === key)
    const revived = rested < 0 ? undefined : this.#resting.splice(rested, 1)[0]?.slot
    const slot = revived ?? this.#free.pop() ?? (this.#fresh < this.#capacity ? this.#fresh++ : null)
    if (slot === null) return null
    this.#owned.set(key, slot)
    return { slot, isNew: revived === undefined }
  }

  /** All other owners give theirs back; snapshots from `version` on do not hold them. */
  keep(keys: ReadonlySet<string>, version: number): void {
    for (const [key, slot] of this.#owned) {
      if (keys.has(key)) continue
      this.#owned.delete(key)
      this.#resting.push({ key, slot, version })
    }
  }

  /** Frees the slots that no worker can touch any more: a later snapshot is acknowledged, and nothing is open on them. */
  reclaim(acknowledged: number, isQuiet: (slot: number) => boolean): void {
    for (let at = this.#resting.length - 1; at >= 0; at--) {
      const rest = this.#resting[at]!
      if (rest.version > acknowledged || !isQuiet(rest.slot)) continue
      this.#resting.splice(at, 1)
      this.#free.push(rest.slot)
    }
  }
}
