import { LATENCY_BUCKETS, latencyBucket } from '../core/latency.ts'
import { TLS_GROUPS, type TlsGroup } from '../core/tls.ts'
import { createRates, type Rates, releaseLocks } from './rate-table.ts'
import { SOURCES_BYTES, Sources, SourceTable } from './sources.ts'

/** Servers, (pool, server) pairs, pools and listeners that one gateway can hold. Main hands out the slots. */
export const SERVER_SLOTS = 4096
export const MEMBER_SLOTS = 8192
export const POOL_SLOTS = 1024
export const LISTENER_SLOTS = 256
export const CLASS_SLOTS = 256

/** A member's counters: they only grow. Statuses are 1xx to 5xx from `status`, latency buckets from `latency`. */
export const MEMBER = {
  requests: 0,
  failures: 1,
  connectFailures: 2,
  opened: 3,
  reused: 4,
  bytesSent: 5,
  bytesReceived: 6,
  latencySumMs: 7,
  status: 8,
  latency: 13,
} as const
const MEMBER_FIELDS = MEMBER.latency + LATENCY_BUCKETS

/** `ended` counts answers of servers and of the gateway, and those broken off; of these `errors` were 5xx or broken off. */
export const POOL = {
  requests: 0,
  refused: 1,
  retries: 2,
  ended: 3,
  errors: 4,
  sentToClients: 5,
  tlsResumed: 6,
  tlsGroup: 7,
} as const
const POOL_FIELDS = POOL.tlsGroup + TLS_GROUPS.length + 1

/** From `tlsGroup`: handshakes by key-exchange group, in the order of TLS_GROUPS, and those without one of these. */
export const LISTENER = {
  accepted: 0,
  rejected: 1,
  cached: 2,
  tlsFailed: 3,
  tlsResumed: 4,
  tlsGroup: 5,
} as const
const LISTENER_FIELDS = LISTENER.tlsGroup + TLS_GROUPS.length + 1

/** Of requests that have ended; `errors` as in POOL, `sumMs` from head to end. */
export const CLASS = { requests: 0, errors: 1, sentToClients: 2, sumMs: 3, latency: 4 } as const
const CLASS_FIELDS = CLASS.latency + LATENCY_BUCKETS

/** Gauges: they go back to 0. */
export const SERVER_GAUGE = { inFlight: 0, connections: 1 } as const
const SERVER_GAUGES = 2
/** `failuresInRow`, `errorsInRow`: connect failures, and answers of 5xx or broken ones, since the last success: what main ejects by. */
export const MEMBER_GAUGE = { inFlight: 0, failuresInRow: 1, errorsInRow: 2 } as const
const MEMBER_GAUGES = 3
/** Requests in the pool, from arrival to their end; those of them that wait for a connection. */
export const POOL_GAUGE = { inFlight: 0, pending: 1 } as const
const POOL_GAUGES = 2

const COUNTERS =
  MEMBER_SLOTS * MEMBER_FIELDS +
  POOL_SLOTS * POOL_FIELDS +
  LISTENER_SLOTS * LISTENER_FIELDS +
  CLASS_SLOTS * CLASS_FIELDS
const GAUGES =
  SERVER_SLOTS * SERVER_GAUGES + MEMBER_SLOTS * MEMBER_GAUGES + LISTENER_SLOTS + POOL_SLOTS * POOL_GAUGES
const POOL_AT = MEMBER_SLOTS * MEMBER_FIELDS
const LISTENER_AT = POOL_AT + POOL_SLOTS * POOL_FIELDS
const CLASS_AT = LISTENER_AT + LISTENER_SLOTS * LISTENER_FIELDS
const MEMBER_GAUGE_AT = SERVER_SLOTS * SERVER_GAUGES
const LISTENER_GAUGE_AT = MEMBER_GAUGE_AT + MEMBER_SLOTS * MEMBER_GAUGES
const POOL_GAUGE_AT = LISTENER_GAUGE_AT + LISTENER_SLOTS

/** 5.4 MiB of counters and 105 KiB of gauges; the system gives only the pages that are touched. */
const LANE_BYTES = COUNTERS * 8 + GAUGES * 4

