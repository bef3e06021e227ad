/** How a body is delimited. `until-close` is only ever a response's. */
export type BodyKind = 'none' | 'sized' | 'chunked' | 'until-close'

/** Bounds of one head; `ListenerLimits` has both. */
export interface HeadLimits {
  /** First line and headers together. */
  readonly headerBytes: number
  readonly headerCount: number
}

const STRIDE = 5
const DROPPED = 0x100

/**
 * The header lines of one head as offsets into the buffer it was parsed from: valid as long as those bytes stay.
 * Reused from message to message, so that a header costs no object and no string.
 */
export class HeaderLines {
  count = 0
  /** Bit `id` is set when a header of that id (tokens.ts) is there; in `repeated` when it is there twice. */
  present = 0
  repeated = 0
  /** Offset of the CRLF that ends the head. */
  end = 0
  #at = new Int32Array(STRIDE * 32)

  clear(): void {
    this.count = 0
    this.present = 0
    this.repeated = 0
    this.end = 0
  }

  /** Adds the line `name:value` that starts at `start`; the value's bounds leave out white space. */
  add(start: number, nameEnd: number, valueStart: number, valueEnd: number): number {
    const at = this.count * STRIDE
    if (at === this.#at.length) this.#grow()
    this.#at[at] = start
    this.#at[at + 1] = nameEnd
    this.#at[at + 2] = valueStart
    this.#at[at + 3] = valueEnd
    this.#at[at + 4] = 0
    return this.count++
  }

  identify(line: number, id: number): void {
    if (id === 0) return
    const bit = 1 << id
    this.repeated |= this.present & bit
    this.present |= bit
    this.#at[line * STRIDE + 4] = id
  }

  has(id: number): boolean {
    return (this.present & (1 << id)) !== 0
  }

  isRepeated(id: number): boolean {
    return (this.repeated & (1 << id)) !== 0
  }

  /** The first line of that id at or after `from`; -1 when there is none. */
  find(id: number, from = 0): number {
    if (!this.has(id)) return -1
    for (let line = from; line < this.count; line++) if (this.id(line) === id) return line
    return -1
  }

  id(line: number): number {
    return this.#at[line * STRIDE + 4]! & 0xff
  }

  /** Marks a line that `Connection` names: it ends here. */
  drop(line: number): void {
    this.#at[line * STRIDE + 4]! |= DROPPED
  }

  isDropped(line: number): boolean {
    return (this.#at[line * STRIDE + 4]! & DROPPED) !== 0
  }

  /** A line reaches from its own start to the next one's, so that neighbours are copied as one slice. */
  start(line: number): number {
    return line === this.count ? this.end : this.#at[line * STRIDE]!
  }

  nameEnd(line: number): number {
    return this.#at[line * STRIDE + 1]!
  }

  valueStart(line: number): number {
    return this.#at[line * STRIDE + 2]!
  }

  valueEnd(line: number): number {
    return this.#at[line * STRIDE + 3]!
  }

  #grow(): void {
    const wider = new Int32Array(this.#at.length * 2)
    wider.set(this.#at)
    this.#at = wider
  }
}
