import { latencyQuantile } from '../../../core/latency.ts'
import type { Millis } from '../../../core/time.ts'
import { type LaneReader, MEMBER } from '../../lanes.ts'
import { type Entry, entriesOf, type Roster } from '../members/roster.ts'
import type { Vitals } from '../members/vitals.ts'
import { type PoolCounts, PoolMeter } from './pool-meter.ts'
import { Timeline } from './timeline.ts'

const RECORD_MS = 500
const RECORDED_MS = 60_000
const PLACES = RECORDED_MS / RECORD_MS + 1
/** Latencies are those of the last 20 to 30 seconds. */
const LATENCY_STEP_MS = 10_000
const LATENCY_STEPS = 3

/** Running totals of one member; what they were at each place of the timeline. */
interface MemberTrack {
  inFlightMs: number
  connectionsMs: number
  readonly inFlight: Float64Array
  readonly connections: Float64Array
  readonly requests: Float64Array
  /** The latency histogram as it was 10, 20, 30 s ago, newest last. */
  latencies: readonly (readonly number[])[]
}

/** What a window really covers, up to half a second more than asked, and how things went in it. */
export interface Window {
  readonly ms: Millis
  mean(vitals: Vitals): { readonly inFlight: number; readonly connections: number; readonly rps: number }
  pool(poolSlot: number): PoolCounts & { readonly rps: number }
}

/** Samples the lanes: gauges become running totals of value x time, so that a mean over any window is a difference. */
export class Meter {
  readonly #reader: LaneReader
  readonly #timeline = new Timeline(PLACES)
  readonly #members = new Map<Vitals, MemberTrack>()
  readonly #pools: PoolMeter
  #sampledAt: Millis
  #recordedAt: Millis
  #latencyAt: Millis

  constructor(reader: LaneReader, now: Millis) {
    this.#reader = reader
    this.#pools = new PoolMeter(reader, PLACES)
    this.#timeline.push(now)
    this.#sampledAt = now
    this.#recordedAt = now
    this.#latencyAt = now
  }

  /** Called every 100 ms. */
  sample(roster: Roster, poolSlot: (pool: string) => number, now: Millis): void {
    this.#adopt(entriesOf(roster))
    this.#pools.adopt(
      new Map([...roster.pools].map(([name, pool]) => [poolSlot(name), [...pool.values()].map(vitalsOf)])),
    )
    for (const [vitals, track] of this.#members) this.#accumulate(vitals, track, now - this.#sampledAt)
    this.#sampledAt = now
    if (now - this.#recordedAt >= RECORD_MS) this.#record(now)
    if (now - this.#latencyAt >= LATENCY_STEP_MS) this.#recordLatency(now)
  }

  window(ms: Millis): Window {
    const from = this.#timeline.before(this.#sampledAt - ms) ?? { place: 0, at: this.#sampledAt }
    const covered = this.#sampledAt - from.at
    const per = (total: number) => (covered > 0 ? total / covered : 0)
    return {
      ms: covered,
      mean: (vitals) => {
        const track = this.#members.get(vitals)
        if (!track) return { inFlight: 0, connections: 0, rps: 0 }
        const requests = this.#reader.member(vitals.memberSlot, MEMBER.requests)
        return {
          inFlight: per(track.inFlightMs - track.inFlight[from.place]!),
          connections: per(track.connectionsMs - track.connections[from.place]!),
          rps: 1000 * per(requests - track.requests[from.place]!),
        }
      },
      pool: (slot) => {
        const counts = this.#pools.since(slot, from.place)
        return { ...counts, rps: 1000 * per(counts.requests) }
      },
    }
  }

  /** p50, p95 and p99 of a member's answers; null when it gave none. */
  latency(vitals: Vitals): readonly [Millis | null, Millis | null, Millis | null] {
    const before = this.#members.get(vitals)?.latencies[0] ?? []
    const counts = this.#reader.memberLatency(vitals.memberSlot).map((count, i) => count - (before[i] ?? 0))
    return [latencyQuantile(counts, 0.5), latencyQuantile(counts, 0.95), latencyQuantile(counts, 0.99)]
  }

  #adopt(entries: readonly Entry[]): void {
    const wanted = new Set(entries.map(vitalsOf))
    for (const vitals of this.#members.keys()) if (!wanted.has(vitals)) this.#members.delete(vitals)
    for (const vitals of wanted)
      if (!this.#members.has(vitals)) this.#members.set(vitals, this.#newTrack(vitals))
  }

  #newTrack(vitals: Vitals): MemberTrack {
    return {
      inFlightMs: 0,
      connectionsMs: 0,
      inFlight: new Float64Array(PLACES),
      connections: new Float64Array(PLACES),
      requests: new Float64Array(PLACES).fill(this.#reader.member(vitals.memberSlot, MEMBER.requests)),
      latencies: [this.#reader.memberLatency(vitals.memberSlot)],
    }
  }

  #accumulate(vitals: Vitals, track: MemberTrack, ms: Millis): void {
    track.inFlightMs += this.#reader.memberInFlight(vitals.memberSlot) * ms
    track.connectionsMs += this.#reader.serverConnections(vitals.serverSlot) * ms
  }

  #record(now: Millis): void {
    this.#recordedAt = now
    const place = this.#timeline.push(now)
    for (const [vitals, track] of this.#members) {
      track.inFlight[place] = track.inFlightMs
      track.connections[place] = track.connectionsMs
      track.requests[place] = this.#reader.member(vitals.memberSlot, MEMBER.requests)
    }
    this.#pools.record(place)
  }

  #recordLatency(now: Millis): void {
    this.#latencyAt = now
    for (const [vitals, track] of this.#members) {
      track.latencies = [...track.latencies, this.#reader.memberLatency(vitals.memberSlot)].slice(
        -LATENCY_STEPS,
      )
    }
  }
}

function vitalsOf(entry: Entry): Vitals {
  return entry.vitals
}
