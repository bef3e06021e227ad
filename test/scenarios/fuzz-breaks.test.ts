import { describe, expect, test } from 'vitest'
import type { FleetPorts } from '../../src/controller/ports.ts'
import type { Guard } from '../../src/core/scaling.ts'
import { GUARDS } from '../../src/scaling/decide.ts'
import { storyOf } from '../fuzz/draw.ts'
import type { Between } from '../fuzz/run.ts'
import { shrunk, violationsOf } from '../fuzz/shrink.ts'
import type { Story } from '../fuzz/story.ts'

/** So many seeds must be enough to find what is broken. */
const SEEDS = 200

/** `guards` in place of those that decide; `between` the controller and its ports. */
interface Broken {
  readonly guards?: (guards: readonly Guard[]) => readonly Guard[]
  readonly between?: Between
  /** Only stories in which it can show. */
  readonly among?: (story: Story) => boolean
}

const without = (name: string): Broken => ({ guards: (all) => all.filter((guard) => guard.name !== name) })
const also = (guard: Guard): Broken => ({ guards: (all) => [...all, guard] })
const onFleet = (change: (fleet: FleetPorts['fleet']) => Partial<FleetPorts['fleet']>): Broken => ({
  between: (ports) => ({ ...ports, fleet: over(ports.fleet, change(ports.fleet)) }),
})
const onBalancer = (
  change: (balancer: FleetPorts['balancer']) => Partial<FleetPorts['balancer']>,
): Broken => ({
  between: (ports) => ({ ...ports, balancer: over(ports.balancer, change(ports.balancer)) }),
})

/** Every invariant, and a controller that it must find. */
const BROKEN: readonly (Broken & { readonly invariant: string })[] = [
  { invariant: 'within min and max', ...without('limits') },
  { invariant: 'no faster than its pace', ...without('pace') },
  { invariant: 'no sooner than its cooldowns', ...without('cooldown') },
  { invariant: 'no scale-in without data', ...without('freshness') },
  { invariant: 'no scale-in by what lies ahead alone', ...also(eager()) },
  { invariant: 'no scale-in after the clock jumped', ...without('clock'), among: jumps },
  { invariant: 'no scale-in before the load has been watched', ...without('patience') },
  { invariant: 'nothing changes while anything cannot be read', ...onFleet(remembersTheList) },
  {
    invariant: 'steps come from plan',
    ...onFleet((fleet) => ({ confirm: (ids, signal) => fleet.retire(ids, signal) })),
  },
  { invariant: 'reasons are complete', ...also(silent()) },
  { invariant: 'the decision follows from the journal', ...also(counting()) },
  { invariant: 'one open launch', between: forgetsOpenIntents },
  {
    invariant: 'nobody leaves undrained',
    ...onBalancer((balancer) => ({
      members: async (pool, signal) =>
        (await balancer.members(pool, signal)).map((member) => ({ ...member, inFlight: 0 })),
    })),
  },
  { invariant: 'it comes to rest', ...onFleet(() => ({ retire: async () => {} })) },
  {
    invariant: 'no server without owner',
    ...onFleet((fleet) => ({
      launch: (request, signal) => fleet.launch({ ...request, token: `other.${request.token}` }, signal),
    })),
  },
  {
    invariant: 'no loop ends',
    ...onBalancer(() => ({
      members: async () => {
        throw new Error('no Fault')
      },
    })),
  },
]

describe.each(BROKEN)('$invariant', ({ invariant, ...broken }) => {
  test('is found broken', { timeout: 300_000 }, async () => {
    expect(await seedThatFinds(invariant, broken)).not.toBeNull()
  })
})

