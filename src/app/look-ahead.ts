import type { BalancerSummary } from '../core/admin.ts'
import type { FleetAhead } from '../core/ahead.ts'
import type { DriverModule } from '../core/driver.ts'
import { Fault } from '../core/fault.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { DrivenBalancer, Settings } from '../core/settings.ts'
import type { Clock, Host } from '../core/time.ts'
import { DRIVERS } from '../drivers/index.ts'
import { readFleets } from './fleets.ts'
import { hostOf } from './host.ts'
import { openBalancer, openDriver } from './open-driver.ts'

/** What `up` would find, where nothing runs that could say so. Changes nothing, neither in a cloud nor on this machine. */
export async function lookAhead(
  settings: Settings,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<{ readonly balancers: readonly BalancerSummary[]; readonly fleets: readonly FleetAhead[] }> {
  const host = hostOf(settings, { clock })
  const about = { settings, host, signal }
  const balancers: BalancerSummary[] = []
  for (const driven of settings.balancers) balancers.push(await balancerAhead(driven, about))
  const fleets: FleetAhead[] = []
  for (const spec of settings.fleets) fleets.push(await fleetAhead(spec, about))
  return { balancers, fleets }
}

interface About {
  readonly settings: Settings
  readonly host: Host
  readonly signal: AbortSignal
}

async function balancerAhead(
  driven: DrivenBalancer,
  { settings, host, signal }: About,
): Promise<BalancerSummary> {
  const summary: BalancerSummary = {
    name: driven.spec.name,
    bound: {},
    purchase: null,
    blind: null,
    left: null,
    canaries: [],
  }
  return await orBlind(summary, async () => {
    await using opened = await openBalancer(driven, settings, host)
    const { purchase = null } = await opened.balancer.status(signal)
    return { ...summary, purchase }
  })
}

async function fleetAhead(spec: FleetSpec, { settings, host, signal }: About): Promise<FleetAhead> {
  const { name, min, max, reserve } = spec
  const module: DriverModule<unknown> = DRIVERS[spec.driver as keyof typeof DRIVERS]
  const ahead: FleetAhead = {
    name,
    min,
    max,
    first: Math.min(max, min + reserve),
    servers: null,
    policies: spec.policies.map((policy) => policy.name),
    blind: null,
  }
  if (module.examine === undefined) {
    // To open one of the others does something on this machine; but what has been stopped is known.
    const mayHave = readFleets(settings.stateDir).some((one) => one.name === name)
    return mayHave ? ahead : { ...ahead, servers: 0 }
  }
  return await orBlind(ahead, async () => {
    await using opened = await openDriver(spec, settings, host)
    const { servers } = await opened.fleet.list(signal)
    const there = servers.filter(({ phase }) => phase === 'launching' || phase === 'running')
    return { ...ahead, servers: there.length }
  })
}

async function orBlind<T>(unseen: T, look: () => Promise<T>): Promise<T> {
  try {
    return await look()
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { ...unseen, blind: error.message }
  }
}
