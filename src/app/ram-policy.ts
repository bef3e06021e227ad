import type { DriverModule, Permission } from '../core/driver.ts'
import type { Settings } from '../core/settings.ts'
import { type RamPolicy, ramPolicy } from '../drivers/alicloud/ram-policy.ts'
import { DRIVERS } from '../drivers/index.ts'
import { configOf } from './open-driver.ts'

/** What the configured drivers call, each once, and a policy of no more than that. Throws Fault config.invalid. */
export function ramPolicyOf(settings: Settings): {
  readonly policy: RamPolicy
  readonly permissions: readonly Permission[]
} {
  const all = settings.fleets.flatMap((spec): readonly Permission[] => {
    const driver: DriverModule<unknown> = DRIVERS[spec.driver as keyof typeof DRIVERS]
    return driver.permissions?.(configOf(spec, settings)) ?? []
  })
  const byName = new Map(all.map((one) => [`${one.action} ${one.resource}`, one]))
  const permissions = [...byName.values()]
  return { policy: ramPolicy(permissions, settings.installation), permissions }
}
