import type { Millis } from '../../core/time.ts'
import type { World } from '../world.ts'
import type { Backend } from './state.ts'

/** Whether a group that a server is in has not taken its former change over yet. */
export function isConfigured({ slb }: World, server: string, now: Millis): boolean {
  return [...slb.balancers.values(), ...slb.groups.values()].some(
    ({ busyUntil, backends }) => busyUntil > now && backends.some((one) => one.server === server),
  )
}

/** An instance that is released is in no group any more. */
export function withoutServer(world: World, server: string): World {
  const { balancers, groups } = world.slb
  const slb = { ...world.slb, balancers: stripped(balancers, server), groups: stripped(groups, server) }
  return { ...world, slb }
}

function stripped<T extends { readonly backends: readonly Backend[] }>(
  all: ReadonlyMap<string, T>,
  server: string,
): ReadonlyMap<string, T> {
  const isIn = ({ backends }: T) => backends.some((one) => one.server === server)
  if (![...all.values()].some(isIn)) return all
  return new Map(
    [...all].map(([id, one]) => [
      id,
      isIn(one) ? { ...one, backends: one.backends.filter((backend) => backend.server !== server) } : one,
    ]),
  )
}
