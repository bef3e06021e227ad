import type { MemberSpec } from '../../../core/balancer.ts'
import type { Backend, Place } from './backend.ts'

/** One group of servers in the cloud. Changes resolve when the cloud has done them, however many calls that takes; one comes after the
 *  other. All throw Fault. */
export interface Group {
  /** The cloud's own. */
  readonly id: string
  /** New members get their share little by little, by the cloud itself. */
  readonly startsSlowly: boolean
  /** Whoever stands where one of ours should be, and is somebody else's, becomes ours. Left out: is refused. */
  readonly adopts?: boolean
  read(signal: AbortSignal): Promise<readonly Backend[]>
  add(backends: readonly Backend[], signal: AbortSignal): Promise<void>
  weigh(backends: readonly Backend[], signal: AbortSignal): Promise<void>
  /** Those that are not there are fine. */
  remove(backends: readonly Backend[], signal: AbortSignal): Promise<void>
  /** Where the cloud finds a member. */
  place(member: MemberSpec, signal: AbortSignal): Promise<Place>
}
