import type { ConfigProblem } from '../../../core/driver.ts'

/** Pools that name the same server group would take each other's servers out of it. */
export function sharedGroups(
  pools: readonly { readonly name: string; readonly group: string | null }[],
): readonly ConfigProblem[] {
  return pools.flatMap(({ name, group }, index) => {
    const first = pools.findIndex((one) => one.group === group)
    if (group === null || first === index) return []
    const message = `pool ${pools[first]!.name} has ${group}; expected another one`
    return [{ path: ['pools', name, 'server-group'], message }]
  })
}
