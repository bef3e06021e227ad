import { beforeEach, describe, expect, test } from 'vitest'
import type { Balancer, BalancerSpec, MemberSpec } from '../../src/core/balancer.ts'
import { Fault } from '../../src/core/fault.ts'
import type { FaultRule } from '../../src/sandbox/fault-rule.ts'
import { AlbShop } from '../kit/alb-shop.ts'
import { type Chance, chanceOf } from '../kit/chance.ts'
import { sandboxKeys } from '../kit/ecs.ts'
import { checked, listener, Shop } from '../kit/shop.ts'
import { aBalancerSpec, aPoolSpec } from './balancer.ts'

const never = new AbortController().signal
const SEED = Number(process.env.FUZZ_SEED ?? 1)
const STORIES = 12
const STEPS = 25
const SERVERS = 6
const FAULTS: readonly FaultRule['fault'][] = [
  { kind: 'throttled' },
  { kind: 'html', status: 502 },
  { kind: 'empty', status: 500 },
  { kind: 'lost-answer' },
  { kind: 'latency', ms: 3000 },
  { kind: 'job-fails' },
]

/** A member as the cloud has it. */
interface Row {
  readonly server: string
  readonly weight: number
  readonly description: string
}

/** A product, and what of it a story has to know. */
interface Stage {
  readonly shop: Shop | AlbShop
  rows(): readonly Row[]
  /** Somebody puts this server into the group by hand. */
  foreign(id: string): void
}

const THEIRS = { Port: 8080, Weight: 30, Description: 'by-hand' }

function onClb(): Stage {
  const shop = new Shop()
  const group = () => [...shop.cloud.world.slb.groups.values()][0]!
  return {
    shop,
    rows: () => group().backends,
    foreign(ServerId) {
      const BackendServers = JSON.stringify([{ ServerId, ...THEIRS }])
      const query = { VServerGroupId: group().id, BackendServers }
      expect(shop.cloud.ask('slb', 'AddVServerGroupBackendServers', query).Code).toBeUndefined()
    },
  }
}

function onAlb(): Stage {
  const shop = new AlbShop()
  const group = () => [...shop.cloud.world.alb.of.servergroup.values()][0]!
  return {
    shop,
    rows: () =>
      group()
        .servers.filter(({ work }) => work !== 'Draining')
        .map(({ serverId, ...one }) => ({ ...one, server: serverId })),
    foreign(ServerId) {
      const query = { ServerGroupId: group().id, Servers: [{ ServerId, ServerType: 'Ecs', ...THEIRS }] }
      expect(shop.cloud.ask('alb', 'AddServersToServerGroup', query as never).Code).toBeUndefined()
    },
  }
}

beforeEach(sandboxKeys)

const specOf = (slowStartMs: number): BalancerSpec => ({
  ...aBalancerSpec([{ ...checked(aPoolSpec('api')), slowStartMs, drainMs: 60_000 }]),
  listeners: [listener('api', 80)],
})

/** Servers come, change and go while the cloud fails in drawn ways and controllers follow each other. */
class Story {
  readonly #stage: Stage
  readonly #chance: Chance
  readonly #all: readonly MemberSpec[]
  #balancer: Balancer

  constructor(stage: Stage, chance: Chance) {
    this.#stage = stage
    this.#chance = chance
    this.#all = Array.from({ length: SERVERS }, (_, nth) => {
      const ip = `127.10.9.${nth + 1}`
      return { id: stage.shop.anInstance(ip), address: `${ip}:8080`, weight: 100 }
    })
    this.#balancer = stage.shop.balancer()
  }

  async run(): Promise<void> {
    const { cloud } = this.#stage.shop
    await this.#balancer.configure(specOf(0), never)
    await cloud.advance(5000)
    this.#stage.foreign(this.#stage.shop.anInstance('127.10.9.99'))
    await cloud.advance(5000)
    for (let step = 0; step < STEPS; step++) {
      this.#trouble()
      await this.#attempt()
      this.#check()
      await cloud.advance(this.#chance.between(0, 40_000))
    }
    cloud.world = { ...cloud.world, faults: [] }
    await cloud.advance(180_000)
    await this.#settle()
  }

  #trouble(): void {
    const { cloud } = this.#stage.shop
    const untilAt = cloud.now() + this.#chance.between(0, 60_000)
    const rule = { id: 'f', fault: this.#chance.oneOf(FAULTS), share: this.#chance.draw(), untilAt }
    cloud.world = { ...cloud.world, faults: this.#chance.draw() < 0.6 ? [rule] : [] }
  }

  /** What the cloud refuses or loses is a fault, and nothing else is ever thrown. */
  async #attempt(): Promise<void> {
    try {
      await this.#step()
    } catch (error) {
      if (!(error instanceof Fault)) throw error
    }
  }

  async #step(): Promise<void> {
    const some = this.#all.filter(() => this.#chance.draw() < 0.4)
    const kind = this.#chance.oneOf(['put', 'put', 'drop', 'configure', 'restart'] as const)
    if (kind === 'put') {
      const members = some.map((one) => ({ ...one, weight: this.#chance.oneOf([0, 10, 100, 1000]) }))
      await this.#balancer.put('api', members, never)
    } else if (kind === 'drop') {
      const ids = some.map(({ id }) => id)
      await this.#balancer.drop('api', ids, never)
    } else {
      if (kind === 'restart') this.#balancer = this.#stage.shop.balancer()
      await this.#balancer.configure(specOf(this.#chance.oneOf([0, 20_000, 60_000])), never)
    }
  }

  /** Whatever happens, what somebody else has put there is as it was, and nobody is there twice. */
  #check(): void {
    const rows = this.#stage.rows()
    const foreign = rows.filter(({ description }) => !description.startsWith('tidegate/demo/'))
    expect(foreign).toMatchObject([{ weight: THEIRS.Weight, description: THEIRS.Description }])
    expect(new Set(rows.map(({ server }) => server)).size).toBe(rows.length)
  }

  /** The cloud is well again: the group becomes what is wanted. */
  async #settle(): Promise<void> {
    const { shop } = this.#stage
    const wanted = this.#all.slice(0, 3).map((one, nth) => ({ ...one, weight: [1000, 500, 0][nth]! }))
    const balancer = shop.balancer()
    await balancer.configure(specOf(0), never)
    await balancer.put('api', wanted, never)
    const gone = this.#all.slice(3).map(({ id }) => id)
    await balancer.drop('api', gone, never)
    this.#check()
    const own = this.#stage.rows().filter(({ description }) => description.startsWith('tidegate/'))
    const weights = Object.fromEntries(own.map(({ server, weight }) => [server, weight]))
    expect(weights).toEqual(Object.fromEntries(wanted.map(({ id }, nth) => [id, [100, 50, 0][nth]])))
  }
}

const SEEDS = Array.from({ length: STORIES }, (_, nth) => SEED + nth)

describe.each([
  ['CLB', onClb],
  ['ALB', onAlb],
] as const)('%s', (_, stageOf) => {
  test.each(SEEDS)(
    'becomes what is wanted once the cloud is well again, and is nobody else’s: seed %i',
    async (seed) => {
      const stage = stageOf()
      try {
        await new Story(stage, chanceOf(seed)).run()
      } finally {
        await stage.shop.close()
      }
    },
  )
})
