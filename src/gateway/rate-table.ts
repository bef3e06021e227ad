import { type HashKey, KeyedHash } from '../balancing/keyed-hash.ts'

/** Buckets of eight: a key has one, and within it the entry that has been idle longest gives way. */
const BUCKETS = 8192
const WAYS = 8
const ENTRIES = BUCKETS * WAYS
/** Looks at a lock before the request is let through unseen: a thread that is not running may hold it, or one that was ended. */
const SPINS = 10_000

/** What all workers share of it. */
export interface Rates {
  readonly table: SharedArrayBuffer
  readonly key: HashKey
}

/** 1.1 MiB; the system gives only the pages that are touched. */
export function createRates(key: HashKey): Rates {
  return { table: new SharedArrayBuffer(ENTRIES * 8 + ENTRIES * 8 + BUCKETS * 4), key }
}

/** Main only, after a worker has exited: it may have been ended while it held a lock. */
export function releaseLocks({ table }: Rates, worker: number): void {
  const locks = locksOf(table)
  for (let bucket = 0; bucket < BUCKETS; bucket++) Atomics.compareExchange(locks, bucket, worker + 1, 0)
}

function locksOf(table: SharedArrayBuffer): Int32Array {
  return new Int32Array(table, ENTRIES * 16, BUCKETS)
}

export interface RateVerdict {
  allowed: boolean
  /** How many more may come at once. */
  remaining: number
  /** Until one more may come; 0 = now. */
  retryMs: number
  /** Until as many as ever may come. */
  resetMs: number
}

/**
 * The Generic Cell Rate Algorithm (ITU-T I.371, virtual scheduling) by key: one number a key, the theoretical arrival time of its next
 * request. Exact over all workers, since they share the table. Keys are hashes of 64 bits, made with a key of the gateway's own: nobody
 * can choose one that is another's, or fill a bucket so that another's gives way. `nowMs` is the wall's.
 */
export class RateTable {
  /** Makes keys for `take`. */
  readonly hash: KeyedHash
  readonly #arrivals: Float64Array
  readonly #keys: Int32Array
  /** Who holds each: a worker's number and 1; 0 = nobody. */
  readonly #locks: Int32Array
  readonly #holder: number
  /** Reused from call to call. */
  readonly #verdict: RateVerdict = { allowed: true, remaining: 0, retryMs: 0, resetMs: 0 }

  constructor({ table, key }: Rates, worker: number) {
    this.hash = new KeyedHash(key)
    this.#holder = worker + 1
    this.#arrivals = new Float64Array(table, 0, ENTRIES)
    this.#keys = new Int32Array(table, ENTRIES * 8, ENTRIES * 2)
    this.#locks = locksOf(table)
  }

  /** Takes one request of the key; `intervalMs` between two of them, `burst` at once beside the one that is due. */
  take(
    key: { readonly high: number; readonly low: number },
    limit: { readonly intervalMs: number; readonly burst: number },
    nowMs: number,
  ): RateVerdict {
    const bucket = (key.high >>> 0) % BUCKETS
    if (!this.#lock(bucket)) return this.#say(nowMs - limit.intervalMs, limit, nowMs, true)
    const at = this.#find(bucket, key.high | 0, key.low | 0, nowMs)
    const due = Math.max(this.#arrivals[at]!, nowMs)
    const allowed = due - nowMs <= limit.burst * limit.intervalMs
    if (allowed) this.#arrivals[at] = due + limit.intervalMs
    const next = this.#arrivals[at]!
    Atomics.store(this.#locks, bucket, 0)
    return this.#say(next, limit, nowMs, allowed)
  }

  #say(
    next: number,
    { intervalMs, burst }: { intervalMs: number; burst: number },
    nowMs: number,
    allowed: boolean,
  ): RateVerdict {
    const verdict = this.#verdict
    const ahead = Math.max(0, next - nowMs)
    verdict.allowed = allowed
    verdict.remaining = Math.max(0, Math.floor((burst * intervalMs - ahead) / intervalMs + 1 + 1e-9))
    verdict.retryMs = Math.max(0, ahead - burst * intervalMs)
    verdict.resetMs = ahead
    return verdict
  }

  #lock(bucket: number): boolean {
    for (let spin = 0; spin < SPINS; spin++) {
      if (Atomics.compareExchange(this.#locks, bucket, 0, this.#holder) === 0) return true
    }
    return false
  }

  /** The key's entry; a new one where none is, in the place of the one that is due first. */
  #find(bucket: number, high: number, low: number, nowMs: number): number {
    let oldest = bucket * WAYS
    for (let at = bucket * WAYS; at < (bucket + 1) * WAYS; at++) {
      if (this.#keys[at * 2] === high && this.#keys[at * 2 + 1] === low) return at
      if (this.#arrivals[at]! < this.#arrivals[oldest]!) oldest = at
    }
    this.#keys[oldest * 2] = high
    this.#keys[oldest * 2 + 1] = low
    this.#arrivals[oldest] = nowMs
    return oldest
  }
}
