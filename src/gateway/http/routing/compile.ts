import type { ListenerSpec } from '../../../core/balancer.ts'
import type { RuleSpec } from '../../../core/rule.ts'
import type { Pool } from '../../worker/pool.ts'
import type { Route, Transaction } from '../filter.ts'
import { errorReply } from '../reply.ts'
import { Routes } from './routes.ts'

/** What rules are compiled into parts of. */
export interface Surroundings {
  readonly pools: ReadonlyMap<string, Pool>
}

type Spec = Pick<ListenerSpec, 'rules' | 'pool'>

/** A listener's rules as its connections use them. */
export function routesOf(spec: Spec, about: Surroundings): Routes<Route> {
  return new Routes<Route>(
    spec.rules.map((rule) => [rule.match, routeOf(rule, about)]),
    spec.pool === null ? null : toPool(spec.pool, about),
  )
}

function routeOf({ action }: RuleSpec, about: Surroundings): Route {
  return toPool(action.pool, about)
}

function toPool(name: string, { pools }: Surroundings): Route {
  const pool = pools.get(name) ?? null
  return { filters: [], pool, act: pool === null ? refuse : null }
}

/** A rule to a pool that is not there takes its requests all the same: the next rule's are others. */
function refuse(transaction: Transaction): void {
  transaction.answer(errorReply(503), 'no-server')
}
