import { type ChildProcess, spawn } from 'node:child_process'
import { Fault } from '../core/fault.ts'
import type { Millis } from '../core/time.ts'
import type { Descriptors, Inheritance, StartSuccessor, Successor } from '../gateway/main/hand-over.ts'

const INHERITED = 'TIDEGATE_INHERITED'
/** stdin, stdout, stderr and the line between the two processes come before what is handed over. */
const FIRST_FD = 4

type Line = 'ready' | 'go'

/** Starts this program anew, as it is on disk now, with our listening sockets among its descriptors. */
export const startSuccessor: StartSuccessor = (sockets, formerPath) => {
  const fds = Object.values(sockets).flat()
  const there: Record<string, number[]> = {}
  let next = FIRST_FD
  for (const [name, own] of Object.entries(sockets)) there[name] = own.map(() => next++)
  const [entry = '', ...args] = process.argv.slice(1)
  const child = spawn(process.execPath, [...process.execArgv, entry, ...args], {
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc', ...fds],
    env: { ...process.env, [INHERITED]: JSON.stringify({ sockets: there, formerPath }) },
  })
  child.on('error', () => {})
  return successorOf(child)
}

function successorOf(child: ChildProcess): Successor {
  return {
    pid: child.pid ?? 0,
    ready: (withinMs) => readyWithin(child, withinMs),
    go() {
      child.send('go' satisfies Line, () => child.disconnect())
      child.unref()
    },
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
  })
  return { sockets, formerPath, go, ready: () => void process.send?.('ready' satisfies Line) }
}
