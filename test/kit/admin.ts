import { createHistoryDesk } from '../../src/controller/history-desk.ts'
import type { Access } from '../../src/core/access.ts'
import type { BalancerSummary, FleetStatus, Orders, Plan, PoolStatus, Queries } from '../../src/core/admin.ts'
import type { AuditRecord } from '../../src/core/audit.ts'
import type { Member } from '../../src/core/balancer.ts'
import type { GatewayStats, MemberStats } from '../../src/core/control.ts'
import type { CostReport } from '../../src/core/cost.ts'
import { LATENCY_BOUNDS_MS } from '../../src/core/latency.ts'
import type { DecisionRecord, Event } from '../../src/core/store.ts'
import { SimHistory } from '../../src/simulator/sim-history.ts'

/** An instant that tests may count from: 2026-01-02T03:04:05Z. */
export const NOW = 1_767_323_045_000

export function aMember(over: Partial<Member> = {}): Member {
  return {
    id: 'api-1',
    address: '127.0.0.1:20001',
    weight: 100,
    state: 'healthy',
    effectiveWeight: 100,
    inFlight: 3,
    connections: 5,
    sinceAt: NOW - 60_000,
    fixed: false,
    rps: 12.5,
    p50Ms: 51,
    p95Ms: 60,
    p99Ms: null,
    probes: [{ at: NOW - 1000, ok: true, ms: 2, detail: '200' }],
    ...over,
  }
}

export function aPool(over: Partial<PoolStatus> = {}): PoolStatus {
  return {
    name: 'api',
    algorithm: 'least-connections',
    balancer: 'gateway',
    rps: 12.5,
    inFlight: 3,
    panic: false,
    members: [aMember()],
    ...over,
  }
}

export function aFleet(over: Partial<FleetStatus> = {}): FleetStatus {
  return {
    name: 'api',
    min: 2,
    max: 50,
    desired: 4,
    actual: 3,
    ready: 2,
    servers: [
      {
        id: 'api-1',
        address: '127.0.0.1:20001',
        state: 'serving',
        revision: 'abc',
        zone: null,
        price: null,
        launchedAt: NOW - 90_000,
        inFlight: 3,
        connections: 5,
        detail: null,
        ending: null,
      },
    ],
    reserve: 0,
    kept: 0,
    exits: [],
    readings: {
      'in-flight-per-server': { ok: true, sample: { value: 16, at: NOW } },
      cpu: { ok: false, at: NOW, why: 'no-data' },
    },
    measuredBy: { 'in-flight-per-server': 'balancer', cpu: 'fleet' },
    metrics: {},
    orders: [],
    replacement: null,
    windows: [],
    cost: null,
    open: [],
    blind: null,
    lastTickAt: NOW,
    decision: aDecision().decision,
    others: [],
    shadow: null,
    alerts: [],
    backoff: null,
    learned: {
      capacity: null,
      startup: null,
      fixed: { capacityRps: null, startupMs: null },
    },
    tuning: null,
    ...over,
  }
}

export function aDecision(over: Partial<DecisionRecord> = {}): DecisionRecord {
  return {
    id: 7,
    fleet: 'api',
    at: NOW,
    decision: {
      have: 2,
      want: 3,
      raw: 4,
      because: [
        { by: 'policy:busy', from: 2, to: 4, says: 'in-flight-per-server is 16, target 8', untilAt: null },
        { by: 'guard:limits', from: 4, to: 3, says: 'max is 3', untilAt: NOW + 60_000 },
      ],
      opinions: [
        { policy: 'busy', want: 4, why: 'in-flight-per-server is 16, target 8', trace: null },
        {
          policy: 'hot',
          want: null,
          why: 'the condition is false',
          trace: {
            text: 'cpu > 80%',
            value: false,
            parts: [
              { text: 'cpu', value: null, parts: [] },
              { text: '80%', value: 0.8, parts: [] },
            ],
          },
        },
      ],
    },
    readings: {},
    servers: [{ id: 'api-1', state: 'serving' }],
    steps: [],
    receipts: [],
    ...over,
  }
}

export function anEvent(id: number, text = `event ${id}`): Event {
  return { id, at: NOW + id, scope: 'fleet:api', kind: 'decision', text }
}

export function aPlan(over: Partial<Plan> = {}): Plan {
  const { decision } = aDecision()
  return {
    fleet: 'api',
    decision,
    steps: [],
    opinions: decision.opinions,
    windows: [],
    replacement: null,
    open: [],
    ...over,
  }
}

export function aBalancer(over: Partial<BalancerSummary> = {}): BalancerSummary {
  const bound = { web: { host: '127.0.0.1', port: 8080 } }
  return { name: 'gateway', bound, purchase: null, blind: null, left: null, canaries: [], ...over }
}

export function memberStats(over: Partial<MemberStats> = {}): MemberStats {
  return {
    id: 'api-1',
    requests: 10,
    statuses: [0, 7, 0, 2, 1],
    failures: 0,
    connectFailures: 1,
    opened: 4,
    reused: 6,
    inFlight: 3,
    connections: 5,
    bytesSent: 1000,
    bytesReceived: 2000,
    latency: [...LATENCY_BOUNDS_MS.map((bound) => (bound === 64 ? 9 : 0)), 1],
    latencySumMs: 20_500,
    meanInFlight: 2.5,
    meanConnections: 5,
    ...over,
  }
}

