import type { MemberSpec } from '../../../core/balancer.ts'
import { Fault } from '../../../core/fault.ts'
import { classesOf } from '../../../core/rule.ts'
import {
  CLASS_SLOTS,
  type LaneReader,
  LISTENER_SLOTS,
  MEMBER_SLOTS,
  POOL_SLOTS,
  SERVER_SLOTS,
} from '../../lanes.ts'
import { entriesOf, type Roster } from './roster.ts'
import { Slots } from './slots.ts'

/** Who owns which counters. An address belongs to a server's identity: at another one, another server answers. */
export class SlotBook {
  readonly #reader: LaneReader
  readonly #servers = new Slots(SERVER_SLOTS)
  readonly #members = new Slots(MEMBER_SLOTS)
  readonly #pools = new Slots(POOL_SLOTS)
  readonly #listeners = new Slots(LISTENER_SLOTS)
  readonly #classes = new Slots(CLASS_SLOTS)

  constructor(reader: LaneReader) {
    this.#reader = reader
  }

  /** These throw Fault `balancer.refused` when all slots are in use. */
  server(member: MemberSpec): number {
    return taken(this.#servers, serverKey(member), 'servers').slot
  }

  member(pool: string, member: MemberSpec): number {
    const { slot, isNew } = taken(this.#members, memberKey(pool, member), 'members')
    if (isNew) this.#reader.restartMember(slot)
    return slot
  }

  pool(name: string): number {
    const { slot, isNew } = taken(this.#pools, name, 'pools')
    if (isNew) this.#reader.restartPool(slot)
    return slot
  }

  listener(name: string): number {
    const { slot, isNew } = taken(this.#listeners, name, 'listeners')
    if (isNew) this.#reader.restartListener(slot)
    return slot
  }

  trafficClass(name: string): number {
    const { slot, isNew } = taken(this.#classes, name, 'traffic classes')
    if (isNew) this.#reader.restartClass(slot)
    return slot
  }

  /** Gives back what the roster does not hold any more, from snapshot `version` on. */
  keep(roster: Roster, version: number): void {
    const entries = entriesOf(roster)
    this.#servers.keep(new Set(entries.map((entry) => serverKey(entry.member))), version)
    this.#members.keep(new Set(entries.map((entry) => memberKey(entry.pool, entry.member))), version)
    this.#pools.keep(new Set(roster.pools.keys()), version)
    this.#classes.keep(classesOf(roster.spec?.listeners ?? []), version)
    this.#listeners.keep(new Set(roster.spec?.listeners.map((listener) => listener.name)), version)
  }

  reclaim(acknowledged: number): void {
    const reader = this.#reader
    this.#servers.reclaim(
      acknowledged,
      (slot) => reader.serverInFlight(slot) === 0 && reader.serverConnections(slot) === 0,
    )
    this.#members.reclaim(acknowledged, (slot) => reader.memberInFlight(slot) === 0)
    this.#pools.reclaim(acknowledged, () => true)
    this.#classes.reclaim(acknowledged, () => true)
    this.#listeners.reclaim(acknowledged, (slot) => reader.listenerConnections(slot) === 0)
  }
}

function serverKey(member: MemberSpec): string {
  return `${member.id}\n${member.address}`
}

function memberKey(pool: string, member: MemberSpec): string {
  return `${pool}\n${serverKey(member)}`
}

function taken(slots: Slots, key: string, what: string): { slot: number; isNew: boolean } {
  const slot = slots.take(key)
  if (slot) return slot
  const message = `the gateway has no room for more ${what}`
  throw new Fault('balancer.refused', message, { source: 'user', retry: 'yes' })
}
