import { type Address, parseIp } from '../core/network.ts'

/**
 * How many connections each source has: a table a worker, which it alone writes and all read. Open addressing with linear probing; an
 * entry that goes makes those behind it move up (Knuth, The Art of Computer Programming 3, 6.4, algorithm R), so nothing is left of it.
 * A reader in another thread may miss an entry that is moving: then one connection too many is let in.
 */

/** Sources that one worker can tell apart; the connections of others are not counted. */
export const MOST_SOURCES = 24_576
const ENTRIES = 32_768
const MASK = ENTRIES - 1
/** Three words that name the source, and its count. */
const WORDS = 4
/** Of IPv6, whoever has one address has 2^64 of them. */
const V6_WORDS = 2
export const SOURCES_BYTES = ENTRIES * WORDS * 4

/** Who is counted, at which listener: an IPv4 address or the first half of an IPv6 one. */
export interface Source {
  readonly a: number
  readonly b: number
  /** Listener, and which family. */
  readonly c: number
}

/** Null for what is no address. */
export function sourceOf(listener: number, address: string): Source | null {
  const ip = parseIp(address)
  return ip === null ? null : { ...keyOf(ip), c: (listener << 1) | (ip.v4 ? 1 : 0) }
}

function keyOf({ v4, words }: Address): Pick<Source, 'a' | 'b'> {
  const [a = 0, b = 0] = v4 ? [words[3]] : words.slice(0, V6_WORDS)
  return { a: a | 0, b: b | 0 }
}

export class SourceTable {
  readonly #words: Int32Array
  /** So that nobody can choose addresses that meet in one place. */
  readonly #seed: number
  #size = 0

  constructor(buffer: SharedArrayBuffer, seed: number) {
    this.#words = new Int32Array(buffer)
    this.#seed = seed
  }

  count(source: Source): number {
    const at = this.#find(source)
    return this.#words[at + 3]!
  }

  /** False = there is no room for another source. */
  enter(source: Source): boolean {
    const words = this.#words
    const at = this.#find(source)
    if (words[at + 3] === 0) {
      if (this.#size >= MOST_SOURCES) return false
      this.#size++
      words[at] = source.a
      words[at + 1] = source.b
      words[at + 2] = source.c
    }
    words[at + 3]!++
    return true
  }

  /** After an `enter` that was true. */
  leave(source: Source): void {
    const at = this.#find(source)
    if (--this.#words[at + 3]! > 0) return
    this.#size--
    this.#close(at / WORDS)
  }

  /** Where it is, or where it would be. A reader may meet a table that is being changed, so it does not look for ever. */
  #find({ a, b, c }: Source): number {
    const words = this.#words
    let entry = this.#home(a, b, c)
    for (let steps = 0; steps < ENTRIES; steps++) {
      const at = entry * WORDS
      if (words[at + 3] === 0) return at
      if (words[at] === a && words[at + 1] === b && words[at + 2] === c) return at
      entry = (entry + 1) & MASK
    }
    return entry * WORDS
  }

  /** Closes the gap at `gap`: whoever could not have its own place because of it moves up. */
  #close(gap: number): void {
    const words = this.#words
    for (let entry = (gap + 1) & MASK; words[entry * WORDS + 3] !== 0; entry = (entry + 1) & MASK) {
      const at = entry * WORDS
      const home = this.#home(words[at]!, words[at + 1]!, words[at + 2]!)
      if (((entry - home) & MASK) < ((entry - gap) & MASK)) continue
      words.copyWithin(gap * WORDS, at, at + WORDS)
      words[at + 3] = 0
      gap = entry
    }
  }

  #home(a: number, b: number, c: number): number {
    let hash = this.#seed
    hash = Math.imul(hash ^ a, 0x9e3779b1)
    hash = Math.imul(hash ^ (hash >>> 15) ^ b, 0x85ebca77)
    hash = Math.imul(hash ^ (hash >>> 13) ^ c, 0xc2b2ae3d)
    return (hash ^ (hash >>> 16)) & MASK
  }
}

/** All workers' tables, of which one is this worker's own. */
export class Sources {
  readonly #tables: readonly SourceTable[]
  readonly #own: SourceTable

  constructor(tables: readonly SourceTable[], own: number) {
    this.#tables = tables
    this.#own = tables[own]!
  }

  /** What ends the counting of one connection more; null = its source has as many already. */
  enter(listener: number, address: string, most: number): (() => void) | null {
    const source = sourceOf(listener, address)
    if (source === null) return NOTHING
    let open = 0
    for (const table of this.#tables) open += table.count(source)
    if (open >= most) return null
    return this.#own.enter(source) ? () => this.#own.leave(source) : NOTHING
  }
}

const NOTHING = (): void => {}
