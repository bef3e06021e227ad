import type { PoolSpec } from '../../../core/balancer.ts'
import { Fault } from '../../../core/fault.ts'
import type { Fields } from '../client/fields.ts'
import type { Parameters } from '../client/parameters.ts'
import type { Alb } from './alb.ts'
import { albPool, type OwnPool } from './config.ts'
import { covers } from './covers.ts'
import { groupSettings } from './group-settings.ts'
import type { AlbInstance } from './instance.ts'
import { nameOf, ownTag } from './naming.ts'

/** A server group as the cloud has it. */
export interface SeenGroup {
  readonly id: string
  /** `Instance` or `Ip`; `Fc` for functions. */
  readonly type: string
  readonly protocol: string
  readonly vpc: string
  readonly startsSlowly: boolean
  readonly fields: Fields
}

/** By this tag, beside that of the installation, Tidegate knows the groups that it has made: one that was made by a call whose answer was
 *  lost is found by it. */
const POOL_TAG = 'tidegate:pool'

/** The server groups of an installation. */
export class AlbGroups {
  readonly #alb: Alb
  readonly #installation: string

  constructor(alb: Alb, installation: string) {
    this.#alb = alb
    this.#installation = installation
  }

  /** The group of a pool: that which it names, as it is, or one of Tidegate's own, with settings as specified. */
  async have(pool: PoolSpec, instance: AlbInstance, signal: AbortSignal): Promise<SeenGroup> {
    const part = albPool(pool.part)
    if (part.serverGroup !== null) return await this.#named(part.serverGroup, signal)
    const there = await this.find(pool, signal)
    if (there === null) await this.#make(pool, part, instance, signal)
    else if (!isAsWanted(there, pool, instance)) await this.#change(there, pool, instance, signal)
    else return there
    const made = await this.find(pool, signal)
    if (made !== null) return made
    throw new Fault('balancer.unreachable', `the server group of pool ${pool.name} is not there yet`, {
      source: 'vendor',
      retry: 'yes',
    })
  }

  /** Is the group of a pool there, with settings as specified? */
  async holds(pool: PoolSpec, instance: AlbInstance, signal: AbortSignal): Promise<boolean> {
    if (albPool(pool.part).serverGroup !== null) return true
    const there = await this.find(pool, signal)
    return there !== null && isAsWanted(there, pool, instance)
  }

  async remove({ id }: SeenGroup, signal: AbortSignal): Promise<void> {
    await this.#alb.change(
      { action: 'DeleteServerGroup', query: { ServerGroupId: id } },
      `server group ${id} cannot be deleted`,
      signal,
    )
  }

  /** The group of Tidegate's own for a pool. */
  async find({ name, part }: PoolSpec, signal: AbortSignal): Promise<SeenGroup | null> {
    const pool = albPool(part)
    if (pool.serverGroup !== null) return null
    const groups = await this.#list({ Tag: this.#tags(name) }, signal)
    return groups.find((group) => group.type === pool.type && group.protocol === pool.protocol) ?? null
  }

  async #named(id: string, signal: AbortSignal): Promise<SeenGroup> {
    const [group] = await this.#list({ ServerGroupIds: [id] }, signal)
    if (group) return group
    const message = `there is no server group ${id} in this region`
    throw new Fault('balancer.refused', message, { source: 'user', retry: 'no' })
  }

  async #make(
    pool: PoolSpec,
    { type, protocol }: OwnPool,
    { edition, vpc }: AlbInstance,
    signal: AbortSignal,
  ): Promise<void> {
    const query = {
      ...groupSettings(pool, edition),
      ServerGroupName: nameOf(this.#installation, pool.name),
      ServerGroupType: type,
      Protocol: protocol,
      VpcId: vpc,
      Tag: this.#tags(pool.name),
    }
    const doing = `a server group for pool ${pool.name} cannot be made`
    await this.#alb.change({ action: 'CreateServerGroup', query }, doing, signal)
  }

  async #change(
    { id }: SeenGroup,
    pool: PoolSpec,
    { edition }: AlbInstance,
    signal: AbortSignal,
  ): Promise<void> {
    const query = { ServerGroupId: id, ...groupSettings(pool, edition) }
    const doing = `server group ${id} cannot be changed`
    await this.#alb.change({ action: 'UpdateServerGroupAttribute', query }, doing, signal)
  }

  #list(query: Parameters, signal: AbortSignal) {
    return this.#alb.list(
      { action: 'ListServerGroups', name: 'ServerGroups', query },
      groupOf,
      'the server groups cannot be read',
      signal,
    )
  }

  #tags(pool: string) {
    return [ownTag(this.#installation), { Key: POOL_TAG, Value: pool }]
  }
}

function isAsWanted({ fields }: SeenGroup, pool: PoolSpec, { edition }: AlbInstance): boolean {
  return covers(fields.record, groupSettings(pool, edition))
}

function groupOf(fields: Fields): SeenGroup {
  const slow = fields.has('SlowStartConfig') ? fields.inside('SlowStartConfig') : null
  return {
    id: fields.text('ServerGroupId'),
    type: fields.text('ServerGroupType'),
    protocol: fields.text('Protocol'),
    vpc: fields.has('VpcId') ? fields.text('VpcId') : '',
    startsSlowly: slow?.has('SlowStartEnabled') === true && slow.flag('SlowStartEnabled'),
    fields,
  }
}
