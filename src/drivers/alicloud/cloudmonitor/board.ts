import type { MetricQuery, Reading } from '../../../core/metrics.ts'
import type { Clock, Millis } from '../../../core/time.ts'
import type { CallCloud } from '../client/client.ts'
import { faultOf } from '../faults.ts'
import type { MetricConfig } from './config.ts'
import { lastPoints } from './last-points.ts'
import type { Point } from './points.ts'
import { readingOf } from './reading.ts'

export interface Means {
  readonly call: CallCloud
  readonly clock: Clock
  /** Aborts when the source is closed. */
  readonly closed: AbortSignal
}

/** All fleets ask within a tick of each other: the first round waits for them. */
const GATHER_MS = 1_500
/** Whoever has not been asked for in so many rounds is gone. */
const FORGET_ROUNDS = 3

/** What one round said. */
interface Round {
  readonly at: Millis
  /** By server, every one that was asked for; all under one key where it is no metric of servers. */
  readonly points: ReadonlyMap<string, readonly Point[]>
}

/** The key of points that are of no server. */
const ALL = ''

/** One metric, asked for the servers of all fleets together. */
export class Board {
  readonly #metric: MetricConfig
  readonly #means: Means
  /** Servers, and when somebody last wanted to know of them. */
  readonly #wanted = new Map<string, Millis>()
  #askedAt: Millis | null = null
  #flight: Promise<void> | null = null
  #last: Round | null = null
  #failure: Extract<Reading, { ok: false }> | null = null

  constructor(metric: MetricConfig, means: Means) {
    this.#metric = metric
    this.#means = means
  }

  /** How many servers a round asks for; null = it asks for something else. */
  get servers(): number | null {
    return this.#metric.serverKey === null ? null : this.#wanted.size
  }

  /** Notes who is wanted, so that the next round asks for them. */
  want(servers: readonly string[]): void {
    const now = this.#means.clock.now()
    for (const id of servers) if (isInstance(id)) this.#wanted.set(id, now)
  }

  /** From what the last round said, while another one goes on. Waits only when there is none that is recent. */
  async read({ servers }: MetricQuery, everyMs: Millis): Promise<Reading> {
    const { clock } = this.#means
    const own = servers.filter(isInstance)
    if (this.#metric.serverKey !== null && own.length === 0)
      return this.#none('no-data', 'no serving server is an ECS instance')
    const now = clock.now()
    if (this.#flight === null && now - (this.#askedAt ?? Number.NEGATIVE_INFINITY) >= everyMs) {
      const isFirst = this.#askedAt === null
      this.#askedAt = now
      this.#flight = this.#round(isFirst ? GATHER_MS : 0, FORGET_ROUNDS * everyMs).finally(() => {
        this.#flight = null
      })
    }
    const settledAt = Math.max(this.#last?.at ?? 0, this.#failure?.at ?? 0)
    if (now - settledAt > 2 * everyMs) await this.#flight
    return this.#reading(own, everyMs)
  }

  #reading(servers: readonly string[], everyMs: Millis): Reading {
    const now = this.#means.clock.now()
    // One round that fails is not worth a word: its points would be hardly newer.
    if (this.#failure !== null && (this.#last === null || now - this.#last.at > 2 * everyMs))
      return this.#failure
    const own = (this.#metric.serverKey === null ? [ALL] : servers)
      .map((id) => this.#last!.points.get(id))
      .filter((points) => points !== undefined)
    if (own.length === 0) return this.#none('no-data', 'its servers are new, and have not been asked for yet')
    return readingOf(own.flat(), this.#metric, { servers: servers.length, now })
  }

  async #round(waitMs: Millis, forgetMs: Millis): Promise<void> {
    const { call, clock, closed } = this.#means
    try {
      await clock.sleep(waitMs, closed)
      for (const [id, at] of this.#wanted) if (clock.now() - at > forgetMs) this.#wanted.delete(id)
      const servers = [...this.#wanted.keys()]
      const outcome = await lastPoints(call, this.#metric, servers, closed)
      if (outcome.ok) {
        this.#last = { at: clock.now(), points: this.#byServer(outcome.value, servers) }
        this.#failure = null
        return
      }
      const { message } = faultOf('metrics.failed', 'CloudMonitor cannot be asked', outcome.fault)
      this.#failure = this.#none(outcome.fault.kind === 'refused' ? 'no-data' : 'unreachable', message)
    } catch (error) {
      if (!closed.aborted) throw error
      this.#failure = this.#none('unreachable', 'the source is closed')
    }
  }

  #byServer(points: readonly Point[], servers: readonly string[]): Round['points'] {
    const { serverKey } = this.#metric
    if (serverKey === null) return new Map([[ALL, points]])
    const found = Map.groupBy(points, (point) => point[serverKey])
    return new Map(servers.map((id) => [id, found.get(id) ?? []]))
  }

  #none(why: 'no-data' | 'unreachable', detail: string): Extract<Reading, { ok: false }> {
    return { ok: false, at: this.#means.clock.now(), why, detail }
  }
}

/** Servers of other drivers are nothing that the cloud knows. */
function isInstance(id: string): boolean {
  return id.startsWith('i-')
}
