import type { Json } from './canonical.ts'
import type { Order } from './order.ts'
import type { Millis } from './time.ts'

/** What operators have changed that is in force now. */
export interface Standing {
  /** Of every fleet and balancer. */
  readonly orders: readonly Order[]
  /** Hash of the configuration in force. */
  readonly revision: string
  /** The configuration in shadow, as `file (id)`; null = there is none. */
  readonly shadow: string | null
}

/** One write to the admin API, done or refused. */
export interface AuditRecord {
  readonly id: number
  readonly at: Millis
  /** Name of the token, or what the client called itself where none is needed. */
  readonly who: string
  /** Address of the client. */
  readonly address: string
  /** `PUT /api/v1/fleets/api/desired` */
  readonly what: string
  readonly body: Json
  /** HTTP status of the answer, and the fault's code when it was refused. */
  readonly status: number
  readonly code: string | null
  /** What it took away, and what it put there: only what differs. */
  readonly before: Partial<Standing>
  readonly after: Partial<Standing>
}

/** What differs between two states, as each had it. Pure. */
export function differences(before: Standing, after: Standing): Pick<AuditRecord, 'before' | 'after'> {
  const missingIn = (from: Standing, other: Standing): Partial<Standing> => {
    const orders = from.orders.filter((order) => !other.orders.some(({ id }) => id === order.id))
    return {
      ...(orders.length > 0 && { orders }),
      ...(before.revision !== after.revision && { revision: from.revision }),
      ...(before.shadow !== after.shadow && { shadow: from.shadow }),
    }
  }
  return { before: missingIn(before, after), after: missingIn(after, before) }
}
