import type { ListenerSpec } from '../../../core/balancer.ts'
import type { Purge } from '../../../core/cache.ts'
import { armsOf } from '../../../core/canary.ts'
import { type ActionSpec, poolsOf, type RuleSpec, type SplitSpec } from '../../../core/rule.ts'
import type { Rng } from '../../../core/time.ts'
import type { Context } from '../../worker/context.ts'
import type { Pool } from '../../worker/pools/pool.ts'
import { Edits } from '../actions/edits.ts'
import { STRICT_TRANSPORT, toHttps, unlessSecure } from '../actions/https-only.ts'
import { Mirror } from '../actions/mirror.ts'
import { redirecting, responding } from '../actions/replies.ts'
import { Rewrite } from '../actions/rewrite.ts'
import { Split } from '../actions/split.ts'
import { Cache } from '../cache/cache.ts'
import { Compress } from '../filters/compress.ts'
import { Concurrency } from '../filters/concurrency.ts'
import type { Filter, Route, Transaction } from '../filters/filter.ts'
import { RateLimit } from '../filters/rate-limit.ts'
import { RequestSize } from '../filters/request-size.ts'
import { ResponseSize } from '../filters/response-size.ts'
import { errorReply } from '../reply.ts'
import { Routes } from './routes.ts'

/** What rules are compiled into parts of. */
export interface Surroundings {
  readonly pools: ReadonlyMap<string, Pool>
  readonly rng: Rng
  readonly ctx: Context
  /** Those of the listener, for every rule. */
  readonly filters: readonly Filter[]
  /** Indices of the counters of traffic classes, by name. */
  readonly classSlots: Readonly<Record<string, number>>
}

/** A route with the action that it was made of. */
interface Known {
  readonly route: Route
  readonly action: ActionSpec
}

type Spec = Pick<ListenerSpec, 'rules' | 'pool' | 'protocol' | 'httpsPort' | 'trust'>

/** The rules of one listener. They are compiled when they change: what a rule's filters know survives every other snapshot. */
export class RuleBook {
  #text = ''
  #routes: Routes<Route> = new Routes<Route>([], null)
  #known = new Map<string, Known>()

  routes(spec: Spec, around: Omit<Surroundings, 'filters'>): Routes<Route> {
    const { rules, pool, protocol, httpsPort, trust } = spec
    const isTrusting = trust !== undefined
    const text = JSON.stringify([rules, pool, protocol, httpsPort, isTrusting])
    if (text === this.#text) return this.#routes
    this.#text = text
    const about = { ...around, filters: filtersOfAll(spec) }
    const isPlain = httpsPort !== undefined && protocol === 'http'
    if (isPlain && !isTrusting) this.#routes = new Routes([], toHttps(httpsPort))
    else this.#routes = this.#compile(spec, about)
    return this.#routes
  }

  /** Gives how many addresses the caches of its rules have forgotten. */
  purge(what: Purge): number {
    let count = 0
    for (const { route } of this.#known.values()) {
      for (const filter of route.filters) count += filter.purge?.(what) ?? 0
    }
    return count
  }

  #compile({ rules, pool, httpsPort, trust }: Spec, about: Surroundings): Routes<Route> {
    const known = new Map<string, Known>()
    const routes = rules.map((rule) => {
      const key = JSON.stringify([withoutShares(rule), httpsPort, trust !== undefined])
      const { action } = rule
      const before = known.get(key) ?? this.#known.get(key)
      const route = before === undefined ? routeOf(rule, about) : reshared(before, action, about)
      known.set(key, { route, action })
      return [rule.match, route] as const
    })
    this.#known = known
    return new Routes<Route>(routes, pool === null ? null : toPool(pool, about))
  }
}

/** A canary's weights change all the time: what its rule's other filters know must survive that. */
function withoutShares(rule: RuleSpec): RuleSpec {
  const { action } = rule
  if (action.kind !== 'split' || action.canary === undefined) return rule
  return { ...rule, action: { ...action, shares: action.shares.map(({ pool }) => ({ pool, weight: 0 })) } }
}

/** The route, with the weights that its canary has now. Requests that are under way go on by those of before. */
function reshared({ route, action: before }: Known, action: ActionSpec, about: Surroundings): Route {
  if (action.kind !== 'split' || JSON.stringify(action) === JSON.stringify(before)) return route
  const { filters, act } = splitting(action, about)
  return { ...route, filters: [...route.filters.slice(0, -1), ...filters], act }
}

