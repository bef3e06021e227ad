import type { BalancerDriverModule } from '../core/driver.ts'
import { messageOf } from '../core/fault.ts'
import type { Settings } from '../core/settings.ts'
import type { Clock, Host, Logger } from '../core/time.ts'
import { BALANCER_DRIVERS } from '../drivers/index.ts'
import { forget, leftBalancers } from './carried.ts'
import { balancerConfigOf } from './open-driver.ts'

const NEVER = new AbortController().signal

export interface Deleted {
  readonly balancer: string
  /** As the vendor calls it. */
  readonly id: string
}

/** Deletes the balancers that were created for the file, also those that it no longer has. One that cannot be deleted keeps nobody from deleting the rest; `isWhole` tells
 *  whether none is left. */
export async function deleteBalancers(
  settings: Settings,
  tools: { readonly clock: Clock; readonly log: Logger },
): Promise<{ readonly deleted: readonly Deleted[]; readonly isWhole: boolean }> {
  const { installation, stateDir } = settings
  const host: Host = { ...tools, rng: Math.random, installation, stateDir }
  const deleted: Deleted[] = []
  let isWhole = true
  for (const driven of [...settings.balancers, ...leftBalancers(settings)]) {
    const { name } = driven.spec
    const driver: BalancerDriverModule<unknown> =
      BALANCER_DRIVERS[driven.driver as keyof typeof BALANCER_DRIVERS]
    try {
      const config = balancerConfigOf(driven, settings)
      const id = (await driver.remove?.(config, { name, signal: NEVER }, host)) ?? null
      if (id !== null) deleted.push({ balancer: name, id })
      forget(driven, stateDir)
    } catch (error) {
      isWhole = false
      tools.log.error(`the load balancer of ${name} is left: ${messageOf(error)}`)
    }
  }
  return { deleted, isWhole }
}
