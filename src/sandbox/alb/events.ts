import type { Happening } from '../world.ts'
import { drained, jobEnded } from './landing.ts'

/** What happens by itself to what load balancers are made of. */
export const ALB_EVENTS: Readonly<Record<string, Happening>> = {
  'alb.job': jobEnded,
  'alb.drained': drained,
}
