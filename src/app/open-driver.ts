import { secretSources } from '../config/load.ts'
import { fill } from '../config/secrets.ts'
import { type Balancer, parseAddress } from '../core/balancer.ts'
import { canonical, type Json } from '../core/canonical.ts'
import type { CarbonRates } from '../core/carbon.ts'
import type { BalancerDriverModule } from '../core/driver.ts'
import { Fault } from '../core/fault.ts'
import type { Fleet } from '../core/fleet.ts'
import type { Probe } from '../core/health.ts'
import type { MetricSource } from '../core/metrics.ts'
import type { FleetSpec } from '../core/policy.ts'
import { carbonRates } from '../core/policy.ts'
import type { DrivenBalancer, Settings } from '../core/settings.ts'
import type { Host } from '../core/time.ts'
import { BALANCER_DRIVERS, DRIVERS } from '../drivers/index.ts'
import { probe } from '../probing/probe.ts'

/** The open driver of a fleet. */
export interface OpenedDriver extends AsyncDisposable {
  readonly fleet: Fleet
  readonly metrics: MetricSource | null
  /** Was it opened with just this, secrets included? What else the fleet is may differ. */
  isFor(spec: FleetSpec, place: Place): boolean
}

const probeAddress: Probe = (address, check, signal) => {
  const target = parseAddress(address)
  if (target === null) return Promise.resolve({ ok: false, ms: 0, detail: `${address} is no address` })
  return probe(target, check, signal)
}

/** Where the configuration lies now: secrets are found beside it. A link may come to lead elsewhere. */
export type Place = Pick<Settings, 'file'>

/** Opens the driver of a fleet. The configuration has been parsed by that same driver, so its type holds. Throws Fault. */
export async function openDriver(spec: FleetSpec, place: Place, host: Host): Promise<OpenedDriver> {
  const driver = Object.hasOwn(DRIVERS, spec.driver)
    ? DRIVERS[spec.driver as keyof typeof DRIVERS]
    : undefined
  if (!driver)
    throw new Fault('not-found', `there is no driver ${spec.driver}`, { source: 'user', retry: 'no' })
  const text = fleetTextOf(spec, place)
  const config = configOf(spec, place)
  const about = { fleet: spec.name, startupMs: spec.startupMs, ...carbonOf(spec) }
  const opened = await driver.open(config as never, about, host)
  const { fleet } = opened
  if (!fleet)
    throw new Fault('internal', `the driver ${spec.driver} has no fleet`, { source: 'internal', retry: 'no' })
  return {
    fleet: filling(fleet, place),
    metrics: opened.metrics ?? null,
    isFor: (other, there) => fleetTextOf(other, there) === text,
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  }
}

function fleetTextOf(spec: FleetSpec, place: Place): string {
  const { driver, startupMs } = spec
  return canonical({
    driver,
    startupMs,
    config: configOf(spec, place) as Json,
    ...carbonOf(spec),
  } as unknown as Json)
}

function carbonOf(spec: FleetSpec): { readonly carbon?: CarbonRates } {
  const carbon = carbonRates(spec)
  return carbon === null ? {} : { carbon }
}

/** An open balancer beside the gateway. */
export interface OpenedBalancer extends AsyncDisposable {
  readonly balancer: Balancer
  /** Was it opened with just this, secrets included? What it is to carry may differ. */
  isFor(driven: DrivenBalancer, place: Place): boolean
}

/** The same for a balancer. Throws Fault. */
export async function openBalancer(
  driven: DrivenBalancer,
  place: Place,
  host: Host,
): Promise<OpenedBalancer> {
  const drivers: Readonly<Record<string, BalancerDriverModule<unknown>>> = BALANCER_DRIVERS
  const driver = Object.hasOwn(drivers, driven.driver) ? drivers[driven.driver] : undefined
  if (!driver)
    throw new Fault('not-found', `there is no driver ${driven.driver} of balancers`, {
      source: 'user',
      retry: 'no',
    })
  const text = textOf(driven, place)
  const opened = await driver.open(
    balancerConfigOf(driven, place),
    { name: driven.spec.name, probe: probeAddress },
    host,
  )
  return {
    balancer: opened.balancer,
    isFor: (other, there) => textOf(other, there) === text,
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  }
}

function textOf(driven: DrivenBalancer, place: Place): string {
  return canonical({ driver: driven.driver, config: balancerConfigOf(driven, place) as Json })
}

/** The driver's part of a balancer's section with its secrets as they are now. Throws Fault config.invalid. */
export function balancerConfigOf({ config }: DrivenBalancer, { file }: Place): unknown {
  return fill(config, secretSources(file, process.env))
}

/** The driver's part of a fleet's section with its secrets as they are now. Throws Fault config.invalid. */
export function configOf(spec: FleetSpec, { file }: Place): unknown {
  return fill(spec.config, secretSources(file, process.env))
}

/** Launches with secrets that neither the journal nor the API has seen. */
function filling(fleet: Fleet, place: Place): Fleet {
  const { keeps } = fleet
  return {
    ...(keeps !== undefined && { keeps }),
    ...(fleet.park && { park: (ids, signal) => fleet.park!(ids, signal) }),
    get freshForMs() {
      return fleet.freshForMs
    },
    list: (signal) => fleet.list(signal),
    launch: async (request, signal) => {
      const template = fill(request.template, secretSources(place.file, process.env))
      return await fleet.launch({ ...request, template }, signal)
    },
    confirm: (ids, signal) => fleet.confirm(ids, signal),
    retire: (ids, signal) => fleet.retire(ids, signal),
  }
}
