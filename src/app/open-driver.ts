import { secretSources } from '../config/load.ts'
import { fill } from '../config/secrets.ts'
import { Fault } from '../core/fault.ts'
import type { Fleet } from '../core/fleet.ts'
import type { MetricSource } from '../core/metrics.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { Settings } from '../core/settings.ts'
import type { Host } from '../core/time.ts'
import { DRIVERS } from '../drivers/index.ts'

/** A driver that has been opened, and what it was opened with, secrets filled in. */
export interface OpenedDriver extends AsyncDisposable {
  readonly config: unknown
  readonly fleet: Fleet
  readonly metrics: MetricSource | null
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
  const config = configOf(spec, place)
  const opened = await driver.open(config as never, { fleet: spec.name, startupMs: spec.startupMs }, host)
  const { fleet } = opened
  if (!fleet)
    throw new Fault('internal', `the driver ${spec.driver} has no fleet`, { source: 'internal', retry: 'no' })
  return {
    config,
    fleet: filling(fleet, place),
    metrics: opened.metrics ?? null,
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  }
}

/** The driver's part of a fleet's section with its secrets as they are now. Throws Fault config.invalid. */
export function configOf(spec: FleetSpec, { file }: Place): unknown {
  return fill(spec.config, secretSources(file, process.env))
}

/** Launches with secrets that neither the journal nor the API has seen. */
function filling(fleet: Fleet, place: Place): Fleet {
  return {
    freshForMs: fleet.freshForMs,
    list: (signal) => fleet.list(signal),
    launch: async (request, signal) => {
      const template = fill(request.template, secretSources(place.file, process.env))
      return await fleet.launch({ ...request, template }, signal)
    },
    confirm: (ids, signal) => fleet.confirm(ids, signal),
    retire: (ids, signal) => fleet.retire(ids, signal),
  }
}
