import type { Bind } from '../core/balancer.ts'
import type { Purge } from '../core/cache.ts'
import type { Snapshot } from '../core/snapshot.ts'
import type { Millis } from '../core/time.ts'
import type { LaneBuffers } from './lanes.ts'

/** `workerData` of src/gateway/worker/entry.ts. Listeners' ports are real ones: main has found out those of port 0. */
export interface WorkerInit {
  /** Which lane is its own. */
  readonly index: number
  /** How often the worker of this index has been started; for logs. */
  readonly generation: number
  readonly buffers: LaneBuffers
  readonly snapshot: Snapshot
  /** Other workers listen on the same ports. */
  readonly reusePort: boolean
  /** Listening sockets that a former gateway has left to this worker, by listener. */
  readonly inherited: Readonly<Record<string, readonly number[]>>
}

export type ToWorker =
  /** Answered by `ack` once traffic flows by it and its new listeners listen. */
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  /** Answered by `idle-closed` once no idle pooled connection to these servers is open in this worker. */
  | { readonly kind: 'close-idle'; readonly id: number; readonly serverSlots: readonly number[] }
  /** Answered by `purged` once its caches have forgotten it. */
  | { readonly kind: 'purge'; readonly id: number; readonly what: Purge }
  /** Stops accepting, ends kept connections after their current answer, destroys the rest after `withinMs`.
   *  Answered by `drained`; then the worker exits by itself. Asked again, only an earlier end counts. `gentle`: kept connections may ask
   *  once more before they end, so that none is closed while a request is on its way. */
  | { readonly kind: 'drain'; readonly withinMs: Millis; readonly gentle: boolean }
  /** Answered by `descriptors`: the sockets that it listens on. */
  | { readonly kind: 'descriptors'; readonly id: number }

export type FromWorker =
  /** The first snapshot is served. `bound` by listener name. */
  | { readonly kind: 'ready'; readonly bound: Readonly<Record<string, Bind>> }
  | { readonly kind: 'ack'; readonly version: number; readonly bound: Readonly<Record<string, Bind>> }
  /** The snapshot's other parts are served; these listeners could not be opened. Comes before `ready` or `ack`. */
  | { readonly kind: 'listen-failed'; readonly listener: string; readonly message: string }
  | { readonly kind: 'idle-closed'; readonly id: number }
  | { readonly kind: 'purged'; readonly id: number; readonly count: number }
  | { readonly kind: 'drained' }
  | {
      readonly kind: 'descriptors'
      readonly id: number
      readonly sockets: Readonly<Record<string, readonly number[]>>
    }
  | { readonly kind: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly message: string }