/** Of a listener where `https: only` holds. What a trusted proxy was asked by https may come in plain bytes. */
function filtersOfAll({ protocol, httpsPort }: Spec): readonly Filter[] {
  if (httpsPort === undefined) return []
  return protocol === 'http' ? [unlessSecure(httpsPort), STRICT_TRANSPORT] : [STRICT_TRANSPORT]
}

function routeOf(rule: RuleSpec, about: Surroundings): Route {
  if (!poolsOf(rule).every((name) => about.pools.has(name))) return NOWHERE
  const edits = rule.response === undefined ? null : new Edits(rule.response)
  const { filters, ...end } = endOf(rule.action, edits, about)
  const slot = rule.class === undefined ? undefined : about.classSlots[rule.class]
  return {
    ...end,
    filters: [...about.filters, ...filtersOf(rule, edits, about), ...filters],
    spread: rule.spread ?? null,
    trafficClass: slot === undefined ? null : { name: rule.class!, slot },
    ...armSlots(rule.action, about),
  }
}

function armSlots(action: ActionSpec, { pools, classSlots }: Surroundings): Pick<Route, 'arms'> {
  if (action.kind !== 'split' || action.canary === undefined) return {}
  const { stable, canary } = armsOf(action.canary.name)
  const slots = [classSlots[stable]!, classSlots[canary]!]
  return { arms: new Map(action.shares.map(({ pool }, index) => [pools.get(pool)!, slots[index]!])) }
}

/** The split is the last of its route's filters. */
function splitting(action: SplitSpec, { pools, rng }: Surroundings): Pick<Route, 'filters' | 'pool' | 'act'> {
  const split = new Split(action, pools, rng)
  return { filters: [split], pool: null, act: (transaction) => split.act(transaction) }
}

function endOf(
  action: ActionSpec,
  edits: Edits | null,
  about: Surroundings,
): Pick<Route, 'filters' | 'pool' | 'act'> {
  switch (action.kind) {
    case 'pool':
      return { filters: [], pool: about.pools.get(action.pool)!, act: null }
    case 'split':
      return splitting(action, about)
    case 'redirect':
      return { filters: [], pool: null, act: redirecting(action, edits) }
    case 'respond':
      return { filters: [], pool: null, act: responding(action, edits) }
    default:
      return action satisfies never
  }
}

/** In the order in which they see requests; they see answers the other way round. */
function filtersOf(rule: RuleSpec, response: Edits | null, about: Surroundings): readonly Filter[] {
  const { mirror, rateLimit, concurrency, sizes, compress, cache } = rule
  const { ctx } = about
  const request = rule.request === undefined ? null : new Edits(rule.request)
  return [
    ...(response === null ? [] : [answerEditing(response)]),
    ...(rateLimit ? [new RateLimit(rateLimit, JSON.stringify(withoutShares(rule)), ctx.rates)] : []),
    ...(sizes?.requestBytes ? [new RequestSize(sizes.requestBytes)] : []),
    ...(concurrency ? [new Concurrency(concurrency, ctx.workers, ctx.wheel)] : []),
    ...(compress ? [new Compress(compress)] : []),
    ...(sizes?.responseBytes ? [new ResponseSize(sizes.responseBytes)] : []),
    ...(cache ? [new Cache(cache, ctx)] : []),
    ...(request === null ? [] : [requestEditing(request)]),
    ...(rule.rewrite === undefined ? [] : [new Rewrite(rule.rewrite)]),
    ...(mirror === undefined ? [] : [new Mirror(mirror, { ...about, pool: about.pools.get(mirror.pool)! })]),
  ]
}

function requestEditing(edits: Edits): Filter {
  return {
    request(transaction) {
      edits.apply(transaction.head, transaction.bytes!, transaction)
      return 'next'
    },
  }
}

function answerEditing(edits: Edits): Filter {
  return {
    response({ transaction, head, bytes }) {
      edits.apply(head, bytes, transaction)
      return null
    },
  }
}

function toPool(name: string, { pools, filters }: Surroundings): Route {
  const pool = pools.get(name)
  return pool === undefined ? NOWHERE : { filters, pool, act: null, spread: null, trafficClass: null }
}

/** A rule to a pool that is not there takes its requests all the same: the next rule's are others. */
const NOWHERE: Route = {
  filters: [],
  pool: null,
  act: (transaction: Transaction) => transaction.answer(errorReply(503), 'no-server'),
  spread: null,
  trafficClass: null,
}