export type MemberField = (typeof MEMBER)[keyof typeof MEMBER]
export type PoolField = (typeof POOL)[keyof typeof POOL]
export type PoolGauge = (typeof POOL_GAUGE)[keyof typeof POOL_GAUGE]
export type ClassField = (typeof CLASS)[keyof typeof CLASS]
export type ListenerField = (typeof LISTENER)[keyof typeof LISTENER]

/** What every thread of the gateway shares. Each lane has one writer, its worker; main alone writes weights. */
export interface LaneBuffers {
  readonly lanes: readonly SharedArrayBuffer[]
  readonly weights: SharedArrayBuffer
  readonly rates: Rates
  /** Connections by source, one table a worker. */
  readonly sources: readonly SharedArrayBuffer[]
  /** What places in `sources` go by. */
  readonly seed: number
}

/** `draw` gives a number below its argument: what nobody outside may know. */
export function createLanes(workers: number, draw: (below: number) => number = () => 1): LaneBuffers {
  return {
    lanes: Array.from({ length: workers }, () => new SharedArrayBuffer(LANE_BYTES)),
    weights: new SharedArrayBuffer((1 + MEMBER_SLOTS) * 4),
    rates: createRates([draw(2 ** 32), draw(2 ** 32)]),
    sources: Array.from({ length: workers }, () => new SharedArrayBuffer(SOURCES_BYTES)),
    seed: draw(2 ** 31),
  }
}

function countersOf(lane: SharedArrayBuffer): Float64Array {
  return new Float64Array(lane, 0, COUNTERS)
}

function gaugesOf(lane: SharedArrayBuffer): Int32Array {
  return new Int32Array(lane, COUNTERS * 8, GAUGES)
}

/** A worker's own lane. Plain stores: a reader may lag, but never sees half a number (aligned words). */
export class Lane {
  readonly index: number
  readonly #counters: Float64Array
  readonly #gauges: Int32Array

  constructor(lane: SharedArrayBuffer, index: number) {
    this.index = index
    this.#counters = countersOf(lane)
    this.#gauges = gaugesOf(lane)
  }

  addServer(slot: number, inFlight: number, connections: number): void {
    const at = slot * SERVER_GAUGES
    this.#gauges[at]! += inFlight
    this.#gauges[at + 1]! += connections
  }

  addMember(slot: number, field: MemberField, by: number): void {
    this.#counters[slot * MEMBER_FIELDS + field]! += by
  }

  /** `status` is what the server answered, 100 to 599. */
  countAnswer(slot: number, status: number, latencyMs: number): void {
    const at = slot * MEMBER_FIELDS
    this.#counters[at + MEMBER.status + Math.trunc(status / 100) - 1]! += 1
    this.#counters[at + MEMBER.latency + latencyBucket(latencyMs)]! += 1
    this.#counters[at + MEMBER.latencySumMs]! += latencyMs
  }

  addMemberInFlight(slot: number, by: number): void {
    this.#gauges[MEMBER_GAUGE_AT + slot * MEMBER_GAUGES]! += by
  }

  failuresInRow(slot: number): number {
    return this.#gauges[MEMBER_GAUGE_AT + slot * MEMBER_GAUGES + MEMBER_GAUGE.failuresInRow]!
  }

  setFailuresInRow(slot: number, count: number): void {
    this.#gauges[MEMBER_GAUGE_AT + slot * MEMBER_GAUGES + MEMBER_GAUGE.failuresInRow] = count
  }

  errorsInRow(slot: number): number {
    return this.#gauges[MEMBER_GAUGE_AT + slot * MEMBER_GAUGES + MEMBER_GAUGE.errorsInRow]!
  }

  setErrorsInRow(slot: number, count: number): void {
    this.#gauges[MEMBER_GAUGE_AT + slot * MEMBER_GAUGES + MEMBER_GAUGE.errorsInRow] = count
  }

  addPool(slot: number, field: PoolField, by: number): void {
    this.#counters[POOL_AT + slot * POOL_FIELDS + field]! += by
  }

  addPoolGauge(slot: number, gauge: PoolGauge, by: number): void {
    this.#gauges[POOL_GAUGE_AT + slot * POOL_GAUGES + gauge]! += by
  }

