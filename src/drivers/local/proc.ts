import { readdirSync, readFileSync } from 'node:fs'

/** Units of /proc on every architecture that Node runs on: USER_HZ and, for `rss`, pages. */
export const TICKS_PER_SECOND = 100

/** One living process, from /proc/PID/stat. */
export interface Process {
  readonly pid: number
  /** Session id: the pid of the session's leader. */
  readonly session: number
  /** Start, in ticks since boot; with the pid it names a process for ever. */
  readonly startTicks: number
  /** CPU time in ticks, user and system, with that of children that have ended and been waited for. */
  readonly cpuTicks: number
}

/** Everything alive on this machine; zombies count as gone. */
export function readProcesses(): readonly Process[] {
  const found: Process[] = []
  for (const name of readdirSync('/proc')) {
    const process = /^\d+$/.test(name) ? readProcess(Number(name)) : null
    if (process) found.push(process)
  }
  return found
}

/** Null when it is gone, or a zombie. */
export function readProcess(pid: number): Process | null {
  const stat = readOrNull(`/proc/${pid}/stat`)
  return stat === null ? null : parseStat(pid, stat)
}

/** proc(5): the second field is the name in brackets and may itself hold brackets and spaces. */
export function parseStat(pid: number, stat: string): Process | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state] = fields
  if (state === 'Z' || state === 'X') return null
  const cpuTicks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0)
  return { pid, session: Number(fields[3]), startTicks: Number(fields[19]), cpuTicks }
}

/** The environment that a process was started with; empty when it may not be read or is gone. */
export function readEnvironment(pid: number): Readonly<Record<string, string>> {
  const text = readOrNull(`/proc/${pid}/environ`) ?? ''
  const entries = text.split('\0').flatMap((line) => {
    const at = line.indexOf('=')
    return at > 0 ? [[line.slice(0, at), line.slice(at + 1)] as const] : []
  })
  return Object.fromEntries(entries)
}

/** Seconds since boot, on the same scale as `startTicks`. */
export function uptimeSeconds(): number {
  return Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0])
}

/** The kernel takes ports of outgoing connections from here, both ends included. */
export function ephemeralPorts(): readonly [number, number] {
  const text = readOrNull('/proc/sys/net/ipv4/ip_local_port_range') ?? '32768 60999'
  const [from = 32768, to = 60999] = text.trim().split(/\s+/).map(Number)
  return [from, to]
}

/** A process can end between any two reads, so a file that is not there is an answer. */
function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