export function gatewayStats(members: readonly MemberStats[] = [memberStats()]): GatewayStats {
  return {
    at: NOW,
    windowMs: 5000,
    pools: [
      {
        name: 'api',
        requests: 12,
        rps: 12.5,
        refused: 2,
        retries: 1,
        ended: 11,
        errors: 2,
        sentToClients: 5000,
        recent: { ended: 0, errors: 0, sentToClients: 0, latency: [] },
        meanInFlight: 2.5,
        panic: false,
        members,
      },
    ],
    listeners: [{ name: 'web', connections: 8, accepted: 20, rejected: 1, cached: 5 }],
    classes: [{ name: 'downloads', requests: 3, errors: 1, sentToClients: 4000, sumMs: 1500, latency: [] }],
    rssBytes: 50_000_000,
    bandwidthBps: null,
  }
}

/** Queries over fixed answers; `events` may grow during a test. */
export function aCostReport(over: Partial<CostReport> = {}): CostReport {
  return {
    fleet: 'api',
    currency: 'CNY',
    fromAt: NOW - 86_400_000,
    toAt: NOW,
    knownMs: 86_400_000,
    cost: 48.96,
    serverHours: 72,
    each: 0.68,
    kilowattHours: 1.5,
    carbonGrams: 810,
    fixed: { servers: 10, by: 'target', serverHours: 240, cost: 163.2 },
    least: { serverHours: 60, cost: 40.8 },
    bursts: { usual: 3, serverHours: 5, cost: 3.4 },
    ...over,
  }
}

export function queriesOf(over: Partial<Queries> & { readonly journal?: readonly Event[] } = {}): Queries {
  const { journal = [], ...rest } = over
  return {
    pools: async () => [aPool()],
    fleets: async () => [aFleet()],
    cost: async (query) => aCostReport(query),
    balancers: async () => [aBalancer()],
    plan: async () => [aPlan()],
    decisions: async () => [aDecision()],
    events: async ({ afterId, limit }) => journal.filter(({ id }) => id > afterId).slice(0, limit),
    lastEvents: async (limit) => journal.slice(-limit),
    audits: async () => [],
    standing: async () => ({ orders: [], revision: 'r1', shadow: null }),
    stats: async () => gatewayStats(),
    shadow: () => null,
    historyDropped: () => 0,
    blind: () => [],
    about: () => ({
      version: '0.1.0',
      installation: 'test',
      stateDir: '/state',
      config: '/tidegate.yaml',
      revision: 'r1',
      pid: 1,
    }),
    ...rest,
  }
}

/** What an API needs beside its queries and orders; `audited` has what it wrote down. */
export function apiTools(access: Access = { tokens: null, hosts: [] }) {
  const audited: Omit<AuditRecord, 'id'>[] = []
  const audit = async (record: Omit<AuditRecord, 'id'>): Promise<void> => void audited.push(record)
  const clock = handClock()
  const history = createHistoryDesk(new SimHistory(clock), () => [{ name: 'api', metrics: {} }])
  return { audited, audit, history, access: () => access, log: SILENT, clock }
}

/** Orders that are only written down: `given` lists each as `[verb, ...arguments]`. */
export function recordedOrders(): { readonly orders: Orders; readonly given: unknown[][] } {
  const given: unknown[][] = []
  const note =
    (verb: string) =>
    async (...args: unknown[]): Promise<void> => {
      given.push([verb, ...args])
    }
  const orders: Orders = {
    pause: note('pause'),
    resume: note('resume'),
    pin: note('pin'),
    replace: note('replace'),
    drainServer: note('drainServer'),
    readyServer: note('readyServer'),
    weigh: note('weigh'),
    canary: note('canary'),
    tuning: note('tuning'),
    purge: async (what, by) => {
      given.push(['purge', what, by])
      return { forgotten: 2 }
    },
    reload: async (by) => {
      given.push(['reload', by])
      return []
    },
    startShadow: async ({ file, text }, by) => {
      given.push(['startShadow', file, text, by])
      return { id: 'abc', file, by, at: NOW }
    },
    stopShadow: note('stopShadow'),
    stop: note('stop'),
  }
  return { orders, given }
}

/** A clock that stands still until it is moved on; sleepers wake when their time has come. */
export function handClock(startAt = NOW) {
  let now = startAt
  let sleepers: { at: number; wake: () => void }[] = []
  const after = (ms: number, wake: () => void) => {
    const sleeper = { at: now + ms, wake }
    sleepers.push(sleeper)
    return () => void (sleepers = sleepers.filter((one) => one !== sleeper))
  }
  return {
    now: () => now,
    after,
    sleep: (ms: number, signal: AbortSignal) =>
      new Promise<void>((wake, failed) => {
        after(ms, wake)
        signal.addEventListener('abort', () => failed(signal.reason), { once: true })
      }),
    advance: (ms: number) => {
      now += ms
      const due = sleepers.filter(({ at }) => at <= now)
      sleepers = sleepers.filter(({ at }) => at > now)
      for (const { wake } of due) wake()
    },
  }
}

export const SILENT = { info: () => {}, warn: () => {}, error: () => {} }
