import { Output } from '../http1/output.ts'
import { type Lane, type LaneBuffers, LaneReader, openLane, openSources } from '../lanes.ts'
import { RateTable } from '../rate-table.ts'
import type { Sources } from '../sources.ts'
import { Weights } from '../weights.ts'
import type { AccessLog } from './log/access-log.ts'
import { ReadBuffers } from './reads.ts'
import { TimerWheel } from './timer-wheel.ts'

const WARN_MS = 1_000

/** What all connections of one worker share. */
export class Context {
  readonly lane: Lane
  readonly reader: LaneReader
  readonly weights: Weights
  readonly rates: RateTable
  /** How many share what the gateway may do. */
  readonly workers: number
  readonly wheel: TimerWheel
  readonly sources: Sources
  /** Messages are put together here, and leave within the event that began them. */
  readonly toServer = new Output()
  readonly toClient = new Output()
  readonly readBuffers = new ReadBuffers()
  /** Heads of other versions are put into HTTP/1.1's form here. */
  readonly heads = new Output()
  /** Where requests wait for a connection. */
  readonly crowded = new Set<{ wake(): void }>()
  accessLog: AccessLog | null = null
  /** Requests that belong to no trace begin one. */
  makesTraces = false
  /** Set by whoever can tell people. */
  log: (message: string) => void = () => {}
  /** No connection is kept beyond its current answer. */
  draining = false
  /** Monotonic, as of the last tick: for everything that may be a tick late. */
  nowMs: number

  #warnedMs = Number.NEGATIVE_INFINITY
  #dateSecond = 0
  #date = ''

  constructor(buffers: LaneBuffers, index: number, nowMs: number) {
    this.lane = openLane(buffers, index)
    this.reader = new LaneReader(buffers)
    this.weights = new Weights(buffers)
    this.rates = new RateTable(buffers.rates, index)
    this.workers = buffers.lanes.length
    this.wheel = new TimerWheel(nowMs)
    this.sources = openSources(buffers, index)
    this.nowMs = nowMs
  }

  /** Now, as an HTTP date; made anew at most once a second. */
  get date(): string {
    const second = Math.floor(Date.now() / 1000)
    if (second !== this.#dateSecond) {
      this.#dateSecond = second
      this.#date = new Date(second * 1000).toUTCString()
    }
    return this.#date
  }

  /** Tells people what goes wrong, at most once a second: a server that is down is met by every request. */
  warn(message: string): void {
    if (this.nowMs - this.#warnedMs < WARN_MS) return
    this.#warnedMs = this.nowMs
    this.log(message)
  }

  /** There may be room for a connection that somebody waits for: limits are of all servers of a pool, and of all workers. */
  wake(): void {
    if (this.crowded.size === 0) return
    for (const waiting of this.crowded) waiting.wake()
  }

  tick(nowMs: number): void {
    this.nowMs = nowMs
    // Nobody tells of what other workers close.
    this.wake()
    this.wheel.advance(nowMs)
    this.accessLog?.flush()
  }
}
