import { existsSync } from 'node:fs'
import type { Opened } from '../../core/driver.ts'
import { asFault } from '../../core/fault.ts'
import type { Fleet } from '../../core/fleet.ts'
import { platformOf } from '../../core/platform.ts'
import type { Host } from '../../core/time.ts'
import { Groups } from './cgroup/groups.ts'
import type { LocalConfig } from './config.ts'
import { fleetFiles } from './files.ts'
import { launch } from './launch.ts'
import { localMetrics } from './metrics.ts'
import { Roster, toServer } from './roster.ts'
import { Stopper } from './stop.ts'

/** Opens a fleet of this machine's processes. Closing it stops none of them. */
export async function openLocal(config: LocalConfig, fleet: string, host: Host): Promise<Opened> {
  const hasProc = platformOf(process.platform).proc && existsSync('/proc/self/stat')
  if (!hasProc) {
    host.log.warn(
      'This system has no /proc: servers are not found again after a restart of the controller, and CPU is not measured.',
      { fleet },
    )
  }
  const files = fleetFiles(host.stateDir, fleet)
  const groups = new Groups(config.limits, { installation: host.installation, fleet, log: host.log })
  const roster = new Roster(fleet, { files, groups, host }, hasProc)
  roster.killOrphans()
  const stopper = new Stopper(roster, files, host.clock, config.stopTimeoutMs)
  return {
    fleet: localFleet({ fleet, roster, files, groups, host }, stopper),
    metrics: localMetrics(hasProc ? roster : null, groups, host.clock),
    async [Symbol.asyncDispose]() {
      stopper[Symbol.dispose]()
    },
  }
}

type Powers = Parameters<typeof launch>[2]

function localFleet(powers: Powers, stopper: Stopper): Fleet {
  const { roster, files, host } = powers
  return {
    freshForMs: 0,
    async list(signal) {
      signal.throwIfAborted()
      try {
        const { servers } = roster.look()
        // Marked by a controller that ended before they did.
        for (const server of servers) if (server.stopping) stopper.stop(server)
        await roster.reap()
        return { servers: servers.map(toServer), at: host.clock.now() }
      } catch (error) {
        throw asFault(error, 'fleet.list-failed')
      }
    },
    async launch(request, signal) {
      const receipt = await launch(request, signal, powers)
      files.prune(new Set(roster.look().servers.map(({ id }) => id)), host.clock.now())
      return receipt
    },
    async confirm() {
      // Nothing deletes a local server by itself.
    },
    async retire(ids, signal) {
      signal.throwIfAborted()
      try {
        roster.look()
        for (const id of ids) {
          const server = roster.get(id)
          if (server?.ended === null) stopper.stop(server)
          else if (server) stopper.clear(server)
        }
      } catch (error) {
        throw asFault(error, 'fleet.retire-failed')
      }
    },
  }
}
