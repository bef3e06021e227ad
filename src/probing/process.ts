import { spawn } from 'node:child_process'
import type { Attempt } from './attempt.ts'

const MAX_OUTPUT_BYTES = 4096
const SHOWN = 120
const LINGER_MS = 100

export interface Ended {
  /** Of the process; null = a signal ended it. */
  readonly code: number | null
  readonly signal: string | null
  /** The end of what it wrote on both outputs, as one line. */
  readonly output: string
}

/** Runs a program in a process group of its own, which is killed with the attempt. Never throws. */
export function runProcess(
  attempt: Attempt,
  [program = '', ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
  done: (ended: Ended) => void,
): void {
  const child = spawn(program, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let output: Buffer = Buffer.alloc(0)
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('error', () => {})
    stream.on('data', (chunk: Buffer) => {
      output = Buffer.concat([output, chunk]).subarray(-MAX_OUTPUT_BYTES)
    })
  }
  child.on('error', (error: NodeJS.ErrnoException) => {
    attempt.finish(false, error.code === 'ENOENT' ? `there is no program ${program} here` : error.message)
  })
  child.on('exit', (code, signal) => {
    const end = () => done({ code, signal, output: lineOf(output) })
    child.once('close', end)
    // What it leaves running may hold its output open; what itself wrote is there to be read by then.
    const lingering = setTimeout(end, LINGER_MS)
    attempt.release(() => clearTimeout(lingering))
  })
  attempt.release(() => {
    child.stdout.destroy()
    child.stderr.destroy()
    if (child.pid !== undefined) killGroup(child.pid)
  })
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // The whole group has ended, or has become another user's and is not ours to kill.
  }
}

function lineOf(output: Buffer): string {
  const line = output.toString().trim().split('\n').at(-1)?.trim() ?? ''
  return line.length <= SHOWN ? line : `${line.slice(0, SHOWN)}…`
}