  /** A request of the pool has ended. */
  countEnd(slot: number, failed: boolean): void {
    const at = POOL_AT + slot * POOL_FIELDS
    this.#counters[at + POOL.ended]! += 1
    if (failed) this.#counters[at + POOL.errors]! += 1
  }

  addListener(slot: number, field: ListenerField, by: number): void {
    this.#counters[LISTENER_AT + slot * LISTENER_FIELDS + field]! += by
  }

  /** A handshake with a client has been done. */
  countClientTls(slot: number, group: TlsGroup | null, resumed: boolean): void {
    this.#countTls(LISTENER_AT + slot * LISTENER_FIELDS, LISTENER, group, resumed)
  }

  /** A handshake with a server has been done. */
  countServerTls(slot: number, group: TlsGroup | null, resumed: boolean): void {
    this.#countTls(POOL_AT + slot * POOL_FIELDS, POOL, group, resumed)
  }

  #countTls(
    at: number,
    fields: { tlsGroup: number; tlsResumed: number },
    group: TlsGroup | null,
    resumed: boolean,
  ): void {
    const which = group === null ? TLS_GROUPS.length : TLS_GROUPS.indexOf(group)
    this.#counters[at + fields.tlsGroup + which]! += 1
    if (resumed) this.#counters[at + fields.tlsResumed]! += 1
  }

  /** A request of a traffic class has ended. */
  countInClass(
    slot: number,
    end: { readonly failed: boolean; readonly sent: number; readonly ms: number },
  ): void {
    const at = CLASS_AT + slot * CLASS_FIELDS
    this.#counters[at + CLASS.requests]! += 1
    if (end.failed) this.#counters[at + CLASS.errors]! += 1
    this.#counters[at + CLASS.sentToClients]! += end.sent
    this.#counters[at + CLASS.sumMs]! += end.ms
    this.#counters[at + CLASS.latency + latencyBucket(end.ms)]! += 1
  }

  addListenerConnections(slot: number, by: number): void {
    this.#gauges[LISTENER_GAUGE_AT + slot]! += by
  }
}

export function openLane(buffers: LaneBuffers, index: number): Lane {
  return new Lane(buffers.lanes[index]!, index)
}

export function openSources({ sources, seed }: LaneBuffers, index: number): Sources {
  return new Sources(
    sources.map((buffer) => new SourceTable(buffer, seed)),
    index,
  )
}

/** Sums over all lanes. Workers use it for limits and in-flight counts, main also for statistics.
 *  Main's reader keeps what dead workers had counted (`retireLane`), so that counters never go back. */
export class LaneReader {
  readonly #counters: readonly Float64Array[]
  readonly #gauges: readonly Int32Array[]
  readonly #base = new Float64Array(COUNTERS)
  readonly #sources: readonly SharedArrayBuffer[]
  readonly #rates: Rates

  constructor(buffers: LaneBuffers) {
    this.#rates = buffers.rates
    this.#counters = buffers.lanes.map(countersOf)
    this.#gauges = buffers.lanes.map(gaugesOf)
    this.#sources = buffers.sources
  }

  /** Requests (http) and connections (tcp) in flight on a server, whatever the pool. */
  serverInFlight(slot: number): number {
    return this.#gauge(slot * SERVER_GAUGES + SERVER_GAUGE.inFlight)
  }

  /** Open connections to a server, idle ones too. */
  serverConnections(slot: number): number {
    return this.#gauge(slot * SERVER_GAUGES + SERVER_GAUGE.connections)
  }

  member(slot: number, field: MemberField): number {
    return this.#counter(slot * MEMBER_FIELDS + field)
  }

  /** Answers by status class, 1xx first. */
  memberStatuses(slot: number): [number, number, number, number, number] {
    const at = slot * MEMBER_FIELDS + MEMBER.status
    const of = (k: number) => this.#counter(at + k)
    return [of(0), of(1), of(2), of(3), of(4)]
  }

  /** One count a bucket of LATENCY_BOUNDS_MS and one for the rest. */
  memberLatency(slot: number): number[] {
    return this.#latency(slot * MEMBER_FIELDS + MEMBER.latency)
  }

