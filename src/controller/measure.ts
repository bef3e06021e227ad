import type { Member } from '../core/balancer.ts'
import { Fault } from '../core/fault.ts'
import type { Listed } from '../core/fleet.ts'
import { lastingSince } from '../core/lasting.ts'
import { METRICS, type MetricName, type MetricSource, metricInfo, type Reading } from '../core/metrics.ts'
import { perObject } from '../core/per-object.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { IntentRecord } from '../core/step.ts'
import type { Clock, Millis } from '../core/time.ts'
import { windowsOf } from '../core/windows.ts'
import { lostOf } from '../scaling/lost.ts'
import type { Measured } from './measured.ts'
import type { FleetPorts, FleetSettings } from './ports.ts'
import { serverViews } from './servers.ts'
import { nextStarts, startupOf } from './startup.ts'
import type { FleetState } from './state.ts'
import { within } from './within.ts'

const READ_MS = 3_000
/** Rates and means are over this window. */
const WINDOW_MS = 5_000
const SETTLE_MS = 10_000
/** How long a server that is no longer listed is still known. */
const FORGET_MS = 600_000
/** For metrics that no decision needs. */
const SPARE_MS = 500
const SHOWN: readonly MetricName[] = ['rps', 'in-flight', 'in-flight-per-server', 'cpu', 'memory']

interface Read<T> {
  readonly run: (signal: AbortSignal) => Promise<T>
  /** What was read before. */
  readonly last: T
  /** The cause, where somebody knows more of it than that it could not be read. */
  readonly why?: () => string | null
}

/** Reads everything that a tick depends on. The only reads; a failed one makes the view blind, never an exception. */
export async function measure(
  state: FleetState,
  settings: FleetSettings,
  ports: Omit<FleetPorts, 'rng'>,
  signal: AbortSignal,
): Promise<Measured> {
  const { fleet } = settings
  const blind: string[] = []
  const read = <T>(what: string, { run, last, why = () => null }: Read<T>): Promise<T> =>
    within(ports.clock, READ_MS, run, signal).catch((error: unknown) => {
      if (!(error instanceof Fault) || signal.aborted) throw error
      blind.push(`${what}: ${why() ?? error.message}`)
      return last
    })
  const [listed, members, orders] = await Promise.all([
    read('servers', { run: (over) => list(state, ports, over), last: state.senses.listed }),
    readMembers(fleet, state, (pool, last) =>
      read(`pool ${pool}`, {
        run: (over) => ports.balancer.members(pool, over),
        last,
        why: () => ports.trouble(pool),
      }),
    ),
    read('orders', { run: () => readOrders(settings, ports), last: state.last?.view.orders ?? [] }),
  ])
  Object.assign(state.senses, { listed, members })
  const now = ports.clock.now()
  state.learner.look(fleet.name, ports, now)
  const known = {
    fleet,
    now,
    listed: listed.servers,
    members,
    orders,
    intents: state.intents,
    memory: state.memory,
    seen: look(state, { listed: listed.servers, members, orders, now }),
    sinceAt: (state.senses.sinceAt ??= now),
    ...troubleOf(fleet, state, ports, now),
    settleMs: SETTLE_MS + 2 * ports.fleet.freshForMs,
  }
  const servers = serverViews(known).map(lastingSince(state.last?.view.servers ?? []))
  const { intents, memory } = state
  const starts = nextStarts(memory.starts ?? [], { servers, intents, limitMs: fleet.startupMs })
  return {
    ...known,
    servers,
    kept: listed.kept ?? [],
    keeps: ports.fleet.keeps ?? 0,
    strays: listed.strays ?? [],
    blind,
    ...(await readings(settings, ports, servingIds(servers, now), signal)),
    surelyRps: state.learner.surelyRps,
    starts,
    outlooks: outlooks(settings, state, ports, { now, starts }),
    expired: (state.last?.view.orders ?? []).filter(({ untilAt }) => untilAt !== null && untilAt <= now),
    calendar: windowsOf(fleet.policies, ports.calendar, now),
    ...ticksBefore(state),
  }
}

function ticksBefore({ flights, blindTicks, isBehind, last }: FleetState) {
  return {
    receipts: flights.receipts(),
    flying: flights.flying(),
    blindTicks,
    isBehind,
    lostBefore: last?.view.lost ?? [],
    before: last && new Map(last.view.servers.map((server) => [server.id, server.state])),
  }
}

async function list(
  state: FleetState,
  ports: Pick<FleetPorts, 'fleet' | 'clock'>,
  signal: AbortSignal,
): Promise<Listed> {
  const { listed } = state.senses
  const ageMs = ports.clock.now() - listed.at
  // One of the future is left over from before the clock was set back.
  if (ageMs >= 0 && ageMs < ports.fleet.freshForMs) return listed
  const fresh = await ports.fleet.list(signal)
  return { ...fresh, servers: fresh.servers.map(lastingSince(listed.servers)) }
}

async function readMembers(
  { pools }: FleetSpec,
  { senses }: FleetState,
  read: (pool: string, last: readonly Member[]) => Promise<readonly Member[]>,
): Promise<Measured['members']> {
  const all = await Promise.all(pools.map((pool) => read(pool, senses.members[pool] ?? [])))
  return Object.fromEntries(pools.map((pool, index) => [pool, all[index] ?? []]))
}

/** The fleet's own, and the weights of its balancers' members. */
async function readOrders({ fleet, balancers }: FleetSettings, ports: Pick<FleetPorts, 'store' | 'clock'>) {
  const now = ports.clock.now()
  const scopes = [`fleet:${fleet.name}`, ...balancers.map((name) => `balancer:${name}`)]
  return (await Promise.all(scopes.map((scope) => ports.store.orders(scope, now)))).flat()
}

