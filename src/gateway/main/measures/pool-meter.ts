import { LATENCY_BUCKETS } from '../../../core/latency.ts'
import { type LaneReader, POOL, type PoolField } from '../../lanes.ts'
import type { Vitals } from '../members/vitals.ts'

/** What a pool counted in a window. */
export interface PoolCounts {
  readonly requests: number
  readonly ended: number
  readonly errors: number
  readonly sentToClients: number
  /** Answers of its servers, by bucket of LATENCY_BOUNDS_MS. */
  readonly latency: readonly number[]
}

type Counter = Exclude<keyof PoolCounts, 'latency'>
const COUNTERS: Readonly<Record<Counter, PoolField>> = {
  requests: POOL.requests,
  ended: POOL.ended,
  errors: POOL.errors,
  sentToClients: POOL.sentToClients,
}
const NAMES = Object.keys(COUNTERS) as readonly Counter[]

/** A pool's totals now, and what they were at each place of a timeline. */
interface PoolTrack {
  readonly counters: Readonly<Record<Counter, Float64Array>>
  /** Summed over members, also over those that have left since. */
  readonly latency: Float64Array
  /** LATENCY_BUCKETS of them a place. */
  readonly latencies: Float64Array
  /** What each member's histogram was when it was last added. */
  members: ReadonlyMap<Vitals, readonly number[]>
}

/** The counters of pools over any window of a timeline of so many places. */
export class PoolMeter {
  readonly #reader: LaneReader
  readonly #places: number
  readonly #pools = new Map<number, PoolTrack>()

  constructor(reader: LaneReader, places: number) {
    this.#reader = reader
    this.#places = places
  }

  /** The pools by slot that there are, with their members. */
  adopt(pools: ReadonlyMap<number, readonly Vitals[]>): void {
    for (const slot of this.#pools.keys()) if (!pools.has(slot)) this.#pools.delete(slot)
    for (const [slot, members] of pools) {
      const track = this.#pools.get(slot) ?? this.#newTrack(slot)
      this.#pools.set(slot, track)
      track.members = new Map(
        members.map((vitals) => [
          vitals,
          track.members.get(vitals) ?? this.#reader.memberLatency(vitals.memberSlot),
        ]),
      )
    }
  }

  record(place: number): void {
    for (const [slot, track] of this.#pools) {
      for (const name of NAMES) track.counters[name][place] = this.#reader.pool(slot, COUNTERS[name])
      this.#sum(track)
      track.latencies.set(track.latency, place * LATENCY_BUCKETS)
    }
  }

  /** Since that place; nothing for a pool that it does not know. */
  since(slot: number, place: number): PoolCounts {
    const track = this.#pools.get(slot)
    if (!track) return { requests: 0, ended: 0, errors: 0, sentToClients: 0, latency: [] }
    this.#sum(track)
    const since = (name: Counter) => this.#reader.pool(slot, COUNTERS[name]) - track.counters[name][place]!
    const from = place * LATENCY_BUCKETS
    return {
      requests: since('requests'),
      ended: since('ended'),
      errors: since('errors'),
      sentToClients: since('sentToClients'),
      latency: [...track.latency].map((count, bucket) => count - track.latencies[from + bucket]!),
    }
  }

  #newTrack(slot: number): PoolTrack {
    const now = (name: Counter) =>
      new Float64Array(this.#places).fill(this.#reader.pool(slot, COUNTERS[name]))
    return {
      counters: {
        requests: now('requests'),
        ended: now('ended'),
        errors: now('errors'),
        sentToClients: now('sentToClients'),
      },
      latency: new Float64Array(LATENCY_BUCKETS),
      latencies: new Float64Array(this.#places * LATENCY_BUCKETS),
      members: new Map(),
    }
  }

  /** Adds what members have counted since the last time. */
  #sum(track: PoolTrack): void {
    track.members = new Map(
      [...track.members].map(([vitals, before]) => {
        const now = this.#reader.memberLatency(vitals.memberSlot)
        for (const [bucket, count] of now.entries()) track.latency[bucket]! += count - (before[bucket] ?? 0)
        return [vitals, now]
      }),
    )
  }
}
