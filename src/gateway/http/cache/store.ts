import type { CacheSpec, Purge } from '../../../core/cache.ts'
import { type Asked, answers, type Stored } from './stored.ts'

/** Answers of one address that differ by what Vary names. */
const VARIANTS = 16

/** Addresses that are remembered as forgotten. */
const FORGOTTEN = 10_000
/** Longer addresses are remembered nowhere but with an answer that is kept: thousands of them would fill the memory. */
export const LONGEST = 2_048

/** Kept answers by address, within bounds of bytes and addresses: the ones that nobody asked for the longest go first. */
export class Store {
  /** Of what is kept, and of what is being received. */
  bytes = 0
  readonly #spec: CacheSpec
  /** The least recently used first; of an address, the newest answer first. */
  readonly #kept = new Map<string, Stored[]>()
  /** How often something was forgotten on demand; as of the last time that it was more than one address, and of each. */
  #purges = 0
  #purgedAll = 0
  readonly #purged = new Map<string, number>()

  constructor(spec: CacheSpec) {
    this.#spec = spec
  }

  get size(): number {
    return this.#kept.size
  }

  /** What was asked for in one edition must not be kept in another. */
  editionOf(url: string): number {
    return Math.max(this.#purgedAll, this.#purged.get(url) ?? 0)
  }

  find(asked: Asked): Stored | null {
    const variants = this.#kept.get(asked.url)
    if (variants === undefined) return null
    this.#kept.delete(asked.url)
    this.#kept.set(asked.url, variants)
    return variants.find((stored) => answers(stored, asked)) ?? null
  }

  /** It keeps answers for the address, if perhaps to other requests. */
  has(url: string): boolean {
    return this.#kept.has(url)
  }

  /** In place of the one that answered the same; `edition` is that of when its server was asked. */
  put(stored: Stored, edition: number): void {
    const { asked } = stored
    if (edition !== this.editionOf(asked.url)) return
    this.forget(asked)
    const others = this.#kept.get(asked.url) ?? []
    while (others.length >= VARIANTS) this.bytes -= others.pop()!.bytes
    this.#kept.delete(asked.url)
    this.#kept.set(asked.url, [stored, ...others])
    this.bytes += stored.bytes
    this.#makeRoom()
  }

  /** The answer that this request would have got. */
  forget(asked: Asked): void {
    const variants = this.#kept.get(asked.url)
    if (variants === undefined) return
    const left = variants.filter((stored) => !answers(stored, asked))
    for (const stored of variants) if (!left.includes(stored)) this.bytes -= stored.bytes
    if (left.length > 0) this.#kept.set(asked.url, left)
    else this.#kept.delete(asked.url)
  }

  /** Gives how many addresses it knew. */
  purge(what: Purge): number {
    this.#notePurge(what)
    if (what.kind === 'url') return this.#drop(what.url) ? 1 : 0
    const urls = [...this.#kept.keys()]
    const gone = what.kind === 'everything' ? urls : urls.filter((url) => url.startsWith(what.url))
    for (const url of gone) this.#drop(url)
    return gone.length
  }

  /** Room for a part of an answer that is being received; false = there is none. */
  reserve(bytes: number): boolean {
    this.bytes += bytes
    this.#makeRoom()
    if (this.bytes <= this.#spec.memoryBytes) return true
    this.bytes -= bytes
    return false
  }

  release(bytes: number): void {
    this.bytes -= bytes
  }

  #notePurge(what: Purge): void {
    this.#purges++
    const isNoted = what.kind === 'url' && what.url.length <= LONGEST && this.#purged.size < FORGOTTEN
    if (isNoted) this.#purged.set(what.url, this.#purges)
    else {
      this.#purged.clear()
      this.#purgedAll = this.#purges
    }
  }

  #makeRoom(): void {
    for (const url of this.#kept.keys()) {
      if (this.bytes <= this.#spec.memoryBytes && this.#kept.size <= this.#spec.entries) return
      this.#drop(url)
    }
  }

  #drop(url: string): boolean {
    const variants = this.#kept.get(url)
    if (variants === undefined) return false
    for (const stored of variants) this.bytes -= stored.bytes
    return this.#kept.delete(url)
  }
}
