import type { Access } from '../core/access.ts'
import type { Orders, Queries } from '../core/admin.ts'
import type { HistoryDesk } from '../core/history.ts'
import type { Store } from '../core/store.ts'
import type { Clock, Logger } from '../core/time.ts'

/** Everything that the admin API may touch. */
export interface ApiPorts {
  readonly queries: Queries
  readonly orders: Orders
  readonly history: HistoryDesk
  /** Writes down who changed what. */
  readonly audit: Store['audit']
  /** Who may ask, as of now: tokens come and go while it runs. */
  readonly access: () => Access
  readonly log: Logger
  readonly clock: Clock
}
