import type { World } from '../world.ts'
import { put } from './resources.ts'

/** The world in which an instance that is gone is in no group any more. */
export function departed(world: World, instance: string): World {
  let after = world
  for (const group of world.alb.of.servergroup.values()) {
    const servers = group.servers.filter(({ serverId }) => serverId !== instance)
    if (servers.length < group.servers.length) after = put(after, 'servergroup', { ...group, servers })
  }
  return after
}
