const WINDOW_MS = 10_000

/** Counts what a peer does, within windows of ten seconds: everything here is cheap once, and harmful by the thousand. */
export class Flood {
  readonly #most: number
  #count = 0
  #sinceMs = 0

  /** `most` a window. */
  constructor(most: number) {
    this.#most = most
  }

  /** Once more; true = that is too often. `nowMs` is any monotonic clock's. */
  adds(nowMs: number): boolean {
    if (nowMs - this.#sinceMs >= WINDOW_MS) {
      this.#sinceMs = nowMs
      this.#count = 0
    }
    return ++this.#count > this.#most
  }
}
