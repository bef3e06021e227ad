import type { ListenerSpec } from '../../../core/balancer.ts'
import type { Pool } from '../../worker/pool.ts'
import type { Route } from '../filter.ts'
import { Routes } from './routes.ts'

/** A listener's rules as its connections use them; made once a snapshot. */
export function routesOf(
  spec: Pick<ListenerSpec, 'rules' | 'pool'>,
  pools: ReadonlyMap<string, Pool>,
): Routes<Route> {
  const targets = new Map([...pools].map(([name, pool]) => [name, { filters: [], pool, act: null }]))
  return new Routes<Route>(spec.rules, spec.pool, targets)
}
