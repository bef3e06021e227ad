import { type BalancerSpec, type MemberSpec, parseAddress } from '../../../core/balancer.ts'
import { Fault } from '../../../core/fault.ts'
import type { NamedServer } from './names.ts'
import type { Vitals } from './vitals.ts'

/** A member of one pool: as it is wanted, and what is known of it. */
export interface Entry {
  readonly pool: string
  readonly member: MemberSpec
  readonly host: string
  readonly port: number
  /** The name that its address was found by. */
  readonly name: string | null
  /** Its weight in the configuration file; null = a fleet's member, made by `put`. */
  readonly fileWeight: number | null
  /** The same object as long as it is the same server of the same pool. */
  readonly vitals: Vitals
}

/** What the gateway is to serve. Immutable, so that a change that fails is undone by keeping the old one. */
export interface Roster {
  readonly spec: BalancerSpec | null
  readonly pools: ReadonlyMap<string, ReadonlyMap<string, Entry>>
}

/** The servers that one of the file stands for. */
export type ServersOf = (server: MemberSpec) => readonly NamedServer[]

/** Gives a new member its slots. */
export type Enrol = (pool: string, member: MemberSpec) => Vitals

export const EMPTY: Roster = { spec: null, pools: new Map() }

export function entriesOf(roster: Roster): Entry[] {
  return [...roster.pools.values()].flatMap((pool) => [...pool.values()])
}

/** Throws Fault `balancer.unknown-pool`. */
export function poolOf(roster: Roster, name: string): ReadonlyMap<string, Entry> {
  const pool = roster.pools.get(name)
  if (pool) return pool
  throw new Fault('balancer.unknown-pool', `there is no pool ${name}`, { source: 'user', retry: 'yes' })
}

/** The roster by a new specification: the file's members as it says, the others as they were. */
export function configured(
  roster: Roster,
  spec: BalancerSpec,
  enrol: Enrol,
  serversOf: ServersOf = (server) => [server],
): Roster {
  const pools = new Map<string, ReadonlyMap<string, Entry>>()
  for (const { name, servers } of spec.pools) {
    const before = roster.pools.get(name) ?? new Map<string, Entry>()
    const fixed = servers
      .flatMap(serversOf)
      .map((server) => fixedEntry(name, server, before.get(server.id), enrol))
    const now = new Map(fixed.map((entry) => [entry.member.id, entry]))
    for (const entry of before.values()) {
      if (entry.fileWeight === null && !now.has(entry.member.id)) now.set(entry.member.id, entry)
    }
    pools.set(name, now)
  }
  return { spec, pools }
}

/** A weight that `put` gave a member of the file, such as a drain, lasts until the file gives it another one. */
function fixedEntry(pool: string, server: NamedServer, before: Entry | undefined, enrol: Enrol): Entry {
  const { id, address, name = null } = server
  const weight = before?.fileWeight === server.weight ? before.member.weight : server.weight
  return { ...entryOf(pool, { id, address, weight }, before, enrol), fileWeight: server.weight, name }
}

export function withMembers(
  roster: Roster,
  pool: string,
  members: readonly MemberSpec[],
  enrol: Enrol,
): Roster {
  const now = new Map(poolOf(roster, pool))
  for (const member of members) now.set(member.id, entryOf(pool, member, now.get(member.id), enrol))
  return { ...roster, pools: new Map(roster.pools).set(pool, now) }
}

export function withoutMembers(roster: Roster, pool: string, ids: readonly string[]): Roster {
  const now = new Map(poolOf(roster, pool))
  for (const id of ids) {
    if (now.get(id)?.fileWeight != null) {
      const message = `${id} is a member by the configuration file of pool ${pool}; take it out there, or give it weight 0`
      throw new Fault('balancer.refused', message, { source: 'user', retry: 'no' })
    }
    now.delete(id)
  }
  return { ...roster, pools: new Map(roster.pools).set(pool, now) }
}

/** A member at another address is another server: it starts over. */
function entryOf(pool: string, member: MemberSpec, before: Entry | undefined, enrol: Enrol): Entry {
  if (before?.member.address === member.address) return { ...before, member }
  const bind = parseAddress(member.address)
  if (!bind) {
    const message = `member ${member.id} of pool ${pool}: ${member.address} is not host:port`
    throw new Fault('request.invalid', message, { source: 'user', retry: 'no' })
  }
  const fileWeight = before?.fileWeight ?? null
  const { host, port } = bind
  return { pool, member, host, port, name: null, fileWeight, vitals: enrol(pool, member) }
}

/** Servers that no pool of `after` holds any more. */
export function slotsWithout(before: Roster, after: Roster): number[] {
  const kept = new Set(entriesOf(after).map((entry) => entry.vitals.serverSlot))
  return entriesOf(before).flatMap(({ vitals }) => (kept.has(vitals.serverSlot) ? [] : [vitals.serverSlot]))
}
