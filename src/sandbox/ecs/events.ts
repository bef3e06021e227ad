import { isDown } from '../health.ts'
import { type Happening, planned, type World } from '../world.ts'
import { charged, released, starting, withInstance, withStatus } from './instances.ts'
import type { Instance } from './state.ts'

/** Whatever was planned for an instance that is gone does not happen. */
function of(happens: (world: World, instance: Instance, at: number) => World): Happening {
  return (world, id, at) => {
    const instance = world.ecs.instances.get(id)
    return instance === undefined ? world : happens(world, instance, at)
  }
}

/** In a zone that is down it waits, with a look at every `pendingMs`. */
function inZone(kind: string, happens: (world: World, instance: Instance, at: number) => World): Happening {
  return of((world, instance, at) =>
    isDown(world, instance.zone, at)
      ? planned(world, { at: at + world.delays.pendingMs, kind, id: instance.id })
      : happens(world, instance, at),
  )
}

/** What happens to instances by itself. */
export const ECS_EVENTS: Readonly<Record<string, Happening>> = {
  'ecs.starting': inZone('ecs.starting', (world, instance, at) =>
    instance.status === 'Pending' ? starting(world, instance, at) : world,
  ),
  'ecs.running': inZone('ecs.running', (world, instance) =>
    instance.status === 'Starting' ? withStatus(world, instance, 'Running') : world,
  ),
  'ecs.stopped': of((world, instance, at) =>
    instance.status === 'Stopping'
      ? withInstance(world, { ...charged(instance, at, !instance.stopCharging), status: 'Stopped' })
      : world,
  ),
  'ecs.auto-release': of((world, instance, at) =>
    instance.autoReleaseAt === at ? released(world, instance, at, 'AutoRelease') : world,
  ),
  'ecs.recycle': of((world, instance, at) =>
    instance.recycledAt === at ? released(world, instance, at, 'SpotInterruption') : world,
  ),
  'ecs.dies': of((world, instance, at) => released(world, instance, at, 'SystemFailure.Delete')),
}
