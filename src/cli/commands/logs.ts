import { basename, dirname } from 'node:path'
import { statePaths } from '../../app/paths.ts'
import { logFiles } from '../../app/rotation.ts'
import type { FolderContext } from '../context.ts'
import { CliError } from '../errors.ts'
import { lastLines, newLines, type Place } from '../tail.ts'

const LOOK_MS = 300
/** Beside servers and fleets. */
export const OWN = ['access', 'gateway', 'controller'] as const

type Known = Pick<FolderContext, 'settings' | 'stateDir'>

interface Log {
  /** A server's id, or one of OWN. */
  readonly name: string
  readonly path: string
}

/** `tidegate logs [NAME...]`: the last lines of servers' logs, or of those of the gateway, the controller or its requests, and with
 *  `follow` those to come. Reads files only, so it works when nothing runs. */
export async function logs(
  context: FolderContext,
  options: { readonly names: readonly string[]; readonly lines: number; readonly follow: boolean },
): Promise<number> {
  const { clock, signal } = context
  const places = new Map<string, Place | null>()
  const found = select(context, options.names)
  const named = found.length > 1 || options.follow
  for (const log of found) {
    const { lines, place } = await lastLines(log.path, options.lines)
    places.set(log.path, place)
    show(log, lines, named, context)
  }
  while (options.follow) {
    await clock.sleep(LOOK_MS, signal)
    // Servers come and go meanwhile.
    for (const log of select(context, options.names)) {
      const { lines, place } = await newLines(log.path, places.get(log.path) ?? null)
      places.set(log.path, place)
      show(log, lines, named, context)
    }
  }
  return 0
}

function show({ name }: Log, lines: readonly string[], named: boolean, { out, json }: FolderContext): void {
  for (const line of lines) {
    if (json) out.json({ log: name, line })
    else out.quote(named ? `${name} | ${line}` : line)
  }
}

/** The logs of these names: servers, whole fleets, or our own. Without names those of every server. Throws CliError. */
function select({ settings, stateDir }: Known, names: readonly string[]): readonly Log[] {
  const servers = serverLogs(stateDir)
  if (names.length === 0) return servers
  return names.flatMap((name) => {
    const own = ownLog({ settings, stateDir }, name)
    const found = own
      ? [own]
      : servers.filter(({ path, ...log }) => log.name === name || fleetOf(path) === name)
    // A fleet of the file may have no server yet.
    const fleets = settings?.fleets.map((fleet) => fleet.name) ?? []
    if (found.length > 0 || fleets.includes(name)) return found
    const known = [...OWN, ...fleets, ...servers.map((log) => log.name)]
    throw new CliError(`there is no log of ${name}; there are: ${known.join(', ')}`, 2)
  })
}

function ownLog({ settings, stateDir }: Known, name: string): Log | null {
  const paths = statePaths(stateDir)
  if (name === 'gateway') return { name, path: paths.gatewayLog }
  if (name === 'controller') return { name, path: paths.controllerLog }
  if (name !== 'access') return null
  if (settings === null)
    throw new CliError('the file has errors, and only it says where the access log is', 2)
  const { accessLog } = settings.balancer
  if (accessLog) return { name, path: accessLog.path }
  throw new CliError('there is no access log; set gateway: { access-log: ./access.log }', 2)
}

function serverLogs(stateDir: string): readonly Log[] {
  const folder = statePaths(stateDir).logs
  return logFiles(folder)
    .filter((path) => dirname(path) !== folder)
    .map((path) => ({ name: basename(path, '.log'), path }))
    .sort((a, b) => a.path.localeCompare(b.path))
}

function fleetOf(path: string): string {
  return basename(dirname(path))
}
