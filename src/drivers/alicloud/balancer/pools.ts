import type { PoolSpec } from '../../../core/balancer.ts'
import { canonical } from '../../../core/canonical.ts'
import { Fault } from '../../../core/fault.ts'
import type { Probe } from '../../../core/health.ts'
import type { Host } from '../../../core/time.ts'
import { faultIn } from './fault-in.ts'
import type { Group } from './group.ts'
import { GroupKeeper } from './group-keeper.ts'

/** The groups of one balancer, as its product's API has them. All throw Fault. */
export interface CloudGroups {
  /** The group of a pool, with its settings as specified: that which the pool names, or one of Tidegate's own. */
  group(pool: PoolSpec, signal: AbortSignal): Promise<Group>
  /** No pool has this group any more; deletes it when Tidegate has made it. */
  leave(pool: PoolSpec, signal: AbortSignal): Promise<void>
}

interface Kept {
  readonly pool: PoolSpec
  readonly group: Group
  readonly keeper: GroupKeeper
}

/** The pools of one balancer, each with the keeper of its group. A pool that moves to another group has the former one until listeners
 *  send to the new one: `prepare`, then listeners, `move`, `settle`. Each of these may fail, and is begun anew then. */
export class Pools {
  readonly #cloud: CloudGroups
  readonly #probe: Probe
  readonly #host: Pick<Host, 'clock' | 'log' | 'installation'>
  readonly #kept = new Map<string, Kept>()
  /** With members of ours, and no pool has them: those that are prepared, and former ones until they are left. */
  readonly #others = new Set<Kept>()

  constructor(cloud: CloudGroups, probe: Probe, host: Pick<Host, 'clock' | 'log' | 'installation'>) {
    this.#cloud = cloud
    this.#probe = probe
    this.#host = host
  }

  get names(): readonly string[] {
    return [...this.#kept.keys()]
  }

  keeper(pool: string): GroupKeeper {
    const kept = this.#kept.get(pool)
    if (kept) return kept.keeper
    throw new Fault('balancer.unknown-pool', `there is no pool ${pool}`, { source: 'user', retry: 'yes' })
  }

  /** Each of these has a group; gives those that are still to move. */
  async prepare(pools: readonly PoolSpec[], signal: AbortSignal): Promise<readonly Kept[]> {
    const names = new Set(pools.map(({ name }) => name))
    const moving: Kept[] = []
    for (const pool of pools) {
      const group = await this.#cloud.group(pool, signal)
      const former = this.#kept.get(pool.name)
      if (former && isSame(former, pool, group)) {
        this.#kept.set(pool.name, { ...former, pool })
        continue
      }
      await this.#free(group, (name) => name !== pool.name && names.has(name))
      const next = { pool, group, keeper: await this.#keeperOf(group, pool, signal) }
      if (former && former.group.id !== group.id && !isSamePart(former.pool, pool)) {
        moving.push(next)
        this.#others.add(next)
      } else {
        this.#kept.set(pool.name, next)
        // Where the pool is as it was and its group is another, the former one is gone.
        await former?.keeper.close()
      }
      if (former) await fill(next, former, signal)
    }
    return moving
  }

  /** Listeners send to the groups of these pools, and to no other. What the former groups have been asked for meanwhile, these have too. */
  async move(moving: readonly Kept[], pools: readonly PoolSpec[], signal: AbortSignal): Promise<void> {
    const names = new Set(pools.map(({ name }) => name))
    const taken: Promise<unknown>[] = []
    for (const next of moving) {
      const former = this.#kept.get(next.pool.name)!
      this.#others.add(former)
      this.#others.delete(next)
      this.#kept.set(next.pool.name, next)
      // In the same breath: whatever is asked for from now on comes after it.
      taken.push(faultIn(next.keeper.takeOver(former.keeper, signal)))
    }
    for (const [name, kept] of this.#kept) {
      if (names.has(name)) continue
      // Nobody may put a member there once it is being emptied.
      this.#kept.delete(name)
      this.#others.add(kept)
    }
    await Promise.all(taken)
  }

  /** Each has the members that the file names, and groups that no pool has any more have none of ours. What fails keeps back nothing else. */
  async settle(pools: readonly PoolSpec[], signal: AbortSignal): Promise<void> {
    const faults: (Fault | null)[] = []
    for (const pool of pools) faults.push(await faultIn(this.keeper(pool.name).hold(pool, signal)))
    for (const other of this.#others) faults.push(await faultIn(this.#leave(other, signal)))
    const first = faults.find((fault) => fault !== null)
    if (first) throw first
  }

  async close(): Promise<void> {
    await Promise.all([...this.#kept.values(), ...this.#others].map(({ keeper }) => keeper.close()))
  }

  /** Beside that of a pool which still has the group. */
  async #keeperOf(group: Group, pool: PoolSpec, signal: AbortSignal): Promise<GroupKeeper> {
    const keeper = new GroupKeeper(group, pool, this.#probe, this.#host)
    const other = [...this.#kept.values()].find((kept) => kept.group.id === group.id)
    if (other) await keeper.standBeside(other.keeper, signal)
    return keeper
  }

  /** Two keepers of one group would undo each other's changes: whoever has it beside the pools that stay gives it away, as it is. */
  async #free({ id }: Group, stays: (pool: string) => boolean): Promise<void> {
    for (const other of this.#others) {
      if (other.group.id !== id) continue
      this.#others.delete(other)
      await other.keeper.close()
    }
    for (const [name, { group, keeper }] of this.#kept) {
      if (group.id !== id || stays(name)) continue
      this.#kept.delete(name)
      await keeper.close()
    }
  }

  async #leave(other: Kept, signal: AbortSignal): Promise<void> {
    const failed = await faultIn(this.#empty(other, signal))
    if (failed && failed.retry !== 'no') throw failed
    if (failed) {
      const { name } = other.pool
      const message = `pool ${name}: its former group ${other.group.id} stays as it is: ${failed.message}`
      this.#host.log.warn(message, { code: failed.code })
    }
    this.#others.delete(other)
    await other.keeper.close()
  }

  /** A group that another pool has now keeps whom that wants. */
  async #empty({ keeper, pool, group }: Kept, signal: AbortSignal): Promise<void> {
    await keeper.empty(signal)
    const isTaken = [...this.#kept.values()].some((kept) => kept.group.id === group.id)
    if (!isTaken) await this.#cloud.leave(pool, signal)
  }
}

/** Before listeners send to it. What is refused here is told when the pool is held, and when its fleets put their members again. */
async function fill({ pool, keeper }: Kept, former: Kept, signal: AbortSignal): Promise<void> {
  await faultIn(keeper.hold(pool, signal))
  await faultIn(keeper.put(former.keeper.joined, signal))
}

function isSame(former: Kept, pool: PoolSpec, group: Group): boolean {
  return former.group.id === group.id && isSamePart(former.pool, pool)
}

function isSamePart(a: PoolSpec, b: PoolSpec): boolean {
  return canonical(a.part ?? null) === canonical(b.part ?? null)
}
