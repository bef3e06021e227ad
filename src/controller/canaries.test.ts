import { expect, test } from 'vitest'
import { startCanary } from '../balancing/canary.ts'
import type { BalancerSpec } from '../core/balancer.ts'
import type { CanarySpec } from '../core/canary.ts'
import { armsOf } from '../core/canary.ts'
import type { GatewayStats } from '../core/control.ts'
import { Fault } from '../core/fault.ts'
import { LATENCY_BUCKETS, latencyBucket } from '../core/latency.ts'
import type { SplitSpec } from '../core/rule.ts'
import type { Clock } from '../core/time.ts'
import { SimBalancer } from '../simulator/sim-balancer.ts'
import { SimStore } from '../simulator/sim-store.ts'
import { VirtualClock } from '../simulator/virtual-clock.ts'
import { BalancerLoop } from './balancer-loop.ts'
import { withShares } from './canaries.ts'

const CANARY: CanarySpec = {
  name: 'web',
  step: 0.25,
  intervalMs: 60_000,
  minRequests: 50,
  successDrop: 0.01,
  p95Rise: 0.2,
}
const TICK_MS = 5_000
const RPS = 40
const NEVER = new AbortController().signal
const LOG = { info() {}, warn() {}, error() {} }

function specOf(canary: string): BalancerSpec {
  const shares = ['old', canary].map((pool, index) => ({ pool, weight: 1 - index }))
  const rule = { match: {}, action: { kind: 'split', shares, sticky: null, canary: CANARY } }
  const listener = { name: 'web', rules: [rule], pool: null }
  return { name: 'gateway', listeners: [listener], pools: [] } as unknown as BalancerSpec
}

/** A balancer that carries forty requests a second, as it was last configured. */
class Carrier extends SimBalancer {
  shares: readonly number[] = []
  /** Of the canary's requests, from 0 to 1. */
  failing = 0
  #counted = [this.#nothing(), this.#nothing()]

  constructor(clock: Clock) {
    super(clock, { isUp: () => true, inFlight: () => 0, requestMs: 0 })
  }

  override async configure(spec: BalancerSpec): Promise<void> {
    await super.configure(spec)
    const action = spec.listeners[0]!.rules[0]!.action as SplitSpec
    const whole = action.shares.reduce((sum, { weight }) => sum + weight, 0)
    this.shares = action.shares.map(({ weight }) => weight / whole)
  }

  /** What a tick's requests leave behind. */
  carry(): void {
    this.shares.forEach((share, side) => {
      const requests = Math.round((share * RPS * TICK_MS) / 1000)
      const counted = this.#counted[side]!
      counted.requests += requests
      counted.errors += side === 1 ? Math.round(requests * this.failing) : 0
      counted.latency[latencyBucket(20)]! += requests
    })
  }

  restart(): void {
    this.forget()
    this.#counted = [this.#nothing(), this.#nothing()]
  }

  readonly stats = async (): Promise<GatewayStats> => {
    const names = Object.values(armsOf('web'))
    const classes = this.#counted.map((counted, side) => structuredClone({ ...counted, name: names[side]! }))
    return { classes } as unknown as GatewayStats
  }

  #nothing() {
    return { requests: 0, errors: 0, latency: new Array<number>(LATENCY_BUCKETS).fill(0) }
  }
}

function story() {
  const clock = new VirtualClock(0)
  const store = new SimStore(clock)
  const balancer = new Carrier(clock)
  const ports = { balancer, stats: balancer.stats, store, clock, log: LOG }
  const start = () => new BalancerLoop({ spec: specOf('new'), tickMs: TICK_MS }, ports)
  let loop = start()
  return {
    balancer,
    store,
    state: () => loop.summary().canaries[0]!,
    replace: (spec: BalancerSpec) => loop.replace({ spec, tickMs: TICK_MS }),
    /** As after a kill -9 of the controller. */
    restart: () => {
      loop = start()
    },
    async pass(ms: number) {
      for (let left = ms; left > 0; left -= TICK_MS) {
        await loop.tick(NEVER)
        balancer.carry()
        await clock.advance(TICK_MS)
      }
    },
    order: (action: 'promote' | 'abort' | 'hold' | 'resume') =>
      store.order(
        { kind: 'canary', canary: 'web', action },
        { scope: 'balancer:gateway', at: clock.now(), untilAt: null, by: 'ann' },
      ),
    told: async (kind = 'decision') =>
      (await store.lastEvents(100)).filter((event) => event.kind === kind).map(({ text }) => text),
  }
}

