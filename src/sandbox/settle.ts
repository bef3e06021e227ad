import type { Millis } from '../core/time.ts'
import { ALB_EVENTS } from './alb/events.ts'
import { ECS_EVENTS } from './ecs/events.ts'
import { SLB_EVENTS } from './slb/events.ts'
import type { Happening, World } from './world.ts'

const HAPPENINGS: Readonly<Record<string, Happening>> = { ...ECS_EVENTS, ...ALB_EVENTS, ...SLB_EVENTS }

/** The world at this time: all that was due until then has happened, in order. */
export function settled(world: World, now: Millis): World {
  let after = world
  for (let next = after.due[0]; next !== undefined && next.at <= now; next = after.due[0]) {
    after = HAPPENINGS[next.kind]!({ ...after, due: after.due.slice(1) }, next.id, next.at)
  }
  return after
}

/** When something happens by itself the next time. */
export function nextAt(world: World): Millis | null {
  return world.due[0]?.at ?? null
}
