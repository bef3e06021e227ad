import { probeDelay, probeTimeout } from '../../../balancing/health.ts'
import { isEjected } from '../../../balancing/outlier.ts'
import type { PoolSpec, ProbeNote, UpstreamSpec } from '../../../core/balancer.ts'
import type { HealthSpec } from '../../../core/health.ts'
import type { Millis, Rng } from '../../../core/time.ts'
import type { ProbeTarget } from '../../../probing/attempt.ts'
import { probe } from '../../../probing/probe.ts'
import { proxyHeader } from '../../proxy-protocol/write.ts'
import type { Entry, Roster } from '../members/roster.ts'
import { entriesOf } from '../members/roster.ts'
import type { Vitals } from '../members/vitals.ts'

/** Probes under way at once; more wait their turn. */
const MAX_PROBES = 256
/** Of those, the ones that are a process each. */
const MAX_PROCESSES = 16
const TURN_MS = 50

export interface ChecksOptions {
  readonly now: () => Millis
  readonly rng: Rng
  /** Connects of traffic to it have failed since its last probe. */
  readonly isSuspect: (vitals: Vitals) => boolean
  readonly onResult: (entry: Entry, rules: HealthSpec, note: ProbeNote) => void
}

interface Watch {
  entry: Entry
  rules: HealthSpec
  upstream: UpstreamSpec
  readonly abort: AbortController
  timer: NodeJS.Timeout | null
  dueAt: Millis
}

/** Probes every member of the roster, for ever; one probe at a time of each. */
export class Checks {
  readonly #options: ChecksOptions
  readonly #watches = new Map<Vitals, Watch>()
  #running = 0
  #processes = 0

  constructor(options: ChecksOptions) {
    this.#options = options
  }

  /** From now on exactly these are probed; new ones at once. */
  follow(roster: Roster): void {
    const pools = new Map(roster.spec?.pools.map((pool) => [pool.name, pool]))
    const wanted = new Set<Vitals>()
    for (const entry of entriesOf(roster)) {
      wanted.add(entry.vitals)
      this.#watch(entry, pools.get(entry.pool)!)
    }
    for (const [vitals, watch] of this.#watches) if (!wanted.has(vitals)) this.#forget(vitals, watch)
  }

  /** Brings the member's next probe forward. */
  hurry(vitals: Vitals): void {
    const watch = this.#watches.get(vitals)
    if (!watch?.timer) return
    const ms = probeDelay(vitals.health, watch.rules, true, this.#options.rng)
    if (this.#options.now() + ms < watch.dueAt) this.#later(watch, ms)
  }

  close(): void {
    for (const [vitals, watch] of this.#watches) this.#forget(vitals, watch)
  }

  #watch(entry: Entry, { health: rules, upstream }: PoolSpec): void {
    const known = this.#watches.get(entry.vitals)
    if (!known) {
      const watch: Watch = { entry, rules, upstream, abort: new AbortController(), timer: null, dueAt: 0 }
      this.#watches.set(entry.vitals, watch)
      this.#later(watch, 0)
      return
    }
    const sooner = rules.intervalMs < known.rules.intervalMs
    known.entry = entry
    known.rules = rules
    known.upstream = upstream
    if (sooner && known.timer) this.#later(known, this.#delay(known))
  }

  #forget(vitals: Vitals, watch: Watch): void {
    this.#watches.delete(vitals)
    if (watch.timer) clearTimeout(watch.timer)
    watch.abort.abort()
  }

  #delay({ entry: { vitals }, rules }: Watch): Millis {
    const { now, rng, isSuspect } = this.#options
    return probeDelay(vitals.health, rules, isEjected(vitals.outlier, now()) || isSuspect(vitals), rng)
  }

  #later(watch: Watch, ms: Millis): void {
    if (watch.timer) clearTimeout(watch.timer)
    watch.dueAt = this.#options.now() + ms
    watch.timer = setTimeout(() => void this.#run(watch), ms)
  }

  async #run(watch: Watch): Promise<void> {
    const { entry, rules, upstream, abort } = watch
    const isProcess = rules.type === 'command' || rules.type === 'icmp'
    if (this.#running >= MAX_PROBES || (isProcess && this.#processes >= MAX_PROCESSES)) {
      return this.#later(watch, TURN_MS)
    }
    watch.timer = null
    this.#running++
    if (isProcess) this.#processes++
    const timeoutMs = probeTimeout(entry.vitals.health, rules)
    const result = await probe(targetOf(entry, upstream), { ...rules, timeoutMs }, abort.signal)
    this.#running--
    if (isProcess) this.#processes--
    if (abort.signal.aborted) return
    this.#options.onResult(watch.entry, watch.rules, { at: this.#options.now(), ...result })
    this.#later(watch, this.#delay(watch))
  }
}

function targetOf({ host, port, name }: Entry, { proxyProtocol }: UpstreamSpec): ProbeTarget {
  return {
    host,
    port,
    ...(name !== null && { name }),
    ...(proxyProtocol !== undefined && { preamble: proxyHeader(proxyProtocol, null) }),
  }
}
