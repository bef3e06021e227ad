import type { Bind } from '../../../core/balancer.ts'
import { classesOf } from '../../../core/rule.ts'
import type { Snapshot, SnapshotMember } from '../../../core/snapshot.ts'
import type { Keychain } from '../keys/keychain.ts'
import type { Entry, Roster } from '../members/roster.ts'

/** Where listeners' and pools' counters are. */
export interface SlotsByName {
  pool(name: string): number
  listener(name: string): number
  trafficClass(name: string): number
}

export type Bound = Readonly<Record<string, Bind>>

/** What a snapshot is made of. */
export interface Composed {
  readonly roster: Roster
  readonly bound: Bound
  readonly keys: Keychain
}

/** What workers serve by: the roster with the listeners that have a port and their keys, in order of the specification. */
export function compose(version: number, { roster, bound, keys }: Composed, slots: SlotsByName): Snapshot {
  const { spec } = roster
  return {
    version,
    listeners: (spec?.listeners ?? []).flatMap((listener) => {
      const bind = bound[listener.name]
      const own = keys.listeners[listener.name]
      if (!bind || (listener.tls && !own)) return []
      const listenerSlot = slots.listener(listener.name)
      return [{ ...listener, bind, listenerSlot, ...(own && { keys: own }) }]
    }),
    pools: (spec?.pools ?? []).map((pool) => ({
      name: pool.name,
      poolSlot: slots.pool(pool.name),
      algorithm: pool.algorithm,
      ...(pool.hash && { hash: pool.hash }),
      ...(pool.affinity && { affinity: { ...pool.affinity, key: pool.affinity.secret ?? keys.affinity } }),
      ...((pool.outlier?.errors ?? null) !== null && { countsErrors: true }),
      upstream: pool.upstream,
      retries: pool.retries,
      ...(pool.attempts && { attempts: pool.attempts }),
      ...(pool.breaker && { breaker: pool.breaker }),
      ...(keys.pools[pool.name] && { keys: keys.pools[pool.name]! }),
      // Without its keys a pool would send in plain bytes what must be encrypted.
      members:
        pool.upstream.tls && !keys.pools[pool.name]
          ? []
          : [...(roster.pools.get(pool.name)?.values() ?? [])].map(snapshotMember),
    })),
    accessLog: spec?.accessLog ?? null,
    ...(spec?.makesTraces && { makesTraces: true as const }),
    classSlots: Object.fromEntries(
      [...classesOf(spec?.listeners ?? [])].map((name) => [name, slots.trafficClass(name)]),
    ),
  }
}

function snapshotMember(entry: Entry): SnapshotMember {
  return {
    id: entry.member.id,
    host: entry.host,
    port: entry.port,
    ...(entry.name !== null && { name: entry.name }),
    serverSlot: entry.vitals.serverSlot,
    memberSlot: entry.vitals.memberSlot,
    draining: entry.member.weight === 0,
  }
}
