import type { Millis } from '../core/time.ts'
import type { World } from './world.ts'

/** Whether health checks find an answer there: as was measured, or else as long as an instance of that address runs, in a zone that does. */
export function answersAt(world: World, { ip, port }: { ip: string; port: number }, now: Millis): boolean {
  const instance = [...world.ecs.instances.values()].find((one) => one.ip === ip)
  if (instance !== undefined && instance.status !== 'Running') return false
  const isThere = instance !== undefined && !isDown(world, instance.zone, now)
  return world.health.get(`${ip}:${port}`) ?? isThere
}

/** Whether a zone is lost at that time. */
export function isDown({ faults }: World, zone: string, now: Millis): boolean {
  return faults.some(
    ({ fault, untilAt }) => fault.kind === 'zone-down' && untilAt > now && (fault.zone ?? zone) === zone,
  )
}
