import type { BalancerDriverModule } from '../core/driver.ts'
import { messageOf } from '../core/fault.ts'
import type { DrivenBalancer, Settings } from '../core/settings.ts'
import type { Clock, Host, Logger } from '../core/time.ts'
import { BALANCER_DRIVERS } from '../drivers/index.ts'
import { forget, isNamed, isOrdered, leftBalancers, placeOf, readCarried } from './carried.ts'
import { hostOf } from './host.ts'
import { purchaseOf, UNLISTED_MS } from './left-balancers.ts'
import { balancerConfigOf } from './open-driver.ts'
import { nap } from './supervisor.ts'

const NEVER = new AbortController().signal

export interface Deleted {
  readonly balancer: string
  /** As the vendor calls it. */
  readonly id: string
}

/** Deletes the balancers that were created for the file, also those that it no longer orders. One that cannot be deleted keeps nobody
 *  from deleting the rest; `isWhole` tells whether none is left. */
export async function deleteBalancers(
  settings: Settings,
  tools: { readonly clock: Clock; readonly log: Logger },
): Promise<{ readonly deleted: readonly Deleted[]; readonly isWhole: boolean }> {
  const { stateDir } = settings
  const host = hostOf(settings, tools)
  const left = leftBalancers(settings)
  const deleted: Deleted[] = []
  let isWhole = true
  for (const driven of [...settings.balancers, ...left]) {
    const { name } = driven.spec
    try {
      if (left.includes(driven) && (await isInUse(driven, settings, host))) continue
      const id = await removeListed(driven, settings, host)
      if (id !== null) deleted.push({ balancer: name, id })
      forget(driven, stateDir)
    } catch (error) {
      isWhole = false
      tools.log.error(`the load balancer of ${name} is left: ${messageOf(error)}`)
    }
  }
  return { deleted, isWhole }
}

/** What the file has once ordered may be what it names now. */
async function isInUse(driven: DrivenBalancer, settings: Settings, host: Host): Promise<boolean> {
  const id = (await purchaseOf(driven, settings, host))?.id ?? null
  return id !== null && isNamed(id, settings)
}

/** What has just been created for the file is listed a little later; what was never carried, or has been deleted before, is not waited for. */
async function removeListed(driven: DrivenBalancer, settings: Settings, host: Host): Promise<string | null> {
  const id = await remove(driven, settings, host)
  const isAwaited = readCarried(settings.stateDir).some(
    (one) => isOrdered(one) && placeOf(one) === placeOf(driven),
  )
  if (id !== null || !isAwaited) return id
  await nap(host.clock, UNLISTED_MS, NEVER)
  return await remove(driven, settings, host)
}

async function remove(driven: DrivenBalancer, settings: Settings, host: Host): Promise<string | null> {
  const driver: BalancerDriverModule<unknown> =
    BALANCER_DRIVERS[driven.driver as keyof typeof BALANCER_DRIVERS]
  const about = { name: driven.spec.name, signal: NEVER }
  return (await driver.remove?.(balancerConfigOf(driven, settings), about, host)) ?? null
}
