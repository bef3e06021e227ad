import type { Member } from '../../../core/balancer.ts'
import type { GatewayStats, MemberStats, PoolStats } from '../../../core/control.ts'
import { classesOf } from '../../../core/rule.ts'
import type { Millis } from '../../../core/time.ts'
import { CLASS, type ClassField, type LaneReader, LISTENER, MEMBER, POOL } from '../../lanes.ts'
import type { Keychain } from '../keys/keychain.ts'
import type { Entry, Roster } from '../members/roster.ts'
import type { SlotsByName } from '../state/compose.ts'
import type { Former } from '../upgrade/former.ts'
import type { Meter, Window } from './meter.ts'

const MEMBER_WINDOW_MS = 5000

/** Where statistics come from. */
export interface Sources {
  readonly roster: Roster
  readonly reader: LaneReader
  readonly meter: Meter
  readonly slots: SlotsByName
  readonly panic: ReadonlySet<string>
  readonly certificates: Keychain['certificates']
  /** The gateway before this one, whose last connections have not ended. */
  readonly former?: Pick<Former, 'held'> | null
}

export function gatewayStats(sources: Sources, windowMs: Millis, at: Millis): GatewayStats {
  const { roster, reader, meter, slots } = sources
  const window = meter.window(windowMs)
  return {
    at,
    windowMs: window.ms,
    pools: [...roster.pools.keys()].map((name) => poolStats(sources, name, window)),
    listeners: (roster.spec?.listeners ?? []).map(({ name, tls }) => {
      const slot = slots.listener(name)
      return {
        name,
        connections: reader.listenerConnections(slot),
        accepted: reader.listener(slot, LISTENER.accepted),
        rejected: reader.listener(slot, LISTENER.rejected),
        cached: reader.listener(slot, LISTENER.cached),
        ...(tls && {
          tls: {
            handshakes: reader.listenerTls(slot),
            resumed: reader.listener(slot, LISTENER.tlsResumed),
            failed: reader.listener(slot, LISTENER.tlsFailed),
          },
        }),
      }
    }),
    certificates: sources.certificates,
    classes: [...classesOf(roster.spec?.listeners ?? [])].map((name) => {
      const slot = slots.trafficClass(name)
      const of = (field: ClassField) => reader.trafficClass(slot, field)
      return {
        name,
        requests: of(CLASS.requests),
        errors: of(CLASS.errors),
        sentToClients: of(CLASS.sentToClients),
        sumMs: of(CLASS.sumMs),
        latency: reader.classLatency(slot),
      }
    }),
    rssBytes: process.memoryUsage.rss(),
    bandwidthBps: roster.spec?.bandwidthBps ?? null,
  }
}

function poolStats(sources: Sources, name: string, window: Window): PoolStats {
  const { roster, reader, slots, panic, former } = sources
  const entries = [...(roster.pools.get(name)?.values() ?? [])]
  const slot = slots.pool(name)
  const isEncrypted = roster.spec?.pools.find((pool) => pool.name === name)?.upstream.tls
  const { rps, ended, errors, sentToClients, latency } = window.pool(slot)
  const taking = entries.filter((entry) => entry.member.weight > 0)
  return {
    name,
    requests: reader.pool(slot, POOL.requests),
    rps,
    refused: reader.pool(slot, POOL.refused),
    retries: reader.pool(slot, POOL.retries),
    ended: reader.pool(slot, POOL.ended),
    errors: reader.pool(slot, POOL.errors),
    sentToClients: reader.pool(slot, POOL.sentToClients),
    recent: { ended, errors, sentToClients, latency },
    meanInFlight: taking.reduce((sum, entry) => {
      const held = former?.held(name, entry.member.id).inFlight ?? 0
      return sum + window.mean(entry.vitals).inFlight + held
    }, 0),
    panic: panic.has(name),
    ...(isEncrypted && {
      tls: { handshakes: reader.poolTls(slot), resumed: reader.pool(slot, POOL.tlsResumed), failed: 0 },
    }),
    members: entries.map((entry) => memberStats(entry, reader, window)),
  }
}

function memberStats({ member, vitals }: Entry, reader: LaneReader, window: Window): MemberStats {
  const slot = vitals.memberSlot
  const mean = window.mean(vitals)
  return {
    id: member.id,
    requests: reader.member(slot, MEMBER.requests),
    statuses: reader.memberStatuses(slot),
    failures: reader.member(slot, MEMBER.failures),
    connectFailures: reader.member(slot, MEMBER.connectFailures),
    opened: reader.member(slot, MEMBER.opened),
    reused: reader.member(slot, MEMBER.reused),
    inFlight: reader.memberInFlight(slot),
    connections: reader.serverConnections(vitals.serverSlot),
    bytesSent: reader.member(slot, MEMBER.bytesSent),
    bytesReceived: reader.member(slot, MEMBER.bytesReceived),
    latency: reader.memberLatency(slot),
    latencySumMs: reader.member(slot, MEMBER.latencySumMs),
    meanInFlight: mean.inFlight,
    meanConnections: mean.connections,
  }
}

/** A pool's members as they are. */
export function membersOf(sources: Sources, entries: Iterable<Entry>): Member[] {
  const window = sources.meter.window(MEMBER_WINDOW_MS)
  return [...entries].map((entry) => {
    const { member, vitals } = entry
    const [p50Ms, p95Ms, p99Ms] = sources.meter.latency(vitals)
    const held = sources.former?.held(entry.pool, member.id)
    return {
      ...member,
      state: vitals.state,
      effectiveWeight: vitals.weight / vitals.weightUnit,
      inFlight: sources.reader.memberInFlight(vitals.memberSlot) + (held?.inFlight ?? 0),
      connections: sources.reader.serverConnections(vitals.serverSlot) + (held?.connections ?? 0),
      sinceAt: vitals.sinceAt,
      fixed: entry.fileWeight !== null,
      rps: window.mean(vitals).rps,
      p50Ms,
      p95Ms,
      p99Ms,
      probes: vitals.probes,
    }
  })
}
