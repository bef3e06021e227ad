import { Fault, messageOf } from '../core/fault.ts'
import type { Fleet } from '../core/fleet.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { Settings } from '../core/settings.ts'
import type { Clock, Logger, Millis } from '../core/time.ts'
import { forgetFleet } from './fleets.ts'
import { hostOf } from './host.ts'
import { openDriver } from './open-driver.ts'
import { nap } from './supervisor.ts'

const LOOK_MS = 100
/** A server that is being made can be stopped when that is done: it is tried again so often, and so long. */
const AGAIN_MS: Millis = 2_000
const PATIENCE_MS: Millis = 180_000
const NEVER = new AbortController().signal

export interface Retired {
  /** How many servers there were, those that were kept stopped too. */
  readonly servers: number
  /** Whether none is left. */
  readonly isWhole: boolean
}

/** Servers that a dead controller left behind belong to nobody else: they are stopped without draining. One fleet that cannot be
 *  reached keeps nobody from stopping the rest. */
export async function retireLeftovers(
  fleets: readonly FleetSpec[],
  settings: Settings,
  tools: { readonly clock: Clock; readonly log: Logger },
): Promise<Retired> {
  const { stateDir } = settings
  const host = hostOf(settings, tools)
  let servers = 0
  let isWhole = true
  for (const spec of fleets) {
    try {
      await using opened = await openDriver(spec, settings, host)
      servers += await retireAll(opened.fleet, host.clock)
      forgetFleet(spec, stateDir)
    } catch (error) {
      isWhole = false
      tools.log.error(`servers of ${spec.name} may be left: ${messageOf(error)}`)
    }
  }
  return { servers, isWhole }
}

/** Retires until the list is empty, of what is kept stopped too: that is paid as well. Gives how many there were. Throws Fault. */
export async function retireAll(fleet: Pick<Fleet, 'list' | 'retire'>, clock: Clock): Promise<number> {
  const retired = new Set<string>()
  const endAt = clock.now() + PATIENCE_MS
  for (;;) {
    const { servers, kept = [] } = await fleet.list(NEVER)
    const left = [...servers, ...kept].map(({ id }) => id)
    if (left.length === 0) return retired.size
    for (const id of left) retired.add(id)
    const refused = await refusalOf(fleet, left)
    if (refused !== null && (refused.retry !== 'yes' || clock.now() >= endAt)) throw refused
    await nap(clock, refused === null ? LOOK_MS : AGAIN_MS, NEVER)
  }
}

async function refusalOf(fleet: Pick<Fleet, 'retire'>, ids: readonly string[]): Promise<Fault | null> {
  try {
    await fleet.retire(ids, NEVER)
    return null
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
}