const admittedIn = perObject(
  (intents: readonly IntentRecord[]): ReadonlySet<string> =>
    new Set(intents.flatMap(({ step }) => (step.kind === 'put' ? step.members.map(({ id }) => id) : []))),
)

/** Notes who is there. One that the journal knows, of whom a pool or an order tells, and that nobody has listed yet counts from now. */
function look(
  { senses, intents, memory }: FleetState,
  { listed, members, orders, now }: Pick<Measured, 'listed' | 'members' | 'orders' | 'now'>,
): ReadonlyMap<string, Millis> {
  const seen = new Map(senses.seen)
  const admitted = admittedIn(intents)
  const told = [
    ...Object.values(members).flatMap((pool) => pool.map(({ id }) => id)),
    ...orders.flatMap((order) => (order.kind === 'drain' ? [order.server] : [])),
  ]
  for (const id of [...memory.confirmed, ...told.filter((one) => admitted.has(one))])
    if (!seen.has(id)) seen.set(id, now)
  for (const server of listed) seen.set(server.id, now)
  seen.forEach((at, id) => {
    if (now - at > FORGET_MS) seen.delete(id)
  })
  senses.seen = seen
  return seen
}

/** Those that a metric of the servers is divided by. */
function servingIds(servers: Measured['servers'], now: Millis): readonly string[] {
  const lost = lostOf(servers, now)
  return servers.filter(({ id, state }) => state === 'serving' && !lost.includes(id)).map(({ id }) => id)
}

function troubleOf(
  { pools }: FleetSpec,
  { senses }: FleetState,
  ports: Pick<FleetPorts, 'trouble'>,
  now: Millis,
): Pick<Measured, 'trouble' | 'troubledAt'> {
  const trouble = pools.map(ports.trouble).find((why) => why !== null) ?? null
  if (trouble !== null) senses.troubledAt = now
  return { trouble, troubledAt: senses.troubledAt }
}

/** A server that is launched now serves when it has started, and a tick later somebody has seen that it was wanted. */
function outlooks(
  { fleet, policies, tickMs, shadow }: FleetSettings,
  { lookout }: FleetState,
  { history, forecaster, turns, clock }: Pick<FleetPorts, 'history' | 'forecaster' | 'turns' | 'clock'>,
  { now, starts }: Pick<Measured, 'now' | 'starts'>,
): Measured['outlooks'] {
  const ahead = [...policies, ...(shadow?.policies ?? [])].flatMap(({ looksAhead, forecasts }) =>
    looksAhead === undefined ? [] : [{ metric: looksAhead, forecasts }],
  )
  const metrics = new Set(ahead.map(({ metric }) => metric))
  const forecasts = new Set(ahead.filter((one) => one.forecasts).map(({ metric }) => metric))
  const startupMs = fleet.usualStartupMs ?? startupOf(starts, fleet.startupMs)
  const aheadMs = startupMs + fleet.guards.outPatienceMs + tickMs
  const ports = { history, forecaster, turns, clock }
  return lookout.take({ fleet, metrics: [...metrics], forecasts, now, aheadMs, ...ports })
}

/** What is asked of one of those who measure. */
interface Question {
  readonly from: string
  readonly metrics: readonly MetricName[]
  readonly ms: Millis
}

/** Those that decisions need or people see, by name; and who is asked for all that can be measured. */
const askedBy = perObject(({ fleet, policies }: FleetSettings) => {
  const needed = new Set([...SHOWN, ...policies.flatMap((policy) => policy.metrics)])
  const names = new Set([...needed, ...Object.keys(METRICS), ...Object.keys(fleet.metrics)])
  const bySource = Map.groupBy(names, (metric) => metricInfo(metric, fleet.metrics).from)
  const questions = [...bySource].map(([from, metrics]): Question => {
    const ms = metrics.some((metric) => needed.has(metric)) ? READ_MS : SPARE_MS
    return { from, metrics, ms }
  })
  return { needed, questions }
})

async function readings(
  settings: FleetSettings,
  ports: Pick<FleetPorts, 'metrics' | 'clock'>,
  servers: readonly string[],
  signal: AbortSignal,
): Promise<Pick<Measured, 'readings' | 'besides'>> {
  const { needed, questions } = askedBy(settings)
  const { name: fleet, pools } = settings.fleet
  const answers = await Promise.all(
    questions.map(({ from, metrics, ms }) => {
      const queries = metrics.map((metric) => ({ metric, fleet, pools, servers }))
      return askSource(queries, ports.metrics(from), { clock: ports.clock, ms }, signal)
    }),
  )
  const readings: Record<MetricName, Reading> = {}
  const besides: Record<MetricName, Reading> = {}
  for (const [metric, reading] of answers.flat()) (needed.has(metric) ? readings : besides)[metric] = reading
  return { readings, besides }
}

async function askSource(
  queries: Parameters<MetricSource['read']>[0],
  source: MetricSource | null,
  { clock, ms }: { readonly clock: Clock; readonly ms: Millis },
  signal: AbortSignal,
): Promise<[MetricName, Reading][]> {
  const none = (why: 'no-data' | 'unreachable', detail: string): Reading => ({
    ok: false,
    at: clock.now(),
    why,
    detail,
  })
  const all = (reading: Reading) => queries.map((query): [MetricName, Reading] => [query.metric, reading])
  if (source === null) return all(none('no-data', 'nobody measures it here'))
  try {
    const answers = await within(clock, ms, (over) => source.read(queries, WINDOW_MS, over), signal)
    return queries.map((query, index) => [query.metric, answers[index] ?? none('no-data', 'no answer')])
  } catch (error) {
    if (!(error instanceof Fault) || signal.aborted) throw error
    return all(none('unreachable', error.message))
  }
}
