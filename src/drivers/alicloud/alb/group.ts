import { isIPv4 } from 'node:net'
import { type MemberSpec, parseAddress } from '../../../core/balancer.ts'
import { Fault } from '../../../core/fault.ts'
import { type Backend, keyOf, type Place } from '../balancer/backend.ts'
import type { Group } from '../balancer/group.ts'
import { instanceAt } from '../balancer/instance-at.ts'
import { batches } from '../balancer/patience.ts'
import type { Parameters } from '../client/parameters.ts'
import type { Alb, Asked } from './alb.ts'
import type { SeenGroup } from './groups.ts'
import { type AlbHealth, healthOf } from './health.ts'
import { isRemote, networksOf } from './networks.ts'
import { isLeaving, listServers } from './servers.ts'

/** https://www.alibabacloud.com/help/en/slb/application-load-balancer/developer-reference/api-alb-2020-06-16-addserverstoservergroup */
const ADDED_A_CALL = 200
const WEIGHED_A_CALL = 40
/** 200 are documented, but they stand in the address of the call, which must not grow so long. */
const REMOVED_A_CALL = 40

/** A server group of ALB. */
export class AlbGroup implements Group {
  readonly adopts: boolean
  readonly #alb: Alb
  readonly #region: string
  readonly #health: AlbHealth
  #seen: SeenGroup
  /** When it was read last. */
  #leaving: ReadonlySet<string> = new Set()

  constructor(
    alb: Alb,
    seen: SeenGroup,
    about: { readonly region: string; readonly health: AlbHealth; readonly adopts: boolean },
  ) {
    this.#alb = alb
    this.#seen = seen
    this.#region = about.region
    this.#health = about.health
    this.adopts = about.adopts
  }

  get id(): string {
    return this.#seen.id
  }

  get startsSlowly(): boolean {
    return this.#seen.startsSlowly
  }

  /** Its settings have changed. */
  set seen(seen: SeenGroup) {
    this.#seen = seen
  }

  /** Without those that are leaving. */
  async read(signal: AbortSignal): Promise<readonly Backend[]> {
    const { id } = this.#seen
    const servers = await listServers(this.#alb, id, signal)
    this.#leaving = new Set(servers.filter(isLeaving).map(keyOf))
    // Read after them: of a server that came in between, an older answer would be silent as of one that is well.
    const health = await this.#health.get()
    return servers
      .filter((one) => !isLeaving(one))
      .map(({ status, ...one }) => ({
        ...one,
        health: status === 'Adding' ? 'unknown' : healthOf(health, id, one),
      }))
  }

  /** One that is still leaving must not keep the others from joining: a call is done for all or for none. */
  async add(backends: readonly Backend[], signal: AbortSignal): Promise<void> {
    const networks = this.#isOfAddresses ? await networksOf(this.#alb, this.#about, signal) : null
    const leaving = backends.filter((one) => this.#leaving.has(keyOf(one)))
    const joining = backends.filter((one) => !leaving.includes(one))
    for (const batch of batches(joining, ADDED_A_CALL)) {
      const Servers = batch.map((backend) => ({
        ...this.#settings(backend),
        ...(networks && { RemoteIpEnabled: isRemote(backend.server, networks) }),
      }))
      await this.#change({ action: 'AddServersToServerGroup', form: { Servers } }, signal)
    }
    if (leaving.length > 0) throw stillLeaving(this.#seen.id, leaving)
  }

  async weigh(backends: readonly Backend[], signal: AbortSignal): Promise<void> {
    for (const batch of batches(backends, WEIGHED_A_CALL)) {
      const Servers = batch.map((backend) => this.#settings(backend))
      await this.#change({ action: 'UpdateServerGroupServersAttribute', form: { Servers } }, signal)
    }
  }

  async remove(backends: readonly Backend[], signal: AbortSignal): Promise<void> {
    for (const batch of batches(backends, REMOVED_A_CALL)) {
      const Servers = batch.map((backend) => this.#naming(backend))
      await this.#change({ action: 'RemoveServersFromServerGroup', query: { Servers } }, signal)
    }
  }

  async place(member: MemberSpec, signal: AbortSignal): Promise<Place> {
    if (!this.#isOfAddresses) return await instanceAt(this.#alb.means, member, this.#region, signal)
    const { host, port } = parseAddress(member.address) ?? { host: '', port: 0 }
    if (isIPv4(host)) return { server: host, ip: host, port }
    const message = `${member.address} is no address; a server of this group is an IPv4 address`
    throw new Fault('balancer.refused', message, { source: 'user', retry: 'no' })
  }

  get #isOfAddresses(): boolean {
    return this.#seen.type === 'Ip'
  }

  get #about() {
    return { region: this.#region, vpc: this.#seen.vpc }
  }

  #naming({ server, port }: Backend): Parameters {
    return { ServerId: server, ServerType: this.#isOfAddresses ? 'Ip' : 'Ecs', Port: port }
  }

  #settings(backend: Backend): Parameters {
    return { ...this.#naming(backend), Weight: backend.weight, Description: backend.mark }
  }

  async #change(
    { action, query, form }: Partial<Asked> & { readonly action: string; readonly form?: Parameters },
    signal: AbortSignal,
  ): Promise<void> {
    const { id } = this.#seen
    try {
      await this.#alb.change(
        { action, query: { ServerGroupId: id, ...query }, ...(form && { form }) },
        `server group ${id} cannot be changed`,
        signal,
      )
    } finally {
      this.#health.forget()
    }
  }
}

function stillLeaving(group: string, backends: readonly Backend[]): Fault {
  const message = `${backends.map(keyOf).join(', ')} still finishes what it holds in server group ${group}, and can come back when that is done`
  return new Fault('balancer.refused', message, { source: 'vendor', retry: 'yes' })
}