test('a story that fails is shrunk to what it takes', { timeout: 300_000 }, async () => {
  const broken = without('limits')
  const seed = await seedThatFinds('within min and max', broken)
  const story = storyOf(seed!)
  const small = await breaking(broken, (between) => shrunk(story, 'within min and max', between))
  expect(small.troubles.length + small.kills.length + small.reloads.length + small.orders.length).toBe(0)
  expect(small.load.length).toBeLessThanOrEqual(1)
  expect(small.troubleMs).toBeLessThan(story.troubleMs)
  const violations = await breaking(broken, (between) => violationsOf(small, between))
  expect(violations.map((one) => one.invariant)).toContain('within min and max')
  expect(await violationsOf(small)).toEqual([])
})

async function seedThatFinds(invariant: string, broken: Broken): Promise<number | null> {
  return await breaking(broken, async (between) => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const story = storyOf(seed)
      if (broken.among?.(story) === false) continue
      const violations = await violationsOf(story, between)
      if (violations.some((one) => one.invariant === invariant)) return seed
    }
    return null
  })
}

function jumps({ troubles, kills }: Story): boolean {
  return (
    kills.some(({ jumpMs }) => jumpMs !== 0) ||
    (kills.length > 0 && troubles.some(({ kind }) => kind === 'jump'))
  )
}

/** While it runs, decisions are made by the broken guards. */
async function breaking<T>({ guards, between }: Broken, run: (between?: Between) => Promise<T>): Promise<T> {
  const all = GUARDS as Guard[]
  const whole = [...all]
  all.splice(0, all.length, ...(guards?.(whole) ?? whole))
  try {
    return await run(between)
  } finally {
    all.splice(0, all.length, ...whole)
  }
}

/** A port with some verbs that are others. */
function over<Port extends object>(port: Port, own: Partial<Port>): Port {
  return new Proxy(port, {
    get: (target, key) => {
      const verb = Reflect.get(key in own ? own : target, key) as unknown
      return typeof verb === 'function' ? verb.bind(target) : verb
    },
  })
}

/** A list that cannot be read is taken for the one before. */
function remembersTheList(fleet: FleetPorts['fleet']): Partial<FleetPorts['fleet']> {
  let last: Awaited<ReturnType<typeof fleet.list>> | null = null
  return {
    async list(signal) {
      last = await fleet.list(signal).catch((error: unknown) => {
        if (last === null) throw error
        return last
      })
      return last
    },
  }
}

/** One server more than is wanted, and nobody says why. */
function silent(): Guard {
  return { name: 'silent', check: (decision) => ({ ...decision, want: decision.want + 1 }) }
}

/** It takes what lies ahead for all that there is to know. */
function eager(): Guard {
  return {
    name: 'eager',
    check(decision, view, policies) {
      const wants = decision.opinions.filter((_, index) => policies[index]!.looksAhead !== undefined)
      const others = decision.opinions.filter((_, index) => policies[index]!.looksAhead === undefined)
      const to = Math.max(...wants.map(({ want }) => want ?? Number.NEGATIVE_INFINITY))
      const isAlone = others.every(({ want }) => want === null)
      if (!isAlone || to >= decision.want || to < view.fleet.min) return decision
      const reason = { by: 'guard:eager', from: decision.want, to, says: 'fewer are enough', untilAt: null }
      return { ...decision, want: to, because: [...decision.because, reason] }
    },
  }
}

/** It goes by something that is in no journal. */
function counting(): Guard {
  let count = 0
  return {
    name: 'counting',
    check(decision) {
      const says = `seen ${++count} times`
      const reason = { by: 'guard:counting', from: decision.want, to: decision.want, says, untilAt: null }
      return { ...decision, because: [...decision.because, reason] }
    },
  }
}

/** A controller that starts anew takes what was open for done. */
function forgetsOpenIntents(ports: FleetPorts): FleetPorts {
  const { store } = ports
  const recall: typeof store.recall = async (fleet) => {
    const recalled = await store.recall(fleet)
    return { ...recalled, intents: recalled.intents.filter(({ closed }) => closed !== null) }
  }
  return { ...ports, store: over(store, { recall }) }
}
