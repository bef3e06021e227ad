import type { Opened } from '../core/driver.ts'
import { Fault } from '../core/fault.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { Host } from '../core/time.ts'
import { DRIVERS } from '../drivers/index.ts'

/** Opens the driver of a fleet. The configuration has been parsed by that same driver, so its type holds. */
export function openDriver(spec: FleetSpec, host: Host): Promise<Opened> {
  const driver = Object.hasOwn(DRIVERS, spec.driver)
    ? DRIVERS[spec.driver as keyof typeof DRIVERS]
    : undefined
  if (!driver)
    throw new Fault('not-found', `there is no driver ${spec.driver}`, { source: 'user', retry: 'no' })
  return driver.open(spec.config as never, { fleet: spec.name }, host)
}
