/**
 * Members by index, the one that is due first in front: a binary heap over arrays that are made once. Of equals the lower index is
 * first.
 */
export class DueQueue {
  readonly #due: Float64Array
  /** The heap, and behind its end the members that were taken out. */
  readonly #heap: Int32Array
  #length = 0

  /** Of members 0 to `size` - 1, none of which is in it yet. */
  constructor(size: number) {
    this.#due = new Float64Array(size)
    this.#heap = new Int32Array(size)
  }

  /** Each member once. */
  add(member: number, due: number): void {
    this.#due[member] = due
    this.#rise(this.#length++, member)
  }

  /** -1 = it is empty. */
  get first(): number {
    return this.#length > 0 ? this.#heap[0]! : -1
  }

  due(member: number): number {
    return this.#due[member]!
  }

  /** The first one is due later. */
  postpone(due: number): void {
    const member = this.#heap[0]!
    this.#due[member] = due
    this.#sink(member)
  }

  /** The first one leaves. */
  take(): void {
    const member = this.#heap[0]!
    this.#sink(this.#heap[--this.#length]!)
    this.#heap[this.#length] = member
  }

  /** The one that left last, unless it is back. */
  get taken(): number {
    return this.#heap[this.#length]!
  }

  /** It comes back, before anybody is added. */
  putBack(due: number): void {
    this.add(this.taken, due)
  }

  #rise(from: number, member: number): void {
    let at = from
    while (at > 0) {
      const above = (at - 1) >> 1
      const other = this.#heap[above]!
      if (!this.#isBefore(member, other)) break
      this.#heap[at] = other
      at = above
    }
    this.#heap[at] = member
  }

  #sink(member: number): void {
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      if (below >= this.#length) break
      if (below + 1 < this.#length && this.#isBefore(this.#heap[below + 1]!, this.#heap[below]!)) below++
      const other = this.#heap[below]!
      if (!this.#isBefore(other, member)) break
      this.#heap[at] = other
      at = below
    }
    this.#heap[at] = member
  }

  #isBefore(a: number, b: number): boolean {
    const [dueA, dueB] = [this.#due[a]!, this.#due[b]!]
    return dueA < dueB || (dueA === dueB && a < b)
  }
}
