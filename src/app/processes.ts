import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A process that may not be our child: the pid and, so that a reused pid is not mistaken for it, its start time. */
export interface ProcessMark {
  readonly pid: number
  /** Field 22 of /proc/PID/stat, in clock ticks; null where there is no /proc. */
  readonly startTime: string | null
}

export function markOf(pid: number): ProcessMark {
  return { pid, startTime: startTimeOf(pid) }
}

/** A zombie counts as gone: it serves nothing. */
export function isAlive(mark: ProcessMark): boolean {
  if (mark.startTime !== null) return startTimeOf(mark.pid) === mark.startTime
  try {
    process.kill(mark.pid, 0)
    return true
  } catch {
    return false
  }
}

function startTimeOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null)
  } catch {
    return null
  }
}

/** Sends a signal if the process is still the same one; false when it is gone. */
export function signal(mark: ProcessMark, name: NodeJS.Signals): boolean {
  if (!isAlive(mark)) return false
  try {
    process.kill(mark.pid, name)
    return true
  } catch {
    return false
  }
}

/** Leaves a note of this process for those who come later, whole or not at all. */
export function writeNote(path: string, note: object): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.new`, JSON.stringify({ ...markOf(process.pid), ...note }))
  renameSync(`${path}.new`, path)
}

/** The note of a process that still lives; null otherwise. */
export function readNote<T extends object>(path: string): (ProcessMark & T) | null {
  try {
    const note = JSON.parse(readFileSync(path, 'utf8')) as ProcessMark & T
    return isAlive(note) ? note : null
  } catch {
    return null
  }
}

export function removeNote(path: string): void {
  rmSync(path, { force: true })
}

/** Starts one of our own entry files in a session of its own, so that a terminal's Ctrl-C does not reach it and it
 *  outlives us. Its output goes to `logPath`; `options` are Node's. */
export function spawnEntry(
  entry: string,
  args: readonly string[],
  logPath: string,
  options: readonly string[] = [],
): ChildProcess {
  mkdirSync(dirname(logPath), { recursive: true })
  const log = openSync(logPath, 'a')
  try {
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    const file = fileURLToPath(new URL(`./${entry}.${extension}`, import.meta.url))
    const child = spawn(process.execPath, [...options, file, ...args], {
      detached: true,
      windowsHide: true,
      stdio: ['ignore', log, log],
    })
    child.on('error', () => {})
    return child
  } finally {
    closeSync(log)
  }
}
