import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Ending, Server, ServerPhase } from '../../core/fleet.ts'
import type { Host, Millis } from '../../core/time.ts'
import type { Groups } from './cgroup/groups.ts'
import type { Limits } from './cgroup/plan.ts'
import type { Files } from './files.ts'
import { type Identity, identityOf, killRemains } from './identity.ts'
import { notePort } from './ports.ts'
import { type Process, readProcess, readProcesses, TICKS_PER_SECOND, uptimeSeconds } from './proc.ts'

/** A server and the process that is its root: the leader of a session of its own. */
export interface LocalServer extends Identity {
  readonly pid: number
  /** null where there is no /proc. */
  readonly startTicks: number | null
  readonly launchedAt: Millis
  /** Ours to reap; the others were launched by a controller before us and end without a word. */
  readonly child: ChildProcess | null
  stopping: boolean
  /** How it ended; null while it lives. */
  ended: Ending | null
}

const REAP_MS = 500

interface RosterPowers {
  readonly files: Files
  readonly groups: Groups
  readonly host: Host
}

/** Who is there: children of ours, and servers of an earlier controller, found by their environment. */
export class Roster {
  readonly #servers = new Map<string, LocalServer>()
  readonly #fleet: string
  readonly #host: Host
  readonly #files: Files
  readonly #groups: Groups
  readonly #hasProc: boolean

  constructor(fleet: string, { files, groups, host }: RosterPowers, hasProc: boolean) {
    this.#fleet = fleet
    this.#files = files
    this.#groups = groups
    this.#host = host
    this.#hasProc = hasProc
  }

  /** Compares with the machine as it is now. Without /proc only children are known, by their exits. */
  look(): { readonly servers: readonly LocalServer[]; readonly processes: readonly Process[] } {
    const processes = this.#hasProc ? readProcesses() : []
    if (this.#hasProc) {
      this.#dropEnded(processes)
      this.#adopt(processes)
    }
    const servers = [...this.#servers.values()]
    this.#groups.sweep(servers.map(({ id }) => id))
    for (const { port, ended } of servers) if (ended === null) notePort(port, this.#host.clock.now())
    return { servers, processes }
  }

  /** A child that is found gone tells how it ended a moment later: its exit is waited for, but not for long. */
  async reap(): Promise<void> {
    const silent = [...this.#servers.values()].flatMap(({ child, ended }) =>
      child && ended?.code === null && ended.signal === null ? [once(child, 'exit')] : [],
    )
    if (silent.length === 0) return
    const over = new AbortController()
    const late = this.#host.clock.sleep(REAP_MS, over.signal).catch(() => {})
    await Promise.race([Promise.all(silent), late])
    over.abort()
  }

  get(id: string): LocalServer | undefined {
    return this.#servers.get(id)
  }

  /** A child of ours, just started. Its exit is what tells a failure from a disappearance. */
  add(identity: Identity, child: ChildProcess, pid: number): void {
    const startTicks = this.#hasProc ? (readProcess(pid)?.startTicks ?? 0) : null
    const launchedAt = this.#host.clock.now()
    const server: LocalServer = {
      ...identity,
      pid,
      startTicks,
      launchedAt,
      child,
      stopping: false,
      ended: null,
    }
    child.once('exit', (code, signal) => {
      server.ended = { code, signal, outOfMemory: this.#groups.oomKills(server.id) > 0 }
      if (server.stopping) this.#servers.delete(server.id)
    })
    this.#servers.set(server.id, server)
  }

  /** Kills children of servers whose root ended while no controller looked: nothing else would ever find them. */
  killOrphans(): void {
    if (!this.#hasProc) return
    for (const { pid } of this.look().processes) {
      const identity = identityOf(pid)
      if (identity && this.#isOurs(identity) && !this.#servers.has(identity.id)) killRemains(identity)
    }
  }

  forget(id: string): void {
    this.#servers.delete(id)
  }

  #dropEnded(processes: readonly Process[]): void {
    const alive = new Set(processes.map(nameOf))
    for (const server of this.#servers.values()) {
      if (server.ended !== null || alive.has(nameOf(server))) continue
      const outOfMemory = this.#groups.oomKills(server.id) > 0
      if ((server.child || outOfMemory) && !server.stopping) {
        server.ended = { code: null, signal: null, outOfMemory }
        continue
      }
      this.#servers.delete(server.id)
      killRemains(server)
      this.#files.unmark(server.id)
    }
  }

  #adopt(processes: readonly Process[]): void {
    const known = new Set([...this.#servers.values()].map(nameOf))
    let marks: ReadonlySet<string> | null = null
    for (const process of processes) {
      if (process.pid !== process.session || known.has(nameOf(process))) continue
      const identity = identityOf(process.pid)
      if (!identity || !this.#isOurs(identity) || this.#servers.has(identity.id)) continue
      marks ??= this.#files.stopping()
      this.#servers.set(identity.id, {
        ...identity,
        pid: process.pid,
        startTicks: process.startTicks,
        launchedAt: this.#startOf(process),
        child: null,
        stopping: marks.has(identity.id),
        ended: null,
      })
    }
  }

  #isOurs({ installation, fleet }: Identity): boolean {
    return installation === this.#host.installation && fleet === this.#fleet
  }

  #startOf({ startTicks }: Process): Millis {
    return Math.round(
      this.#host.clock.now() - Math.max(0, uptimeSeconds() - startTicks / TICKS_PER_SECOND) * 1000,
    )
  }
}

/** Also right at this moment, between two looks. */
export function isAlive({ ended, pid, startTicks }: LocalServer): boolean {
  if (ended !== null) return false
  return startTicks === null || readProcess(pid)?.startTicks === startTicks
}

/** As the port has it. */
export function toServer(server: LocalServer): Server {
  const { id, token, revision, launchedAt, ended } = server
  const phase: ServerPhase = ended !== null ? 'failed' : server.stopping ? 'retiring' : 'running'
  const common = { id, token, address: `127.0.0.1:${server.port}`, revision, launchedAt, phase }
  if (ended === null) return common
  const detail = `${describe(ended, server.limits)}; \`tidegate logs ${id}\` shows what it wrote`
  return { ...common, detail, ending: ended }
}

function describe({ code, signal, outOfMemory }: Ending, { memoryBytes }: Limits): string {
  if (outOfMemory) return `out of memory: killed by the kernel at its limit of ${mebibytes(memoryBytes)}`
  if (signal !== null) return `killed by ${signal}`
  return code === null ? 'has exited' : `exited with code ${code}`
}

function mebibytes(bytes: number | null): string {
  return `${Number(((bytes ?? 0) / 2 ** 20).toFixed(1))}MiB`
}

/** A pid alone is used again; with the start it is not. */
const nameOf = ({ pid, startTicks }: Pick<LocalServer, 'pid' | 'startTicks'>): string =>
  `${pid}:${startTicks}`
