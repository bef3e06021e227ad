import type { DriverModule } from '../core/driver.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { Settings } from '../core/settings.ts'
import { DRIVERS } from '../drivers/index.ts'
import { statePaths } from './paths.ts'
import { readList, writeList } from './saved-list.ts'

/** Every fleet that may have servers: those of the file, and those that it no longer has. */
export function readFleets(stateDir: string): readonly FleetSpec[] {
  return readSpecs(statePaths(stateDir).fleets)
}

/** Where they stand is remembered for ever: a launch that was given up may show its servers when their fleet is forgotten. */
export function writeFleets(stateDir: string, fleets: readonly FleetSpec[]): void {
  const paths = statePaths(stateDir)
  writeList(paths.fleets, fleets)
  const places = readSpecs(paths.places)
  const fresh = fleets.filter((spec) => !places.some((one) => isSamePlace(one, spec)))
  if (fresh.length > 0) writeList(paths.places, onePerPlace([...places, ...fresh]))
}

/** It has no servers any more. */
export function forgetFleet(spec: FleetSpec, stateDir: string): void {
  const rest = readFleets(stateDir).filter((one) => one.name !== spec.name || !isSamePlace(one, spec))
  writeList(statePaths(stateDir).fleets, rest)
}

/** Those that the file no longer has, or has elsewhere, but whose servers may still be there. */
export function leavingFleets({ stateDir, fleets }: Settings): readonly FleetSpec[] {
  return readFleets(stateDir).filter(
    (spec) => !fleets.some((one) => one.name === spec.name && isSamePlace(one, spec)),
  )
}

/** A sentence for each that the file has elsewhere than it may have servers: nobody would see those any more. */
export function movedFleets(settings: Settings): readonly string[] {
  return leavingFleets(settings).flatMap((former) => {
    const now = settings.fleets.find(({ name }) => name === former.name)
    if (now === undefined) return []
    return `fleets.${now.name} may have servers of ${standText(former)} yet; give that of ${standText(now)} another name, so that they leave, or stop them by \`tidegate down\``
  })
}

/** One of each place where nobody of these is, and where fleets have been. */
export function formerPlaces(stateDir: string, fleets: readonly FleetSpec[]): readonly FleetSpec[] {
  const places = readSpecs(statePaths(stateDir).places)
  return places.filter((one) => !fleets.some((spec) => isSamePlace(one, spec)))
}

/** A driver of another version may be gone. */
function readSpecs(path: string): readonly FleetSpec[] {
  return readList<FleetSpec>(path).filter(({ driver }) => Object.hasOwn(DRIVERS, driver))
}

function onePerPlace(fleets: readonly FleetSpec[]): readonly FleetSpec[] {
  return fleets.filter((spec, index) => fleets.findIndex((one) => isSamePlace(one, spec)) === index)
}

function isSamePlace(one: FleetSpec, other: FleetSpec): boolean {
  return standText(one) === standText(other)
}

/** `alicloud-ecs (cn-hangzhou)`, `alicloud-ecs (cn-hangzhou, profile "shop")`. */
function standText({ driver, config }: FleetSpec): string {
  const module: DriverModule<unknown> = DRIVERS[driver as keyof typeof DRIVERS]
  const { region, account = null } = module.stands?.(config) ?? {}
  if (region === undefined) return driver
  return `${driver} (${region}${account === null ? '' : `, ${account}`})`
}
