import type { BalancerDriverModule, DriverModule, MetricDriverModule, Permission } from '../core/driver.ts'
import type { Settings } from '../core/settings.ts'
import { type RamPolicy, ramPolicy } from '../drivers/alicloud/ram-policy.ts'
import { BALANCER_DRIVERS, DRIVERS, METRIC_DRIVERS } from '../drivers/index.ts'
import { balancerConfigOf, configOf } from './open-driver.ts'

/** What the configured drivers call, each once, and a policy of no more than that. Throws Fault config.invalid. */
export function ramPolicyOf(settings: Settings): {
  readonly policy: RamPolicy
  readonly permissions: readonly Permission[]
} {
  const ofFleets = settings.fleets.flatMap((spec): readonly Permission[] => {
    const driver: DriverModule<unknown> = DRIVERS[spec.driver as keyof typeof DRIVERS]
    return driver.permissions?.(configOf(spec, settings)) ?? []
  })
  const ofSources = settings.sources.flatMap(({ driver, config }): readonly Permission[] => {
    const { permissions }: MetricDriverModule<unknown, unknown> =
      METRIC_DRIVERS[driver as keyof typeof METRIC_DRIVERS]
    return permissions?.(config) ?? []
  })
  const ofBalancers = settings.balancers.flatMap((driven): readonly Permission[] => {
    const { permissions }: BalancerDriverModule<unknown> =
      BALANCER_DRIVERS[driven.driver as keyof typeof BALANCER_DRIVERS]
    return permissions?.(balancerConfigOf(driven, settings), driven.spec) ?? []
  })
  const all = [...ofFleets, ...ofBalancers, ...ofSources]
  const byName = Map.groupBy(all, ({ action, resource }) => `${action} ${resource}`)
  const permissions = [...byName.values()].map(([first]) => first!)
  return { policy: ramPolicy(permissions, settings.installation), permissions }
}
