import type { BalancerDriverModule } from '../core/driver.ts'
import type { DrivenBalancer, Settings } from '../core/settings.ts'
import { BALANCER_DRIVERS } from '../drivers/index.ts'
import { statePaths } from './paths.ts'
import { readList, writeList } from './saved-list.ts'

/** Every balancer beside the gateway that may still have something of ours: those of the file, and those that it no longer has. */
export function readCarried(stateDir: string): readonly DrivenBalancer[] {
  const drivers: Readonly<Record<string, unknown>> = BALANCER_DRIVERS
  return readList<DrivenBalancer>(statePaths(stateDir).balancers).filter(({ driver }) =>
    Object.hasOwn(drivers, driver),
  )
}

export function writeCarried(stateDir: string, balancers: readonly DrivenBalancer[]): void {
  writeList(statePaths(stateDir).balancers, balancers)
}

/** Those that the file no longer has. */
export function leftBalancers({ stateDir, balancers }: Settings): readonly DrivenBalancer[] {
  return readCarried(stateDir).filter((one) => !balancers.some((other) => placeOf(other) === placeOf(one)))
}

/** What one carried when it was last written down and no longer does: pools that somebody who has just opened it does not know of. */
export function leftPools(driven: DrivenBalancer, stateDir: string): readonly string[] {
  const former = readCarried(stateDir).find((one) => placeOf(one) === placeOf(driven))
  const now = new Set(driven.spec.pools.map(({ name }) => name))
  return former?.spec.pools.map(({ name }) => name).filter((name) => !now.has(name)) ?? []
}

/** It has nothing of ours any more. */
export function forget(driven: DrivenBalancer, stateDir: string): void {
  const all = readCarried(stateDir)
  writeCarried(
    stateDir,
    all.filter((one) => placeOf(one) !== placeOf(driven)),
  )
}

/** By name, where it stands, and whether it is ordered: what was created for one is known by that. */
export function placeOf(one: DrivenBalancer): string {
  const { region, account } = moduleOf(one.driver).stands?.(one.config) ?? {}
  return JSON.stringify([one.spec.name, one.driver, region, account, isOrdered(one)])
}

/** Does the file order it, instead of naming one that is there? */
export function isOrdered({ driver, config }: DrivenBalancer): boolean {
  return moduleOf(driver).orders?.(config) ?? false
}

function moduleOf(driver: string): BalancerDriverModule<unknown> {
  return BALANCER_DRIVERS[driver as keyof typeof BALANCER_DRIVERS]
}

/** Does the file name one that is there, as what it carries by? Then it is in use, whoever has created it. */
export function isNamed(id: string, { balancers }: Settings): boolean {
  return balancers.some(({ config }) => JSON.stringify(config).includes(JSON.stringify(id)))
}
