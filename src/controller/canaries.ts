import { lookAtCanary, orderCanary, startCanary } from '../balancing/canary.ts'
import type { BalancerSpec } from '../core/balancer.ts'
import { type Arms, armsOf, type CanarySpec, type CanaryState, canaryText } from '../core/canary.ts'
import type { GatewayStats } from '../core/control.ts'
import type { Order } from '../core/order.ts'
import type { RuleSpec, SplitSpec } from '../core/rule.ts'
import type { Millis } from '../core/time.ts'
import type { BalancerPorts } from './ports.ts'
import { within } from './within.ts'

const READ_MS = 3_000
/** Shares of weights are as fine as this. */
const WHOLE = 10_000
const WINDOW_MS: Millis = 5_000

type Canary = SplitSpec & { readonly canary: CanarySpec }

/** How far the canaries of one balancer's rules have come. What it says of them is written down before the balancer hears of it. */
export class Canaries {
  readonly #ports: BalancerPorts
  readonly #scope: string
  /** null = not recalled yet. */
  #states: readonly CanaryState[] | null = null

  constructor(ports: BalancerPorts, scope: string) {
    this.#ports = ports
    this.#scope = scope
  }

  get states(): readonly CanaryState[] {
    return this.#states ?? []
  }

  /** Begins those that are new in the specification, does what is ordered, and judges by what was counted. `isCarried`: the balancer has
   *  the shares of before, so that its counters tell of them. Throws Fault. */
  async tend(
    spec: BalancerSpec,
    { orders, isCarried }: { readonly orders: readonly Order[]; readonly isCarried: boolean },
    signal: AbortSignal,
  ): Promise<void> {
    const { store, clock, stats } = this.#ports
    const before = (this.#states ??= await store.canaries(this.#scope))
    const canaries = canariesOf(spec)
    const ordered = orders.filter(({ kind }) => kind === 'canary')
    if (canaries.length === 0 && before.length === 0 && ordered.length === 0) return
    const counted =
      canaries.length > 0 && isCarried && stats !== undefined
        ? await within(clock, READ_MS, (over) => stats(WINDOW_MS, over), signal)
        : null
    const after = canaries.map((canary) => nextState(canary, { before, ordered, counted, now: clock.now() }))
    if (JSON.stringify(after) === JSON.stringify(before) && ordered.length === 0) return
    await store.keepCanaries(
      this.#scope,
      after,
      ordered.map(({ id }) => id),
    )
    this.#states = after
    const isOrdered = (name: string) =>
      ordered.some((order) => order.kind === 'canary' && order.canary === name)
    for (const state of after) if (hasMoved(state, before)) await this.#say(state, isOrdered(state.name))
  }

  /** One that is rolled back is an alert, unless somebody ordered that: nobody may be watching. */
  async #say(state: CanaryState, isOrdered: boolean): Promise<void> {
    const { store, clock, log } = this.#ports
    const text = canaryText(state)
    const isWorse = state.phase === 'rolled-back' && !isOrdered
    if (isWorse) log.warn(text)
    else log.info(text)
    const kind = isWorse ? 'alert' : 'decision'
    await store.event({ at: clock.now(), scope: this.#scope, kind, text })
  }
}

/** The specification with the weights that its canaries have now. */
export function withShares(spec: BalancerSpec, states: readonly CanaryState[]): BalancerSpec {
  if (states.length === 0) return spec
  const reshared = (rule: RuleSpec): RuleSpec => {
    const { action } = rule
    if (action.kind !== 'split' || action.canary === undefined) return rule
    const state = stateOf(states, { ...action, canary: action.canary })
    if (state === undefined) return rule
    const canary = Math.round(state.share * WHOLE)
    const shares = [
      { pool: state.stable, weight: WHOLE - canary },
      { pool: state.canary, weight: canary },
    ]
    return { ...rule, action: { ...action, shares } }
  }
  const listeners = spec.listeners.map((one) => ({ ...one, rules: one.rules.map(reshared) }))
  return { ...spec, listeners }
}

function canariesOf({ listeners }: BalancerSpec): readonly Canary[] {
  return listeners.flatMap(({ rules }) =>
    rules.flatMap(({ action }) =>
      action.kind === 'split' && action.canary !== undefined ? [{ ...action, canary: action.canary }] : [],
    ),
  )
}

interface Look {
  readonly before: readonly CanaryState[]
  readonly ordered: readonly Order[]
  readonly counted: GatewayStats | null
  readonly now: Millis
}

/** Between other pools it is another canary, whatever its name. */
function stateOf(states: readonly CanaryState[], { shares, canary }: Canary): CanaryState | undefined {
  return states.find(
    (one) => one.name === canary.name && one.stable === shares[0]?.pool && one.canary === shares[1]?.pool,
  )
}

function nextState(of: Canary, { before, ordered, counted, now }: Look): CanaryState {
  const { shares, canary: spec } = of
  const { name } = spec
  const [stable, canary] = [shares[0]!.pool, shares[1]!.pool]
  const known = stateOf(before, of)
  const ordering = ordered.filter((order) => order.kind === 'canary' && order.canary === name)
  const state = ordering.reduce(
    (so, order) =>
      order.kind === 'canary' ? orderCanary(so, order.action, spec, { by: order.by, now }) : so,
    known ?? startCanary(spec, { name, stable, canary }, now),
  )
  const arms = known === undefined || counted === null ? null : armsIn(counted, name)
  return arms === null ? state : lookAtCanary(state, spec, arms, now)
}

/** null = the gateway does not count them yet. */
function armsIn({ classes }: GatewayStats, name: string): Arms | null {
  const names = armsOf(name)
  const stable = classes.find((one) => one.name === names.stable)
  const canary = classes.find((one) => one.name === names.canary)
  if (!stable || !canary) return null
  const of = ({ requests, errors, latency }: typeof stable) => ({ requests, errors, latency })
  return { stable: of(stable), canary: of(canary) }
}

function hasMoved(state: CanaryState, before: readonly CanaryState[]): boolean {
  const was = before.find(({ name }) => name === state.name)
  if (was === undefined || was.stable !== state.stable || was.canary !== state.canary) return true
  return was.phase !== state.phase || was.share !== state.share
}
