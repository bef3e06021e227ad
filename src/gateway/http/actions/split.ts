import { hashText } from '../../../balancing/hash.ts'
import type { SplitSpec } from '../../../core/rule.ts'
import type { Rng } from '../../../core/time.ts'
import type { Pool } from '../../worker/pools/pool.ts'
import type { Answer, Filter, Transaction } from '../filters/filter.ts'
import { someCookie } from '../routing/field-values.ts'

interface Share {
  readonly pool: Pool
  readonly weight: number
}

const KEY = /^[0-9a-f]{16}$/

/**
 * Sends each request to one of several pools by their weights. A sticky choice is made by weighted rendezvous hashing (Schindelhauer and
 * Schomaker 2005) over what tells clients apart: when weights change, only as many clients move as must. The requests of a pool without
 * a fit server go to the others, and by the same keys back to it when it has one.
 */
export class Split implements Filter {
  readonly #shares: readonly Share[]
  readonly #sticky: SplitSpec['sticky']
  readonly #rng: Rng
  /** Keys that clients are yet to be told. */
  readonly #newKeys = new Map<Transaction, string>()

  constructor({ shares, sticky }: SplitSpec, pools: ReadonlyMap<string, Pool>, rng: Rng) {
    this.#shares = shares.map(({ pool, weight }) => ({ pool: pools.get(pool)!, weight }))
    this.#sticky = sticky
    this.#rng = rng
  }

  act(transaction: Transaction): void {
    const key = this.#keyOf(transaction)
    const pool = this.#choose(this.#shares, key)
    transaction.forward(pool.hasFitServer ? pool : this.#insteadOf(pool, key))
  }

  #choose(shares: readonly Share[], key: string | null): Pool {
    return key === null ? byChance(shares, this.#rng()) : byKey(shares, key)
  }

  /** Where nobody has one, the pool makes do with what it has, or says so. */
  #insteadOf(pool: Pool, key: string | null): Pool {
    const served = this.#shares.filter((share) => share.weight > 0 && share.pool.hasFitServer)
    if (served.length === 0) return pool
    pool.missed()
    return this.#choose(served, key)
  }

  response({ transaction, head }: Answer): null {
    const key = this.#newKeys.get(transaction)
    if (key === undefined || this.#sticky?.by !== 'cookie') return null
    const { name, lifetimeMs } = this.#sticky
    const secure = transaction.scheme === 'https' ? '; Secure' : ''
    const lifetime = Math.round(lifetimeMs / 1000)
    head.added += `Set-Cookie: ${name}=${key}; Path=/; Max-Age=${lifetime}; HttpOnly; SameSite=Lax${secure}\r\n`
    return null
  }

  end(transaction: Transaction): void {
    this.#newKeys.delete(transaction)
  }

  /** What tells this client from others; null = nothing need. */
  #keyOf(transaction: Transaction): string | null {
    const sticky = this.#sticky
    if (sticky === null) return null
    if (sticky.by === 'source') return transaction.clientAddress
    const { head, bytes } = transaction
    let key = ''
    someCookie(head, bytes!, sticky.name, (value) => {
      if (KEY.test(value)) key = value
      return key !== ''
    })
    if (key !== '') return key
    const made = word(this.#rng()) + word(this.#rng())
    this.#newKeys.set(transaction, made)
    return made
  }
}

function word(random: number): string {
  return Math.floor(random * 2 ** 32)
    .toString(16)
    .padStart(8, '0')
}

/** `random` is from 0 to 1, 1 excluded. */
function byChance(shares: readonly Share[], random: number): Pool {
  let left = random * shares.reduce((sum, { weight }) => sum + weight, 0)
  for (const { pool, weight } of shares) {
    left -= weight
    if (left < 0) return pool
  }
  return shares.at(-1)!.pool
}

/** The same key gives the same pool as long as the weights stay. */
export function byKey<P extends { readonly name: string }>(
  shares: readonly { readonly pool: P; readonly weight: number }[],
  key: string,
): P {
  let best = shares[0]!.pool
  let highest = -1
  for (const { pool, weight } of shares) {
    const score = weight / -Math.log(share(`${key} ${pool.name}`))
    if (score <= highest) continue
    highest = score
    best = pool
  }
  return best
}

/** A text's place between 0 and 1, neither included. */
function share(text: string): number {
  return (hashText(text) + 0.5) / 2 ** 32
}
