import { type ChildProcess, spawn } from 'node:child_process'
import { Fault, messageOf } from '../core/fault.ts'
import type { Millis } from '../core/time.ts'
import type {
  Descriptors,
  Inheritance,
  StartSuccessor,
  Successor,
} from '../gateway/main/upgrade/hand-over.ts'
import type { statePaths } from './paths.ts'
import { markOf, removeNote, writeNote } from './processes.ts'

const INHERITED = 'TIDEGATE_INHERITED'
/** stdin, stdout, stderr and the line between the two processes come before what is handed over. */
const FIRST_FD = 4

/** Said in this order by the successor, its predecessor, and the successor; then the predecessor ends the line. */
type Line = 'ready' | 'go' | 'taken'

type Notes = Pick<ReturnType<typeof statePaths>, 'gateway' | 'successor'>

/** Starts this program anew, as it is on disk now, with our listening sockets among its descriptors. A note tells of it at once: killed
 *  during the upgrade, this process leaves a gateway that is found. */
export function successors(notes: Notes): StartSuccessor {
  return (sockets, formerPath) => {
    const child = spawnWith(sockets, formerPath)
    child.on('error', () => {})
    if (child.pid !== undefined) writeNote(notes.successor, markOf(child.pid))
    return successorOf(child, notes)
  }
}

function spawnWith(sockets: Descriptors, formerPath: string): ChildProcess {
  const fds = Object.values(sockets).flat()
  const there: Record<string, number[]> = {}
  let next = FIRST_FD
  for (const [name, own] of Object.entries(sockets)) there[name] = own.map(() => next++)
  const [entry = '', ...args] = process.argv.slice(1)
  return spawn(process.execPath, [...process.execArgv, entry, ...args], {
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc', ...fds],
    env: { ...process.env, [INHERITED]: JSON.stringify({ sockets: there, formerPath }) },
  })
}

function successorOf(child: ChildProcess, notes: Notes): Successor {
  return {
    pid: child.pid ?? 0,
    ready: (withinMs) => hears(child, 'ready', withinMs),
    async go(withinMs) {
      const taken = hears(child, 'taken', withinMs)
      child.send('go' satisfies Line, () => {})
      await taken
      // From here on that one is watched, whom the other note names until it has written this one.
      removeNote(notes.gateway)
      child.disconnect()
      child.unref()
    },
    end: () => void child.kill('SIGKILL'),
  }
}

/** Rejects once it has ended, and ends it when it takes longer: nobody but this process serves then. */
function hears(child: ChildProcess, line: Line, withinMs: Millis): Promise<void> {
  return new Promise((resolve, reject) => {
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      child.kill('SIGKILL')
    }, withinMs)
    const hear = (said: unknown): void => {
      if (said === line) settle(resolve)
    }
    const fail = (message: string): void => {
      const text = `${message}; its log says why, and this gateway goes on`
      settle(() => reject(new Fault('balancer.refused', text, { source: 'user', retry: 'yes' })))
    }
    const onError = (error: Error): void => fail(`the successor cannot be started: ${messageOf(error)}`)
    const onExit = (code: number | null, signal: string | null): void =>
      fail(isLate ? `the successor was not ready within ${withinMs} ms` : ended(code, signal))
    const settle = (done: () => void): void => {
      clearTimeout(timer)
      child.off('error', onError).off('exit', onExit).off('message', hear)
      done()
    }
    child.on('error', onError).on('exit', onExit).on('message', hear)
    const { exitCode, signalCode } = child
    if (exitCode !== null || signalCode !== null) onExit(exitCode, signalCode)
  })
}

function ended(code: number | null, signal: string | null): string {
  return `the successor ended (${signal ?? `code ${code}`})`
}

/** What this process has been left by the gateway that started it; undefined when nobody did. */
export function inheritance(): Inheritance | undefined {
  const text = process.env[INHERITED]
  if (text === undefined || process.send === undefined) return undefined
  // What this process starts is not a successor of the same gateway.
  delete process.env[INHERITED]
  const { sockets, formerPath } = JSON.parse(text) as { sockets: Descriptors; formerPath: string }
  const alone = new Promise<void>((resolve) => {
    process.once('disconnect', () => resolve())
    if (!process.connected) resolve()
  })
  const told = new Promise<void>((resolve) => void process.once('message', () => resolve()))
  const say = (line: Line): void => {
    // Without the other end there is nobody to tell; to try would end this process.
    if (process.connected) process.send?.(line, () => {})
  }
  return {
    sockets,
    formerPath,
    ready: () => say('ready'),
    // Killed before it could say so: there is nobody else to serve.
    go: Promise.race([told, alone]),
    taken() {
      say('taken')
      return alone
    },
  }
}
