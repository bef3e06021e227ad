import type { BalancerSummary, FleetStatus, Queries } from '../core/admin.ts'
import type { GatewayStats } from '../core/control.ts'
import type { CostReport, FormerSpend } from '../core/cost.ts'
import { Fault } from '../core/fault.ts'
import type { History } from '../core/history.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { Store } from '../core/store.ts'
import type { Clock, Millis } from '../core/time.ts'
import type { BalancerLoop } from './balancer-loop.ts'
import type { FleetLoop } from './fleet-loop.ts'

/** The loops of now: a reload may add and remove some. */
export interface Loops {
  readonly fleets: () => readonly FleetLoop[]
  readonly balancers: () => readonly BalancerLoop[]
}

export interface QueryParts extends Loops {
  readonly store: Store
  readonly history: Pick<History, 'dropped'>
  readonly clock: Clock
  /** What a fleet has cost, from the history. */
  readonly costOf: (
    fleet: FleetSpec,
    range: {
      readonly fromAt: Millis
      readonly toAt: Millis
      readonly startupMs: Millis
      readonly former: readonly FormerSpend[]
    },
  ) => Promise<CostReport>
  /** The gateway's counters; null when it does not answer. */
  readonly stats: () => Promise<GatewayStats | null>
  /** Those that the file no longer has and that are still there. */
  readonly leftBalancers: () => readonly BalancerSummary[]
  /** Those of the file that could not be opened yet. */
  readonly late: { readonly specs: readonly FleetSpec[]; readonly statuses: readonly FleetStatus[] }
  readonly about: Queries['about']
  readonly shadow: Queries['shadow']
}

const NEVER = new AbortController().signal

export function createQueries(parts: QueryParts): Queries {
  const { fleets, balancers, store, history, clock, costOf, stats, leftBalancers, late, about, shadow } =
    parts
  const specOf = (name: string) => fleetNamed([...fleets().map(({ spec }) => spec), ...late.specs], name)
  return {
    async pools() {
      const counted = await stats()
      return balancers().flatMap((balancer) => balancer.pools(counted))
    },
    fleets: async () => [...fleets().map((fleet) => fleet.status()), ...late.statuses],
    async cost({ fleet, ...range }) {
      const loop = fleets().find(({ name }) => name === fleet)
      const spec = loop?.inForce ?? specOf(fleet)
      const startupMs = loop?.usualStartupMs ?? spec.usualStartupMs ?? spec.startupMs
      return await costOf(spec, { ...range, startupMs, former: loop?.formerSpend ?? [] })
    },
    balancers: async () => [...balancers().map((balancer) => balancer.summary()), ...leftBalancers()],
    plan: () => Promise.all(fleets().map((fleet) => fleet.plan(NEVER))),
    async decisions(query) {
      specOf(query.fleet)
      return await store.decisions(query)
    },
    events: (query) => store.events(query),
    lastEvents: (limit) => store.lastEvents(limit),
    audits: (query) => store.audits(query),
    async standing() {
      const scopes = [
        ...fleets().map(({ name }) => `fleet:${name}`),
        ...balancers().map(({ spec }) => `balancer:${spec.name}`),
      ]
      const orders = await Promise.all(scopes.map((scope) => store.orders(scope, clock.now())))
      const one = shadow()
      return {
        orders: orders.flat(),
        revision: about().revision,
        shadow: one && `${one.file} (${one.id})`,
      }
    },
    stats,
    historyDropped: () => history.dropped(),
    blind: () =>
      [
        ...balancers().map(({ spec, blind }) => ({ name: spec.name, blind })),
        ...fleets().map((fleet) => fleet.status()),
        ...late.statuses,
      ].flatMap(({ name, blind }) => (blind === null ? [] : [`${name}: ${blind}`])),
    about,
    shadow,
  }
}

/** Throws Fault `not-found`. */
export function fleetNamed<T extends { readonly name: string }>(fleets: readonly T[], name: string): T {
  const fleet = fleets.find((one) => one.name === name)
  if (fleet) return fleet
  const known = fleets.map((one) => one.name).join(', ') || 'none'
  throw new Fault('not-found', `there is no fleet ${name}; there are: ${known}`, {
    source: 'user',
    retry: 'no',
  })
}
