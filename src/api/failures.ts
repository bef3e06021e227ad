import type { Clock, Millis } from '../core/time.ts'

/** Wrong tokens that one address may send at once, and how long each takes to be forgotten. */
const BURST = 10
const EACH_MS: Millis = 6_000
/** Addresses that are remembered; the longest quiet one goes first. */
const MOST = 10_000

/** Counts failed tokens by address, as a leaky bucket (GCRA, ITU-T I.371): nobody may guess for long. */
export class Failures {
  readonly #clock: Clock
  /** When each address will be forgiven everything, in the order of their last failures. */
  readonly #forgivenAt = new Map<string, Millis>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** How long this address must wait before a token of its is looked at; 0 = it need not. */
  waitMs(address: string): Millis {
    const now = this.#clock.now()
    return Math.max(0, (this.#forgivenAt.get(networkOf(address)) ?? now) - now - (BURST - 1) * EACH_MS)
  }

  add(address: string): void {
    const key = networkOf(address)
    const now = this.#clock.now()
    const forgivenAt = Math.max(now, this.#forgivenAt.get(key) ?? now) + EACH_MS
    this.#forgivenAt.delete(key)
    this.#forgivenAt.set(key, forgivenAt)
    for (const [oldest, at] of this.#forgivenAt) {
      if (at > now && this.#forgivenAt.size <= MOST) break
      this.#forgivenAt.delete(oldest)
    }
  }
}

/** Whoever has one IPv6 address has its whole /64. */
function networkOf(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address
  const [head = '', tail] = address.split('::')
  const groups = head.split(':').filter(Boolean)
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').filter(Boolean).length
  return [...groups, ...Array<string>(missing).fill('0')].slice(0, 4).join(':')
}
