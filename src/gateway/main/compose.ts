import type { Bind } from '../../core/balancer.ts'
import type { Snapshot, SnapshotMember } from '../../core/snapshot.ts'
import type { Entry, Roster } from './roster.ts'

/** Where listeners' and pools' counters are. */
export interface SlotsByName {
  pool(name: string): number
  listener(name: string): number
}

export type Bound = Readonly<Record<string, Bind>>

/** What workers serve by: the roster with the listeners that have a port, in order of the specification. */
export function compose(version: number, roster: Roster, bound: Bound, slots: SlotsByName): Snapshot {
  const { spec } = roster
  return {
    version,
    listeners: (spec?.listeners ?? []).flatMap((listener) => {
      const bind = bound[listener.name]
      return bind ? [{ ...listener, bind, listenerSlot: slots.listener(listener.name) }] : []
    }),
    pools: (spec?.pools ?? []).map((pool) => ({
      name: pool.name,
      poolSlot: slots.pool(pool.name),
      algorithm: pool.algorithm,
      upstream: pool.upstream,
      retries: pool.retries,
      ...(pool.attempts && { attempts: pool.attempts }),
      ...(pool.breaker && { breaker: pool.breaker }),
      members: [...(roster.pools.get(pool.name)?.values() ?? [])].map(snapshotMember),
    })),
    accessLog: spec?.accessLog ?? null,
  }
}

function snapshotMember(entry: Entry): SnapshotMember {
  return {
    id: entry.member.id,
    host: entry.host,
    port: entry.port,
    serverSlot: entry.vitals.serverSlot,
    memberSlot: entry.vitals.memberSlot,
    draining: entry.member.weight === 0,
  }
}
