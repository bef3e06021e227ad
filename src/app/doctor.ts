import { type BalancerSpec, type PoolSpec, parseAddress } from '../core/balancer.ts'
import type { BalancerDriverModule, DriverModule, MetricDriverModule } from '../core/driver.ts'
import { Fault } from '../core/fault.ts'
import { type Examination, type Finding, UNREACHED } from '../core/finding.ts'
import type { Server } from '../core/fleet.ts'
import { type Carried, neededPorts, publicPorts } from '../core/needed-ports.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { DrivenBalancer, Settings } from '../core/settings.ts'
import type { Clock, Host } from '../core/time.ts'
import { BALANCER_DRIVERS, DRIVERS, METRIC_DRIVERS } from '../drivers/index.ts'
import { probe } from '../probing/probe.ts'
import { findStrays } from './find-strays.ts'
import { hostOf } from './host.ts'
import { balancerConfigOf, configOf, openDriver } from './open-driver.ts'

/** Enough to know whether servers can be reached from here. */
const MOST_PROBED = 10

/** Asks the vendors of the fleets whether they can live there, those of the metrics whether they have them, and servers that run whether they can be reached from here; null = no vendor
 *  can be asked. One that does not answer is asked nothing more. Throws Fault config.invalid. */
export async function examine(
  settings: Settings,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Examination | null> {
  const { balancer } = settings
  const host = hostOf(settings, { clock })
  await using open = new AsyncDisposableStack()
  const examinations: Examination[] = []
  const reached: Finding[] = []
  for (const { ask, reach } of visits(settings, host, signal)) {
    const examination = await ask()
    if (examination === undefined) continue
    examinations.push(open.use(examination))
    if (examination.findings.some(({ about }) => about === UNREACHED)) break
    if (reach !== null && isLetIn(examination)) reached.push(...(await reach()))
  }
  const isAnswered = !examinations.some(({ findings }) => findings.some(({ about }) => about === UNREACHED))
  const strays = isAnswered ? await findStrays(settings, { host, signal }) : []
  if (examinations.length === 0 && strays.length === 0) return null
  const kept = open.move()
  const found = [...examinations.flatMap(({ findings }) => findings), ...reached, ...strays]
  const repairs = examinations.flatMap((one) => one.repairs)
  return {
    findings: distinct([...found, ...(isAnswered ? listenersOf(balancer, found) : [])]),
    // Of several fleets beside the same gateway each would open its ports.
    repairs: [...new Map(repairs.map((one) => [one.says, one])).values()],
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

/** One question to a vendor; `reach` tries what runs there, where anything does. */
interface Visit {
  ask(): Promise<Examination | undefined>
  readonly reach: (() => Promise<readonly Finding[]>) | null
}

function visits(settings: Settings, host: Host, signal: AbortSignal): readonly Visit[] {
  const carried = carriedBy(settings)
  const ofFleets = settings.fleets.map((spec): Visit => {
    const driver: DriverModule<unknown> = DRIVERS[spec.driver as keyof typeof DRIVERS]
    const { name: fleet, max, startupMs } = spec
    const listeners = publicPorts(settings.balancer)
    const patient = { fleet, max, startupMs, ports: neededPorts(fleet, carried), listeners }
    return {
      ask: async () => await driver.examine?.(configOf(spec, settings), { patient, host, signal }),
      reach: () => reach(spec, settings, host, signal),
    }
  })
  const ofBalancers = settings.balancers.map((driven): Visit => {
    const about = { spec: driven.spec, host, signal }
    const module = balancerDriver(driven)
    return { ask: async () => await module.examine?.(balancerConfigOf(driven, settings), about), reach: null }
  })
  const ofSources = settings.sources.map(({ driver, config, queries }): Visit => {
    const module: MetricDriverModule<unknown, unknown> = METRIC_DRIVERS[driver as keyof typeof METRIC_DRIVERS]
    return { ask: async () => await module.examine?.(config, queries, { host, signal }), reach: null }
  })
  return [...ofFleets, ...ofBalancers, ...ofSources]
}

function carriedBy({ balancer, balancers }: Settings): readonly Carried[] {
  const driven = balancers.map((one) => ({ spec: one.spec, from: balancerDriver(one).comesFrom ?? [] }))
  return [{ spec: balancer, from: null }, ...driven]
}

function balancerDriver({ driver }: DrivenBalancer): BalancerDriverModule<unknown> {
  return BALANCER_DRIVERS[driver as keyof typeof BALANCER_DRIVERS]
}

function isLetIn({ findings }: Examination): boolean {
  return !findings.some(({ level, about }) => level === 'problem' && about === 'credentials')
}

/** Fleets of one account hear much alike. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((one) => [JSON.stringify(one), one])).values()]
}

/** Whether the servers of a fleet that run pass the checks of their pools from this machine. */
async function reach(
  spec: FleetSpec,
  settings: Settings,
  host: Host,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  await using opened = await openDriver(spec, settings, host)
  let servers: readonly Server[]
  try {
    servers = (await opened.fleet.list(signal)).servers
  } catch (error) {
    // The examination has said why.
    if (error instanceof Fault) return []
    throw error
  }
  const running = servers.filter(({ phase }) => phase === 'running').slice(0, MOST_PROBED)
  const pools = settings.balancer.pools.filter(({ fleets }) => fleets.includes(spec.name))
  return await Promise.all(pools.map((pool) => checked(pool, running, signal)))
}

async function checked(
  { name, health }: PoolSpec,
  servers: readonly Server[],
  signal: AbortSignal,
): Promise<Finding> {
  const about = 'health-checks'
  const targets = servers.map(({ address }) => parseAddress(address ?? '')).filter((one) => one !== null)
  const results = await Promise.all(targets.map((target) => probe(target, health, signal)))
  const failed = results.filter(({ ok }) => !ok)
  const passed = results.length - failed.length
  if (results.length === 0)
    return { level: 'ok', about, says: `pool ${name}: no server runs yet to be checked` }
  const says = `pool ${name}: ${passed} of ${results.length} servers pass their check from here`
  if (failed[0] === undefined) return { level: 'ok', about, says }
  return {
    level: passed === 0 ? 'problem' : 'warning',
    about,
    says: `${says}: ${failed[0].detail}`,
    fix: 'open the port in their security group to this machine, or see what the server writes',
  }
}

/** Where this machine stands, only its owner knows, unless it is a server of an account that was looked at. */
function listenersOf(balancer: BalancerSpec, known: readonly Finding[]): readonly Finding[] {
  const ports = publicPorts(balancer).map(({ protocol, port }) => `${protocol} ${port}`)
  const about = 'this-machine'
  if (ports.length === 0 || known.some((one) => one.about === about)) return []
  const says = `clients come to it at ${ports.join(', ')}; whatever guards it has to let them in`
  return [{ level: 'ok', about, says }]
}
