import type { Millis } from '../core/time.ts'
import { type ServerShape, waitTail } from '../scaling/erlang.ts'
import { roundUp } from '../scaling/round.ts'

const MINUTE: Millis = 60_000

export interface SizingOptions {
  /** Requests a second, of all servers together. */
  readonly qps: number
  readonly server: ServerShape
  /** How far a server is used as a rule, 0 to 1. */
  readonly target: number
  /** How far while servers start or a zone is lost, 0 to 1; not below the target. */
  readonly limit: number
  /** By which share of itself the load may grow in a minute. */
  readonly growth: number
  readonly startupMs: Millis
  /** Servers are spread over so many alike; 1 = none can be lost. */
  readonly zones: number
  /** A request that waits longer is late. */
  readonly objectiveMs: Millis
}

/** So many servers under one load. */
export interface Size {
  readonly servers: number
  /** How far each is used; 1 and more = the load piles up. */
  readonly used: number
  /** The share of requests that are late in the steady state (M/M/c a server, as `simulate` has it). */
  readonly late: number
}

/** Why a fleet needs so many, each reason after those before it. */
export interface Sizing {
  /** What the load keeps busy: nobody can do with fewer. */
  readonly busy: Size
  /** As far used as they are to be. */
  readonly target: Size
  /** And enough for what the load grows by before a new server serves. */
  readonly growth: Size
  /** And enough when a zone is lost; null = there is only one. */
  readonly zones: Size | null
  /** What is left of those then. */
  readonly lost: Size | null
}

/** How many servers a load needs. */
export function sizingOf(options: SizingOptions): Sizing {
  const { qps, server, target, limit, growth, startupMs, zones } = options
  const needed = (rps: number, used: number) => roundUp(rps / (server.capacity * used))
  const sizeOf = (servers: number): Size => {
    const used = qps / (servers * server.capacity)
    return { servers, used, late: lateShare(options, used) }
  }
  const usual = needed(qps, target)
  const grown = Math.max(usual, needed(qps * (1 + growth) ** (startupMs / MINUTE), limit))
  const spread = zones === 1 ? null : spreadOver(zones, grown, needed(qps, limit))
  return {
    busy: sizeOf(needed(qps, 1)),
    target: sizeOf(usual),
    growth: sizeOf(grown),
    zones: spread === null ? null : sizeOf(spread),
    lost: spread === null ? null : sizeOf(leftOf(spread, zones)),
  }
}

/** The fewest, of at least so many, of which enough are left when the fullest zone is lost. */
function spreadOver(zones: number, least: number, enough: number): number {
  let servers = Math.max(least, enough + 1, Math.floor((enough * zones) / (zones - 1)))
  while (leftOf(servers, zones) < enough) servers++
  return servers
}

function leftOf(servers: number, zones: number): number {
  return servers - Math.ceil(servers / zones)
}

function lateShare({ server, objectiveMs }: SizingOptions, used: number): number {
  return used >= 1 ? 1 : waitTail(server, used, objectiveMs / 1000)
}
