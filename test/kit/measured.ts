import type { Measured } from '../../src/controller/measured.ts'
import { serverViews } from '../../src/controller/servers.ts'
import { EMPTY_MEMORY } from '../../src/controller/state.ts'
import { verify } from '../../src/controller/verify.ts'
import type { FleetView } from '../../src/controller/view.ts'
import type { Member } from '../../src/core/balancer.ts'
import type { Server } from '../../src/core/fleet.ts'
import type { Decision } from '../../src/core/scaling.ts'
import type { IntentRecord, Step } from '../../src/core/step.ts'
import { aFleet, NOON } from './scaling.ts'

/** A running server of the fleet `api`, launched ten minutes ago. */
export function listed(id: string, over: Partial<Server> = {}): Server {
  const address = `10.0.0.1:${id.replace(/\D/g, '') || '1'}`
  const launchedAt = NOON - 600_000
  return { id, token: 'test.api.1', address, revision: 'r1', launchedAt, phase: 'running', ...over }
}

/** A healthy member that carries nothing. */
export function aMember(id: string, over: Partial<Member> = {}): Member {
  return {
    id,
    address: listed(id).address!,
    weight: 100,
    state: 'healthy',
    effectiveWeight: 100,
    inFlight: 0,
    connections: 0,
    sinceAt: NOON - 600_000,
    fixed: false,
    rps: 0,
    p50Ms: null,
    p95Ms: null,
    p99Ms: null,
    probes: [],
    ...over,
  }
}

/** What was read at NOON: by itself an empty world that nothing was asked of. */
export function measured(over: Partial<Measured> = {}): Measured {
  const world = {
    fleet: aFleet(),
    now: NOON,
    listed: [],
    kept: [],
    keeps: 0,
    strays: [],
    members: { api: [] },
    readings: {},
    besides: {},
    outlooks: {},
    surelyRps: null,
    starts: [],
    calendar: [],
    orders: [],
    blind: [],
    receipts: new Map(),
    flying: new Map(),
    intents: [],
    memory: EMPTY_MEMORY,
    seen: new Map(),
    sinceAt: 0,
    settleMs: 10_000,
    blindTicks: 0,
    isBehind: false,
    expired: [],
    before: new Map(),
    lostBefore: [],
    trouble: null,
    troubledAt: Number.NEGATIVE_INFINITY,
    ...over,
  }
  return { ...world, servers: serverViews(world) }
}

/** A fleet of these, all serving and confirmed. */
export function serving(ids: readonly string[], over: Partial<Measured> = {}): FleetView {
  return verify(
    measured({
      listed: ids.map((id) => listed(id)),
      members: { api: ids.map((id) => aMember(id)) },
      memory: { ...EMPTY_MEMORY, confirmed: ids },
      ...over,
    }),
  )
}

export function wanting(view: FleetView, want: number): Decision {
  const because = [{ by: 'policy:load', from: view.have, to: want, says: 'so it is', untilAt: null }]
  return { have: view.have, want, because, opinions: [], raw: want }
}

export function anIntent(step: Step, over: Partial<IntentRecord> = {}): IntentRecord {
  return {
    token: 'test.api.1',
    fleet: 'api',
    step,
    at: NOON - 1_000,
    have: 0,
    want: 0,
    by: 'upkeep',
    closed: null,
    ...over,
  }
}

export function aLaunch(count: number, over: Partial<IntentRecord> = {}): IntentRecord {
  const request = { fleet: 'api', count, revision: 'r1', template: {} }
  return anIntent({ kind: 'launch', request }, { have: 0, want: count, by: 'policy:load', ...over })
}
