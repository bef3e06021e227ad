import { Fault, messageOf } from '../core/fault.ts'
import type { History } from '../core/history.ts'
import type { Capacity } from '../core/learned.ts'
import type { Millis } from '../core/time.ts'
import { capacityOf } from '../scaling/capacity/capacity.ts'
import { WORKED_METRICS, workedIn } from '../scaling/capacity/worked.ts'
import type { FleetPorts } from './ports.ts'

/** What is learned is learned anew when it is this old. */
const RENEW_MS: Millis = 1_800_000
const DAY: Millis = 86_400_000
/** The last day finely, since overloads are short, and the days before as they are kept. */
const RANGES = [
  { fromMs: 7 * DAY, toMs: DAY, stepMs: 300_000 },
  { fromMs: DAY, toMs: 0, stepMs: 60_000 },
] as const

/** Learns what a server carries from the history. Owned by the loop: no tick waits for it. */
export class Learner {
  #capacity: Capacity | null = null
  #surelyRps: number | null
  #askedAt = Number.NEGATIVE_INFINITY
  #hasTold = false

  /** `surelyRps`: what an earlier controller was sure of. */
  constructor(surelyRps: number | null) {
    this.#surelyRps = surelyRps
  }

  /** The newest that is known; null = nothing yet. */
  get capacity(): Capacity | null {
    return this.#capacity
  }

  /** Requests a second that a server carries, by the low end of the newest confident estimate; null = there was none yet. What was once sure
   *  stays until something else is: a quiet week takes nothing back. */
  get surelyRps(): number | null {
    return this.#surelyRps
  }

  /** Begins anew when what is known is old and it is its turn. A defect ends nothing: it is told once, and what was known stays. */
  look(fleet: string, ports: Pick<FleetPorts, 'history' | 'turns' | 'log'>, now: Millis): void {
    const { history, turns, log } = ports
    if (Math.abs(now - this.#askedAt) < RENEW_MS || !turns.take('capacity', now)) return
    this.#askedAt = now
    readCapacity(fleet, history, now).then(
      (capacity) => {
        this.#capacity = capacity
        if (capacity?.confident) this.#surelyRps = capacity.mostRps.low
      },
      (error: unknown) => {
        if (error instanceof Fault || this.#hasTold) return
        this.#hasTold = true
        const text = `${fleet}: what a server carries cannot be learned: ${messageOf(error)}`
        log.error(text, { fleet, stack: error instanceof Error ? error.stack : undefined })
      },
    )
  }
}

/** What a server of the fleet carries, by the last seven days. Throws Fault as `History.read` does. */
export async function readCapacity(
  fleet: string,
  history: Pick<History, 'read'>,
  now: Millis,
): Promise<Capacity | null> {
  const ranges = RANGES.map(async ({ fromMs, toMs, stepMs }) => {
    const range = { fromAt: floor(now - fromMs), toAt: toMs === 0 ? now : floor(now - toMs), stepMs }
    const [throughput, inFlight, serving, cpu] = await Promise.all(
      WORKED_METRICS.map((metric) => history.read({ fleet, metric, ...range })),
    )
    return workedIn({
      throughput: throughput!.points,
      'in-flight': inFlight!.points,
      serving: serving!.points,
      cpu: cpu!.points,
    })
  })
  return capacityOf((await Promise.all(ranges)).flat())
}

function floor(at: Millis): Millis {
  return Math.floor(at / RANGES[0].stepMs) * RANGES[0].stepMs
}
