import type { BalancerDriverModule } from '../core/driver.ts'
import type { Settings } from '../core/settings.ts'
import { BALANCER_DRIVERS } from '../drivers/index.ts'
import { readCarried } from './carried.ts'

/** What `down` leaves at balancers beside the gateway, a line each. */
export function stayingLines({ stateDir }: Pick<Settings, 'stateDir'>): readonly string[] {
  return readCarried(stateDir).map(({ driver, config, spec: { name } }) => {
    const module: BalancerDriverModule<unknown> = BALANCER_DRIVERS[driver as keyof typeof BALANCER_DRIVERS]
    return module.orders?.(config)
      ? `${name}: the load balancer that was created for it stays, and is paid; \`tidegate down --balancers\` deletes it`
      : `${name}: the listeners and server groups that were made there stay; delete them there`
  })
}
