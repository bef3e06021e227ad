import type { AffinitySpec } from './affinity.ts'
import type { Algorithm, HashSpec } from './algorithm.ts'
import type { AttemptSpec, BreakerSpec } from './attempts.ts'
import type { AccessLogSpec, ListenerSpec, UpstreamSpec } from './balancer.ts'
import type { ListenerTls, ServerTls } from './tls.ts'

/** A member as a gateway worker sees it. Weight and counters live in shared memory under the two slots. */
export interface SnapshotMember {
  readonly id: string
  readonly host: string
  readonly port: number
  /** What its certificate must be for; absent = `host`. */
  readonly name?: string
  /** Index of the server's counters (in-flight, connections), one for all pools. */
  readonly serverSlot: number
  /** Index of this (pool, server)'s counters and effective weight. */
  readonly memberSlot: number
  /** Static members and fleet members of configured weight > 0 are candidates; drained ones stay for connections to end. */
  readonly draining: boolean
}

export interface SnapshotPool {
  readonly name: string
  /** Index of the pool's counters. */
  readonly poolSlot: number
  readonly algorithm: Algorithm
  readonly hash?: HashSpec
  /** `key` signs its cookies. */
  readonly affinity?: AffinitySpec & { readonly key: string }
  /** Bad answers in a row count: main ejects by them. */
  readonly countsErrors?: boolean
  readonly upstream: UpstreamSpec
  readonly retries: number
  readonly attempts?: AttemptSpec
  readonly breaker?: BreakerSpec
  readonly members: readonly SnapshotMember[]
  /** What the files of `upstream.tls` hold. */
  readonly keys?: ServerTls
}

export interface SnapshotListener extends ListenerSpec {
  /** Index of the listener's counters; kept while a listener of that name exists. */
  readonly listenerSlot: number
  /** What the files of `tls` hold. */
  readonly keys?: ListenerTls
}

/** Everything the hot path reads, immutable, replaced by one assignment. */
export interface Snapshot {
  readonly version: number
  readonly listeners: readonly SnapshotListener[]
  readonly pools: readonly SnapshotPool[]
  readonly accessLog: AccessLogSpec | null
  readonly makesTraces?: true
  /** Indices of the counters of traffic classes, by name. */
  readonly classSlots: Readonly<Record<string, number>>
}
