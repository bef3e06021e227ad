import type { MemberSpec } from '../../../core/balancer.ts'
import { Fault } from '../../../core/fault.ts'
import { type Backend, keyOf, type Place } from '../balancer/backend.ts'
import type { Group } from '../balancer/group.ts'
import { instanceAt } from '../balancer/instance-at.ts'
import { batches, type Means, patiently } from '../balancer/patience.ts'
import { JsonText } from '../client/parameters.ts'
import type { ClbHealth } from './health.ts'

/** https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-addvservergroupbackendservers */
const A_CALL = 20

/** What a kind of group calls its operations. */
const VIRTUAL = {
  read: 'DescribeVServerGroupAttribute',
  add: 'AddVServerGroupBackendServers',
  weigh: 'SetVServerGroupAttribute',
  remove: 'RemoveVServerGroupBackendServers',
}
const DEFAULT: typeof VIRTUAL = {
  read: 'DescribeLoadBalancerAttribute',
  add: 'AddBackendServers',
  weigh: 'SetBackendServers',
  remove: 'RemoveBackendServers',
}

/** A server group of CLB, virtual or that of an instance. Its operations take no token: each is made only after the group has been read. */
export class ClbGroup implements Group {
  readonly id: string
  readonly startsSlowly = false
  readonly adopts: boolean
  readonly #means: Means
  readonly #region: string
  readonly #health: ClbHealth
  readonly #port: number | null

  constructor(
    means: Means,
    about: {
      readonly id: string
      readonly region: string
      readonly health: ClbHealth
      readonly adopts: boolean
      /** Of the servers of a default group, whose id is that of its instance; null = a virtual one, where each has its own. */
      readonly port: number | null
    },
  ) {
    this.#means = means
    this.id = about.id
    this.adopts = about.adopts
    this.#region = about.region
    this.#health = about.health
    this.#port = about.port
  }

  async read(signal: AbortSignal): Promise<readonly Backend[]> {
    const backends = await patiently(
      this.#means,
      {
        product: 'slb',
        action: this.#actions.read,
        query: this.#query(),
        read: (answer) =>
          answer
            .inside('BackendServers')
            .list('BackendServer')
            .map((row) => ({
              server: row.text('ServerId'),
              ip: row.has('ServerIp') ? row.text('ServerIp') : '',
              port: this.#port ?? row.number('Port'),
              weight: row.number('Weight'),
              mark: row.has('Description') ? row.text('Description') : '',
            })),
      },
      `server group ${this.id} cannot be read`,
      signal,
    )
    const health = await this.#health.get()
    return backends.map((backend) => ({ ...backend, health: health.get(keyOf(backend)) ?? 'unknown' }))
  }

  async add(backends: readonly Backend[], signal: AbortSignal): Promise<void> {
    await this.#change(this.#actions.add, backends, signal)
  }

  async weigh(backends: readonly Backend[], signal: AbortSignal): Promise<void> {
    await this.#change(this.#actions.weigh, backends, signal)
  }

  async remove(backends: readonly Backend[], signal: AbortSignal): Promise<void> {
    await this.#change(this.#actions.remove, backends, signal)
  }

  async place(member: MemberSpec, signal: AbortSignal): Promise<Place> {
    const place = await instanceAt(this.#means, member, this.#region, signal)
    if (this.#port === null || place.port === this.#port) return place
    throw new Fault(
      'balancer.refused',
      `${member.address} takes traffic at another port than the servers of the default group, ${this.#port}`,
      { source: 'user', retry: 'no' },
    )
  }

  async #change(action: string, backends: readonly Backend[], signal: AbortSignal): Promise<void> {
    for (const batch of batches(backends, A_CALL)) {
      const servers = batch.map(({ server, port, weight, mark }) => ({
        ServerId: server,
        ...(this.#port === null && { Port: port }),
        Weight: weight,
        Type: 'ecs',
        Description: mark,
      }))
      await patiently(
        this.#means,
        {
          product: 'slb',
          action,
          query: { ...this.#query(), BackendServers: new JsonText(servers) },
          read: () => null,
        },
        `server group ${this.id} cannot be changed`,
        signal,
      )
    }
  }

  get #actions() {
    return this.#port === null ? VIRTUAL : DEFAULT
  }

  #query() {
    return {
      RegionId: this.#region,
      [this.#port === null ? 'VServerGroupId' : 'LoadBalancerId']: this.id,
    }
  }
}
