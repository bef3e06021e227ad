import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { messageOf } from '../../core/fault.ts'
import { platformOf } from '../../core/platform.ts'
import type { Clock, Millis } from '../../core/time.ts'

/** One command, whole. */
export interface Call {
  readonly command: readonly string[]
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** Its stdin. */
  readonly input: string
  readonly timeoutMs: Millis
}

export type Ending =
  | { readonly how: 'exit'; readonly code: number }
  | { readonly how: 'signal'; readonly signal: string }
  /** It was killed, with its whole process group. */
  | { readonly how: 'timeout' | 'too-much' | 'aborted' }
  | { readonly how: 'not-started'; readonly why: string }

/** What has become of a command. */
export interface Ran {
  readonly ending: Ending
  readonly stdout: Buffer
  /** The end of it, at most 4 KiB. */
  readonly stderr: Buffer
}

/** A list of ten thousand servers is a quarter of it. */
export const MAX_OUTPUT_BYTES = 4 * 1024 * 1024
const MAX_STDERR_BYTES = 4096
/** From SIGTERM to SIGKILL. */
const GRACE_MS = 2_000
/** What a command leaves running may hold its output open; all that itself wrote has long been there to be read. */
const LINGER_MS = 100
const NOTHING = Buffer.alloc(0)

type Cut = 'timeout' | 'too-much' | 'aborted'

/** Runs a command in a session of its own to its end, or to that of its time, of the room for its output, or of the signal. Never throws. */
export async function run(call: Call, clock: Clock, signal: AbortSignal): Promise<Ran> {
  let child: ChildProcessWithoutNullStreams
  try {
    const [program = '', ...args] = call.command
    child = spawn(program, args, { cwd: call.cwd, env: call.env, detached: true, stdio: 'pipe' })
  } catch (error) {
    return notStarted(messageOf(error))
  }
  if (child.pid === undefined) return notStarted(await new Promise<string>((done) => failed(child, done)))
  const over = new AbortController()
  const cut = new Promise<Cut>((done) => {
    clock.sleep(call.timeoutMs, over.signal).then(
      () => done('timeout'),
      () => {},
    )
    if (signal.aborted) done('aborted')
    signal.addEventListener('abort', () => done('aborted'), { signal: over.signal })
    over.signal.addEventListener('abort', () => done('aborted'))
  })
  const output = collect(child, call.input)
  const exit = new Promise<Ending>((done) => child.once('exit', (code, by) => done(endingOf(code, by))))
  const first = await Promise.race([exit, cut, output.full])
  const ending: Ending = typeof first === 'object' ? first : { how: first }
  if (typeof first !== 'object') await kill(child, exit, clock)
  over.abort()
  await lingering(output.closed, clock)
  output.release()
  return { ending, ...output.taken() }
}

function notStarted(why: string): Ran {
  return { ending: { how: 'not-started', why }, stdout: NOTHING, stderr: NOTHING }
}

function failed(child: ChildProcessWithoutNullStreams, done: (why: string) => void): void {
  child.once('error', (error: NodeJS.ErrnoException) =>
    done(
      error.code === 'ENOENT' ? 'there is no such program, or no such folder to run it in' : error.message,
    ),
  )
}

function endingOf(code: number | null, signal: NodeJS.Signals | null): Ending {
  return code === null ? { how: 'signal', signal: signal ?? 'a signal' } : { how: 'exit', code }
}

function collect(child: ChildProcessWithoutNullStreams, input: string) {
  const { stdin, stdout, stderr } = child
  const chunks: Buffer[] = []
  let bytes = 0
  let tail: Buffer = NOTHING
  const full = new Promise<Cut>((done) => {
    stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= MAX_OUTPUT_BYTES) chunks.push(chunk)
      else done('too-much')
    })
  })
  stderr.on('data', (chunk: Buffer) => (tail = Buffer.concat([tail, chunk]).subarray(-MAX_STDERR_BYTES)))
  const closed = new Promise<void>((done) => child.once('close', () => done()))
  // A command that reads no input, or dies before, breaks its pipe: how it ends says all there is to say.
  for (const stream of [stdin, stdout, stderr]) stream.on('error', () => {})
  stdin.end(input)
  return {
    full,
    closed,
    taken: () => ({ stdout: Buffer.concat(chunks), stderr: tail }),
    release: () => {
      for (const stream of [stdin, stdout, stderr]) stream.destroy()
    },
  }
}

/** The group, so that nothing that the command has started stays; while any of it is there, the number is nobody else's. */
async function kill(
  child: ChildProcessWithoutNullStreams,
  exit: Promise<unknown>,
  clock: Clock,
): Promise<void> {
  const group = platformOf(process.platform).signals ? -child.pid! : child.pid!
  const over = new AbortController()
  send(group, 'SIGTERM')
  await Promise.race([exit, clock.sleep(GRACE_MS, over.signal).catch(() => {})])
  over.abort()
  send(group, 'SIGKILL')
  await exit
}

/** A command that has become another user's, as by `sudo`, is not ours to kill: its end is waited for. */
function send(group: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(group, signal)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ESRCH' && code !== 'EPERM') throw error
  }
}

/** Two naps: between them what lies in the pipe is read for certain. */
async function lingering(closed: Promise<void>, clock: Clock): Promise<void> {
  const over = new AbortController()
  const nap = () => clock.sleep(LINGER_MS, over.signal)
  await Promise.race([
    closed,
    nap()
      .then(nap)
      .catch(() => {}),
  ])
  over.abort()
}
