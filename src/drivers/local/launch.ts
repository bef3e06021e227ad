import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync } from 'node:fs'
import { delimiter, dirname, resolve } from 'node:path'
import { asFault, Fault, messageOf } from '../../core/fault.ts'
import type { LaunchReceipt, LaunchRequest } from '../../core/fleet.ts'
import type { Host } from '../../core/time.ts'
import type { Groups } from './cgroup/groups.ts'
import { type LocalTemplate, readTemplate } from './config.ts'
import type { Files } from './files.ts'
import { environmentOf, type Identity, serverId } from './identity.ts'
import { takePort } from './ports.ts'
import type { Roster } from './roster.ts'

interface Powers {
  readonly fleet: string
  readonly roster: Roster
  readonly files: Files
  readonly groups: Groups
  readonly host: Host
}

/** One server after the other, each at most once for its id, until one cannot be started. */
export async function launch(
  request: LaunchRequest,
  signal: AbortSignal,
  powers: Powers,
): Promise<LaunchReceipt> {
  signal.throwIfAborted()
  const template = readTemplate(request.template)
  powers.roster.look()
  const ids: string[] = []
  try {
    for (let index = 0; index < request.count; index++) {
      signal.throwIfAborted()
      const id = serverId(request, index)
      await launchOnce(id, request, template, powers)
      ids.push(id)
    }
  } catch (error) {
    if (ids.length === 0) throw asFault(error, 'fleet.launch-failed')
    return { token: request.token, ids, why: messageOf(error) }
  }
  return { token: request.token, ids }
}

/** The log is created before the process, and only once: whoever finds it there knows that this server has been
 *  launched, even when it has ended since and the controller that launched it is gone. */
async function launchOnce(
  id: string,
  { token, revision }: LaunchRequest,
  template: LocalTemplate,
  { fleet, roster, files, groups, host }: Powers,
): Promise<void> {
  if (roster.get(id)) return
  const log = files.claimLog(id)
  if (log === null) return
  try {
    const port = await takePort(host.clock.now(), host.rng)
    const { limits } = template
    const identity = { installation: host.installation, fleet, id, token, revision, port, limits }
    const child = start(template, identity, groups.enter(id, limits), log)
    if (child.pid === undefined) throw await startError(child, template)
    roster.add(identity, child, child.pid)
    child.unref()
  } catch (error) {
    files.disclaimLog(id)
    throw error
  } finally {
    closeSync(log)
  }
}

/** In a session of its own and with files of its own, so that nothing that happens to us reaches it. */
function start(
  { command, env, cwd }: LocalTemplate,
  identity: Identity,
  enter: readonly string[],
  log: number,
): ChildProcess {
  // `node` in a command is the node that runs us, whatever else is installed.
  const path = [dirname(process.execPath), env.PATH ?? process.env.PATH].filter(Boolean).join(delimiter)
  // A shell would start, and only its exit code would tell that there is no such program: without it the start itself fails.
  const words = enter.length > 0 && isThere(command[0] ?? '', cwd, path) ? [...enter, ...command] : command
  const [program = '', ...args] = words
  return spawn(program, args, {
    cwd,
    env: { ...process.env, ...env, PATH: path, ...environmentOf(identity) },
    detached: true,
    windowsHide: true,
    stdio: ['ignore', log, log],
  })
}

function isThere(program: string, cwd: string, path: string): boolean {
  if (program.includes('/')) return existsSync(resolve(cwd, program))
  return path.split(delimiter).some((folder) => existsSync(resolve(cwd, folder, program)))
}

async function startError(child: ChildProcess, { command, cwd }: LocalTemplate): Promise<Fault> {
  const [error] = (await once(child, 'error')) as [NodeJS.ErrnoException]
  const missing = existsSync(cwd) ? `there is no program "${command[0]}"` : `there is no folder ${cwd}`
  const why = error.code === 'ENOENT' ? missing : error.message
  const passing = error.code === 'EAGAIN' || error.code === 'EMFILE' || error.code === 'ENFILE'
  return new Fault('fleet.launch-failed', `${command.join(' ')}: ${why}`, {
    source: 'user',
    retry: passing ? 'yes' : 'no',
    cause: error,
  })
}
