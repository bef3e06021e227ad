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

type Line = 'ready' | 'go'

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
    ready: (withinMs) => readyWithin(child, withinMs),
    go() {
      // From here on that one is watched: its end is ours no more.
      removeNote(notes.gateway)
      child.send('go' satisfies Line, () => child.disconnect())
      child.unref()
    },
    end: () => void child.kill('SIGKILL'),
  }
}

function readyWithin(child: ChildProcess, withinMs: Millis): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      fail(`the successor was not ready within ${withinMs} ms`)
    }, withinMs)
    const fail = (message: string): void => {
      clearTimeout(timer)
      const text = `${message}; its log says why, and this gateway goes on`
      reject(new Fault('balancer.refused', text, { source: 'user', retry: 'yes' }))
    }
    child.once('error', (error) => fail(`the successor cannot be started: ${messageOf(error)}`))
    child.once('exit', (code, signal) => fail(`the successor ended (${signal ?? `code ${code}`})`))
    child.once('message', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

/** What this process has been left by the gateway that started it; undefined when nobody did. */
export function inheritance(): Inheritance | undefined {
  const text = process.env[INHERITED]
  if (text === undefined || process.send === undefined) return undefined
  // What this process starts is not a successor of the same gateway.
  delete process.env[INHERITED]
  const { sockets, formerPath } = JSON.parse(text) as { sockets: Descriptors; formerPath: string }
  const go = new Promise<void>((resolve) => {
    process.once('message', () => resolve())
    // Killed before it could say so: there is nobody else to serve.
    process.once('disconnect', () => resolve())
    if (!process.connected) resolve()
  })
  const ready = (): void => {
    // Without the other end there is nobody to tell; to try would end this process.
    if (process.connected) process.send?.('ready' satisfies Line, () => {})
  }
  return { sockets, formerPath, go, ready }
}
