import type { PoolSpec } from '../../../core/balancer.ts'
import { Fault } from '../../../core/fault.ts'
import { ownTags, tagList } from '../balancer/own-tags.ts'
import type { Fields } from '../client/fields.ts'
import type { Parameters } from '../client/parameters.ts'
import type { Tags } from '../tags-key.ts'
import type { Alb } from './alb.ts'
import { albPool, type OwnPool } from './config.ts'
import { covers } from './covers.ts'
import { groupSettings } from './group-settings.ts'
import { nameOf } from './naming.ts'
import type { SeenInstance } from './seen-instance.ts'

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

/** By this tag, beside those of the balancer, Tidegate knows the groups that it has made: one that was made by a call whose answer was
 *  lost is found by it. */
const POOL_TAG = 'tidegate:pool'

/** The server groups of one balancer. */
export class AlbGroups {
  readonly #alb: Alb
  readonly #own: { readonly installation: string; readonly name: string }

  /** `name`: of the balancer in the file. */
  constructor(alb: Alb, own: { readonly installation: string; readonly name: string }) {
    this.#alb = alb
    this.#own = own
  }

  /** All of Tidegate's own. */
  async all(signal: AbortSignal): Promise<readonly SeenGroup[]> {
    return await this.#list({ Tag: this.#tags({}) }, signal)
  }

  /** The group of a pool: that which it names, as it is, or one of Tidegate's own, with settings as specified. */
  async have(pool: PoolSpec, instance: SeenInstance, signal: AbortSignal): Promise<SeenGroup> {
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
  async holds(pool: PoolSpec, instance: SeenInstance, signal: AbortSignal): Promise<boolean> {
    if (albPool(pool.part).serverGroup !== null) return true
    const there = await this.find(pool, signal)
    return there !== null && isAsWanted(there, pool, instance)
  }

  /** It stays while listeners or rules of others send to it. */
  async remove({ id }: SeenGroup, signal: AbortSignal): Promise<void> {
    const query = { ServerGroupId: id }
    await this.#alb.change(
      { action: 'DeleteServerGroup', query, unless: 'ResourceInUse.ServerGroup' },
      `server group ${id} cannot be deleted`,
      signal,
    )
  }

  /** The group of Tidegate's own for a pool. */
  async find({ name, part }: PoolSpec, signal: AbortSignal): Promise<SeenGroup | null> {
    const pool = albPool(part)
    if (pool.serverGroup !== null) return null
    const groups = await this.#list({ Tag: this.#tags({ [POOL_TAG]: name }) }, signal)
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
    { edition, vpc }: SeenInstance,
    signal: AbortSignal,
  ): Promise<void> {
    const query = {
      ...groupSettings(pool, edition),
      ServerGroupName: nameOf(this.#own.installation, pool.name),
      ServerGroupType: type,
      Protocol: protocol,
      VpcId: vpc,
      Tag: this.#tags({ [POOL_TAG]: pool.name }),
    }
    const doing = `a server group for pool ${pool.name} cannot be made`
    await this.#alb.change({ action: 'CreateServerGroup', query }, doing, signal)
  }

  async #change(
    { id }: SeenGroup,
    pool: PoolSpec,
    { edition }: SeenInstance,
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

  #tags(more: Tags) {
    const { installation, name } = this.#own
    return tagList({ ...ownTags(installation, name), ...more })
  }
}

function isAsWanted({ fields }: SeenGroup, pool: PoolSpec, { edition }: SeenInstance): boolean {
  return covers(fields.record, groupSettings(pool, edition))
}

/** One of ListServerGroups. */
export function groupOf(fields: Fields): SeenGroup {
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