test('a canary as good as the old pool gets all, step by step, and the journal says why', async () => {
  const it = story()
  await it.pass(10_000)
  expect(it.balancer.shares).toEqual([0.75, 0.25])
  await it.pass(300_000)
  expect(it.balancer.shares).toEqual([0, 1])
  const good = 'success 100 % against 100 %, p95 19.8 ms against 19.8 ms'
  expect(await it.told()).toEqual([
    'canary web: progressing, 25 % of the requests of old go to new: it begins',
    `canary web: progressing, 50 % of the requests of old go to new: ${good}`,
    `canary web: progressing, 75 % of the requests of old go to new: ${good}`,
    `canary web: promoted, 100 % of the requests of old go to new: ${good}`,
  ])
})

test('one that fails is rolled back as soon as that is certain, and stays so', async () => {
  const it = story()
  await it.pass(90_000)
  expect(it.balancer.shares).toEqual([0.5, 0.5])
  it.balancer.failing = 0.2
  await it.pass(20_000)
  expect(it.balancer.shares).toEqual([1, 0])
  await it.pass(600_000)
  expect(it.state()).toMatchObject({ phase: 'rolled-back', share: 0 })
  expect(await it.told()).toHaveLength(2)
  const alerts = await it.told('alert')
  expect(alerts).toHaveLength(1)
  expect(alerts[0]).toMatch(/^canary web: rolled-back, 0 % of .* success \d+(\.\d+)? % against 100 %$/)
})

test('it goes on where it was when controller and gateway are started anew', async () => {
  const it = story()
  await it.pass(70_000)
  it.restart()
  it.balancer.restart()
  await it.pass(5_000)
  expect(it.balancer.shares).toEqual([0.5, 0.5])
  await it.pass(200_000)
  expect(it.state().phase).toBe('promoted')
})

test('nothing moves while a gateway that does not answer leaves nothing to judge by', async () => {
  const it = story()
  await it.pass(30_000)
  it.balancer.fault = new Fault('balancer.unreachable', 'gone', { source: 'network', retry: 'yes' })
  await it.pass(600_000)
  expect(it.state()).toMatchObject({ phase: 'progressing', share: 0.25 })
})

test('orders are done once, by the next look', async () => {
  const it = story()
  await it.pass(5_000)
  await it.order('hold')
  await it.pass(300_000)
  expect(it.state()).toMatchObject({ phase: 'held', share: 0.25, says: 'ann ordered it' })
  await it.order('abort')
  await it.pass(5_000)
  expect(it.balancer.shares).toEqual([1, 0])
  expect(await it.told('alert')).toEqual([])
  await it.order('resume')
  await it.pass(5_000)
  expect(it.balancer.shares).toEqual([0.75, 0.25])
  await it.order('promote')
  await it.pass(5_000)
  expect(it.balancer.shares).toEqual([0, 1])
  expect(await it.store.orders('balancer:gateway', 0)).toEqual([])
})

test('shares are of the pools that the specification names, also when that has just been replaced', () => {
  const state = startCanary(CANARY, { name: 'web', stable: 'old', canary: 'new' }, 0)
  expect(withShares(specOf('newer'), [state])).toEqual(specOf('newer'))
  const [rule] = withShares(specOf('new'), [state]).listeners[0]!.rules
  expect((rule!.action as SplitSpec).shares).toEqual([
    { pool: 'old', weight: 7_500 },
    { pool: 'new', weight: 2_500 },
  ])
})

test('between other pools it is another canary', async () => {
  const it = story()
  await it.pass(400_000)
  expect(it.state().phase).toBe('promoted')
  it.replace(specOf('newer'))
  await it.pass(5_000)
  expect(it.state()).toMatchObject({ phase: 'progressing', share: 0.25, canary: 'newer' })
})