  classLatency(slot: number): number[] {
    return this.#latency(CLASS_AT + slot * CLASS_FIELDS + CLASS.latency)
  }

  #latency(at: number): number[] {
    return Array.from({ length: LATENCY_BUCKETS }, (_, bucket) => this.#counter(at + bucket))
  }

  memberInFlight(slot: number): number {
    return this.#gauge(MEMBER_GAUGE_AT + slot * MEMBER_GAUGES)
  }

  /** Connect failures in a row as one worker saw them. */
  failuresInRow(lane: number, slot: number): number {
    return this.#gauges[lane]![MEMBER_GAUGE_AT + slot * MEMBER_GAUGES + MEMBER_GAUGE.failuresInRow]!
  }

  /** Bad answers in a row as one worker saw them. */
  errorsInRow(lane: number, slot: number): number {
    return this.#gauges[lane]![MEMBER_GAUGE_AT + slot * MEMBER_GAUGES + MEMBER_GAUGE.errorsInRow]!
  }

  pool(slot: number, field: PoolField): number {
    return this.#counter(POOL_AT + slot * POOL_FIELDS + field)
  }

  poolGauge(slot: number, gauge: PoolGauge): number {
    return this.#gauge(POOL_GAUGE_AT + slot * POOL_GAUGES + gauge)
  }

  listener(slot: number, field: ListenerField): number {
    return this.#counter(LISTENER_AT + slot * LISTENER_FIELDS + field)
  }

  /** Handshakes by group, in the order of TLS_GROUPS and then none of them: of a listener's clients, of a pool's servers. */
  listenerTls(slot: number): number[] {
    return this.#groups(LISTENER_AT + slot * LISTENER_FIELDS + LISTENER.tlsGroup)
  }

  poolTls(slot: number): number[] {
    return this.#groups(POOL_AT + slot * POOL_FIELDS + POOL.tlsGroup)
  }

  #groups(at: number): number[] {
    return Array.from({ length: TLS_GROUPS.length + 1 }, (_, group) => this.#counter(at + group))
  }

  trafficClass(slot: number, field: ClassField): number {
    return this.#counter(CLASS_AT + slot * CLASS_FIELDS + field)
  }

  listenerConnections(slot: number): number {
    return this.#gauge(LISTENER_GAUGE_AT + slot)
  }

  /** Main only, after the lane's worker has exited: keeps its counters, zeroes its lane for the next worker. */
  retireLane(lane: number): void {
    const counters = this.#counters[lane]!
    for (let at = 0; at < COUNTERS; at++) {
      // Writing zeros would make the system give memory for slots that nobody has.
      if (counters[at] === 0) continue
      this.#base[at]! += counters[at]!
      counters[at] = 0
    }
    this.#gauges[lane]!.fill(0)
    new Int32Array(this.#sources[lane]!).fill(0)
    releaseLocks(this.#rates, lane)
  }

  /** Main only, before a member slot gets its next owner: its counters start at 0 again without a write to any lane. */
  restartMember(slot: number): void {
    this.#restart(slot * MEMBER_FIELDS, MEMBER_FIELDS)
  }

  restartPool(slot: number): void {
    this.#restart(POOL_AT + slot * POOL_FIELDS, POOL_FIELDS)
  }

  restartListener(slot: number): void {
    this.#restart(LISTENER_AT + slot * LISTENER_FIELDS, LISTENER_FIELDS)
  }

  restartClass(slot: number): void {
    this.#restart(CLASS_AT + slot * CLASS_FIELDS, CLASS_FIELDS)
  }

  #restart(from: number, fields: number): void {
    for (let at = from; at < from + fields; at++) this.#base[at]! -= this.#counter(at)
  }

  #counter(at: number): number {
    let sum = this.#base[at]!
    for (let lane = 0; lane < this.#counters.length; lane++) sum += this.#counters[lane]![at]!
    return sum
  }

  #gauge(at: number): number {
    let sum = 0
    for (let lane = 0; lane < this.#gauges.length; lane++) sum += this.#gauges[lane]![at]!
    return sum
  }
}
