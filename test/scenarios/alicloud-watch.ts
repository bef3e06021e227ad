import { expect } from 'vitest'
import type { Millis } from '../../src/core/time.ts'
import type { BackendServer } from '../../src/sandbox/alb/state.ts'
import { bill } from '../../src/sandbox/bill.ts'
import type { Instance } from '../../src/sandbox/ecs/state.ts'
import { settled } from '../../src/sandbox/settle.ts'
import type { Backend } from '../../src/sandbox/slb/state.ts'
import type { Cloud } from '../kit/cloud.ts'
import { answers } from '../kit/cloud-world.ts'
import type { World } from '../kit/world.ts'
import type { Carrier } from './alicloud-story.ts'

const HOUR = 3_600_000
const TAG = { fleet: 'tidegate:fleet', installation: 'tidegate:installation', token: 'tidegate:token' }

/** A server that has traffic. */
interface Carried {
  readonly id: string
  readonly state: string
  readonly weight: number
}

interface About {
  /** So many servers may be kept stopped. */
  readonly warm: number
  readonly carrier: Carrier
}

/** Looks from outside at a fleet in the sandbox, every second: at what the cloud has, what the balancer carries, and what is written
 *  down. */
export class Watch {
  /** When fewer than `min` served the last time, once as many had served. */
  shortAt: Millis = 0
  readonly #cloud: Cloud
  readonly #world: World
  readonly #about: About
  readonly #foreign: readonly Instance[]
  readonly #foreignBackends: readonly (Backend | BackendServer)[]
  /** All that have ever been, by id, as they were bought: one that was kept stopped comes to bear another launch's token. */
  readonly #ever = new Map<string, Instance>()
  #hadEnough = false

  /** What is there now is somebody else's. */
  constructor(cloud: Cloud, world: World, about: About) {
    this.#cloud = cloud
    this.#world = world
    this.#about = about
    this.#foreign = [...cloud.world.ecs.instances.values()]
    this.#foreignBackends = this.#backends()
  }

  async look(): Promise<void> {
    const now = this.#cloud.now()
    this.#cloud.world = settled(this.#cloud.world, now)
    const { instances } = this.#cloud.world.ecs
    const before = this.#ever.size
    for (const instance of this.own()) if (!this.#ever.has(instance.id)) this.#ever.set(instance.id, instance)
    const touched = this.#foreign.filter((one) => instances.get(one.id) !== one)
    const backends = this.#backends()
    const moved = this.#foreignBackends.filter((one) => !backends.includes(one))
    expect([...touched, ...moved], "are somebody else's").toHaveLength(0)
    if (this.#ever.size > before) await this.#checkLaunches()
    const isShort = (await this.#serving()) < this.#world.spec.min
    this.#hadEnough ||= !isShort
    if (isShort && this.#hadEnough) this.shortAt = now
  }

  own(): readonly Instance[] {
    const all = [...this.#cloud.world.ecs.instances.values()]
    return all.filter(({ tags }) => tags[TAG.installation] === 'test')
  }

  /** Every server came by an intent that is written down, and no intent gave more than it asked for. */
  async #checkLaunches(): Promise<void> {
    const { intents } = await this.#world.store.recall('api')
    const asked = new Map(
      intents.map(({ token, step }) => [token, step.kind === 'launch' ? step.request.count : 0]),
    )
    const unparked = [...this.#ever.values()].filter((one) => !isParked(one))
    const byToken = Map.groupBy(unparked, ({ tags }) => tags[TAG.token]!)
    for (const [token, bought] of byToken)
      expect(bought.length, `servers of the intent ${token}`).toBeLessThanOrEqual(asked.get(token) ?? 0)
  }

  async #serving(): Promise<number> {
    const members = await this.#members()
    return members.filter(({ weight, state }) => weight > 0 && state === 'healthy').length
  }

  /** What has the traffic, as it is seen from there. */
  async #members(): Promise<readonly Carried[]> {
    if (this.#about.carrier === 'imaginary') {
      const members = await this.#world.balancer.members('api')
      return members.map(({ id, state, weight }) => ({ id, state, weight }))
    }
    const own = this.#backends().filter((one) => !this.#foreignBackends.includes(one))
    return own.map((one) => {
      const server = 'server' in one ? one.server : one.serverId
      const { weight } = one
      const ip = this.#cloud.world.ecs.instances.get(server)?.ip ?? ''
      return { id: server, state: answers(this.#cloud, `${ip}:8080`) ? 'healthy' : 'unhealthy', weight }
    })
  }

  /** Of the group of CLB or ALB, where one of them has the traffic. */
  #backends(): readonly (Backend | BackendServer)[] {
    const { slb, alb } = this.#cloud.world
    return [
      ...[...slb.groups.values()].flatMap(({ backends }) => backends),
      ...[...alb.of.servergroup.values()].flatMap(({ servers }) => servers),
    ]
  }

  /** Nothing is paid for that does not serve, nothing is left undone, and the bill is what the servers' lives amount to. */
  async judge(): Promise<void> {
    const { true: parked = [], false: servers = [] } = Object.groupBy(this.own(), (one) => `${isParked(one)}`)
    const own = servers.map(({ id, status, autoReleaseAt }) => ({ id, status, autoReleaseAt }))
    const members = await this.#members()
    const { intents } = await this.#world.store.recall('api')
    expect(own).toEqual(own.map(({ id }) => ({ id, status: 'Running', autoReleaseAt: null })))
    expect([...members].sort(byId)).toEqual(
      own.map(({ id }) => ({ id, state: 'healthy', weight: 100 })).sort(byId),
    )
    expect(own).toHaveLength(this.#world.status.desired)
    expect(intents.filter(({ closed }) => closed === null)).toEqual([])
    const now = this.#cloud.now()
    const billed = bill(this.#cloud.world, TAG.installation, now).test ?? 0
    const spent = [...this.#ever.values()].reduce((sum, one) => sum + this.#costOf(one, now), 0)
    expect(billed).toBeLessThan(1.01 * spent)
    // One that is kept costs nothing meanwhile.
    if (this.#about.warm === 0) expect(billed).toBeGreaterThan(0.99 * spent)
    expect(parked.length).toBeLessThanOrEqual(this.#about.warm)
    expect(parked.filter(({ chargedFrom }) => chargedFrom !== null)).toEqual([])
  }

  #costOf({ id, createdAt, price }: Instance, now: Millis): number {
    const gone = this.#cloud.world.ecs.released.find((one) => one.id === id)
    return ((gone?.releasedAt ?? now) - createdAt) * (price / HOUR)
  }
}

function isParked({ tags }: Instance): boolean {
  return tags[TAG.token] === 'parked'
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1
}
