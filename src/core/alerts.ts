import type { Millis } from './time.ts'

/** Every alert, and what it means: the one table that /metrics and the reference follow. */
export const ALERTS = {
  'step-overdue': 'a step has not been seen to land in time',
  'at-max': 'more servers are wanted than max allows, for a minute',
  'no-data':
    'a metric that a policy needs has had no data for a minute, or for as long as its source may take',
  flapping: 'a server turned bad 3 times in 10 minutes, or a tenth of the fleet (at least 3) failed',
  blind: 'servers, pools or orders cannot be read for half a minute; nothing is changed',
  balancer:
    'a balancer of the fleet has not been as configured for half a minute; nothing beyond min is launched while servers wait to join',
  ineffective: 'servers that a policy asked for did not help',
  strays: 'servers of this installation belong to no fleet of the file; nobody gives them back',
  budget: 'the budget of the fleet is used up, or is on course to be; nothing is launched beyond it',
  'replacement-stopped': 'too many new servers failed; the old ones go on, and nothing more is replaced',
} as const

export type AlertName = keyof typeof ALERTS

/** An alert that has been raised. */
export interface Alert {
  readonly name: AlertName
  readonly sinceAt: Millis
  /** One sentence. */
  readonly says: string
}

/** How long the condition of an alert has held, raised or not yet. */
export interface Condition {
  readonly sinceAt: Millis
  readonly lastAt: Millis
  readonly says: string
  /** It is raised after so long; left out, after what its alert has. */
  readonly afterMs?: Millis
}

/** A server that turned bad: it became unhealthy, or failed after it had served. */
export interface Turn {
  readonly at: Millis
  readonly server: string
  readonly failed: boolean
}

/** What alerts remember from tick to tick. */
export interface AlertMemory {
  readonly conditions: Readonly<Partial<Record<AlertName, Condition>>>
  /** Oldest first; of the last 10 minutes. */
  readonly turns: readonly Turn[]
  /** Servers that were bad at the last look. */
  readonly bad: readonly string[]
}

export const NO_ALERTS: AlertMemory = { conditions: {}, turns: [], bad: [] }
