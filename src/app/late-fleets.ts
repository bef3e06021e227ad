import type { FleetStatus } from '../core/admin.ts'
import { Fault } from '../core/fault.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { Clock, Millis } from '../core/time.ts'
import { nap } from './supervisor.ts'

const FIRST_MS: Millis = 1_000
const LONGEST_MS: Millis = 60_000

export interface LateFleetParts {
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Opens it, when its turn comes and it is still wanted then. Throws Fault. */
  readonly open: (spec: FleetSpec, isWanted: () => boolean) => Promise<void>
  /** A loop ended by a defect. */
  readonly onDefect: (error: unknown) => void
}

interface Late {
  readonly spec: FleetSpec
  why: string
}

/** Fleets of the file that a reload could not open: each is tried again, ever more slowly, until it runs or the file is loaded anew. */
export class LateFleets {
  readonly #parts: LateFleetParts
  readonly #late = new Map<string, Late>()

  constructor(parts: LateFleetParts) {
    this.#parts = parts
  }

  /** As `status` shows them. */
  get statuses(): readonly FleetStatus[] {
    return [...this.#late.values()].map(({ spec, why }) => statusOf(spec, why))
  }

  get specs(): readonly FleetSpec[] {
    return [...this.#late.values()].map(({ spec }) => spec)
  }

  add(spec: FleetSpec, why: string): void {
    const late = { spec, why }
    this.#late.set(spec.name, late)
    void this.#tryAgain(late).catch(this.#parts.onDefect)
  }

  /** They are tried no more: the file is loaded anew, and whoever cannot be opened now is added again; or all is to stop. */
  clear(): void {
    this.#late.clear()
  }

  async #tryAgain(late: Late): Promise<void> {
    const { clock, signal, open } = this.#parts
    const { name } = late.spec
    const isLate = () => this.#late.get(name) === late && !signal.aborted
    for (let pauseMs = FIRST_MS; isLate(); pauseMs = Math.min(2 * pauseMs, LONGEST_MS)) {
      await nap(clock, pauseMs, signal)
      if (!isLate()) return
      try {
        await open(late.spec, isLate)
        if (isLate()) this.#late.delete(name)
      } catch (error) {
        if (!(error instanceof Fault)) throw error
        late.why = error.message
      }
    }
  }
}

/** Nobody looks at its servers: none is known. */
function statusOf(spec: FleetSpec, why: string): FleetStatus {
  const { name, min, max, metrics, capacityRps, usualStartupMs: startupMs } = spec
  return {
    name,
    min,
    max,
    desired: min,
    actual: 0,
    ready: 0,
    servers: [],
    reserve: 0,
    kept: 0,
    exits: [],
    readings: {},
    measuredBy: {},
    metrics,
    orders: [],
    replacement: null,
    windows: [],
    open: [],
    blind: `it does not run yet, and is tried again: ${why}`,
    lastTickAt: 0,
    decision: null,
    cost: null,
    others: [],
    shadow: null,
    alerts: [],
    backoff: null,
    learned: { capacity: null, startup: null, fixed: { capacityRps, startupMs } },
    tuning: null,
  }
}
