import type { PoolSpec } from '../core/balancer.ts'
import type { Standing } from '../core/driver.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { DrivenBalancer } from '../core/settings.ts'
import type { BalancerDrivers } from './balancers.ts'
import type { Path } from './document.ts'
import type { Drivers } from './fleets.ts'
import type { Report } from './report.ts'

interface Parts {
  readonly fleets: readonly FleetSpec[]
  readonly balancers: readonly DrivenBalancer[]
  /** Those of our own gateway. */
  readonly pools: readonly PoolSpec[]
}

interface Kinds {
  readonly drivers: Drivers
  readonly balancerDrivers: BalancerDrivers
}

/** A part of the file that stands somewhere. */
interface Placed extends Omit<Standing, 'account'> {
  /** For people: `fleet api`. */
  readonly what: string
  readonly path: Path
}

/** Warns where what belongs together stands in different regions, where one zone has a whole fleet, and of zones that none of its servers stands in. */
export function checkStanding(parts: Parts, kinds: Kinds, report: Report): void {
  const fleets = parts.fleets.flatMap((fleet) => placed(fleet, kinds))
  for (const { path, zones, what } of fleets)
    if (zones === 1) report.warn(path, `all servers of ${what} stand in one zone, and are gone when it fails`)
  for (const fleet of parts.fleets) checkCarbonZones(fleet, kinds, report)
  const balancers = parts.balancers.flatMap(({ driver, config, spec }) => {
    const standing = kinds.balancerDrivers[driver]?.stands?.(config)
    return standing ? [{ ...standing, what: `balancer ${spec.name}`, path: ['balancers', spec.name] }] : []
  })
  const pools = [...parts.pools, ...parts.balancers.flatMap(({ spec }) => spec.pools)]
  const all = [...fleets, ...balancers, ...pools.flatMap((pool) => placedServers(pool, kinds))]
  // A placeholder is filled in later.
  const [first, ...others] = all.filter(({ region }) => !region.includes('${'))
  for (const { path, what, region } of others)
    if (first && region !== first.region)
      report.warn(
        path,
        `${what} is in ${region}, and ${first.what} in ${first.region}: what goes between regions is slow, and paid for`,
      )
}

/** Zones are named after their region; a driver that tells of no region tells no zone of its servers either. */
function checkCarbonZones(
  { name, driver, config, carbon }: FleetSpec,
  { drivers }: Kinds,
  report: Report,
): void {
  const region = drivers[driver]?.stands?.(config).region ?? null
  for (const zone of Object.keys(carbon?.zones ?? {})) {
    const path = ['fleets', name, 'carbon', 'zones', zone]
    if (region === null)
      report.warn(
        path,
        `driver ${driver} tells no zone of its servers, so that this does nothing; say it by intensity`,
      )
    else if (!region.includes('${') && !zone.startsWith(region))
      report.warn(
        path,
        `the fleet stands in ${region}, which has no zone of this name, so that this does nothing; its zones are called like ${region} and a letter`,
      )
  }
}

function placed({ name, driver, config, max }: FleetSpec, { drivers }: Kinds): readonly Placed[] {
  const standing = drivers[driver]?.stands?.(config)
  if (!standing) return []
  return [
    { ...standing, zones: max > 1 ? standing.zones : null, what: `fleet ${name}`, path: ['fleets', name] },
  ]
}

/** Servers that the file names, such as those of a database, where their names tell a region. */
function placedServers({ name, servers }: PoolSpec, { drivers }: Kinds): readonly Placed[] {
  const regionOf = (host: string) =>
    Object.values(drivers)
      .map((driver) => driver.regionOf?.(host) ?? null)
      .find((region) => region !== null) ?? null
  return servers.flatMap(({ id }, index) => {
    const region = regionOf(id.replace(/:\d+$/, ''))
    const path = ['pools', name, 'servers', index]
    return region === null ? [] : [{ region, zones: null, what: `server ${id} of pool ${name}`, path }]
  })
}
