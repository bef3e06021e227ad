import type { FleetStatus } from '../core/admin.ts'
import type { Clock, Millis } from '../core/time.ts'
import { nap } from './supervisor.ts'

const LOOK_MS: Millis = 200
/** Longer than a gateway takes to come back, and some tries of a cloud that does not answer. */
const LOST_MS: Millis = 10_000
const NEVER = new AbortController().signal

/** A fleet that has been told to stop. */
export interface Stopping {
  readonly isEmpty: boolean
  readonly loop: { status(): Pick<FleetStatus, 'name' | 'blind'> }
}

/** Waits until no server is left, or nothing more can come of it: without the gateway nobody can drain, and of fleets that cannot be read
 *  nobody knows what is left. Gives a sentence for each of those. */
export async function untilStopped(
  fleets: () => readonly Stopping[],
  hasGateway: () => Promise<boolean>,
  clock: Clock,
): Promise<readonly string[]> {
  const left = () => fleets().filter(({ isEmpty }) => !isEmpty)
  let seenAt = clock.now()
  while (left().length > 0 && clock.now() - seenAt < LOST_MS) {
    const isSeen = left().some(({ loop }) => loop.status().blind === null)
    if (isSeen && (await hasGateway())) seenAt = clock.now()
    await nap(clock, LOOK_MS, NEVER)
  }
  return left().map(({ loop }) => {
    const { name, blind } = loop.status()
    return `servers of ${name} may be left: ${blind ?? 'the gateway does not answer'}`
  })
}
