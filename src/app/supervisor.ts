import type { ChildProcess } from 'node:child_process'
import type { Clock, Logger } from '../core/time.ts'
import { isAlive, markOf, type ProcessMark, signal as send } from './processes.ts'

const LOOK_MS = 100
const STEADY_MS = 30_000
/** Looks in a row that find nobody named, while the last one lives: it has given way to one that is gone. */
const MISSES = 3
const BACKOFF_MS = [0, 500, 1_000, 2_000, 5_000, 10_000]
/** An exit with this code says that the configuration or the command line is wrong. At the first start trying again is useless; later
 *  what else runs must not pay for a file that somebody is still writing. */
const USELESS = 2

/** A process to keep alive. */
export interface Part {
  readonly name: string
  /** One that already runs, from an earlier supervisor; it is adopted. */
  find(): ProcessMark | null
  start(): ChildProcess
}

/** Starts or adopts the part and brings it back whenever it is gone, until the signal aborts.
 *  Resolves with the exit code that made it give up, or 0. Watching is by looking: adopted processes are nobody's children. */
export async function keep(
  part: Part,
  tools: { clock: Clock; log: Logger; signal: AbortSignal },
): Promise<number> {
  const { clock, log, signal } = tools
  let failures = 0
  let hasRun = false
  while (!signal.aborted) {
    const found = part.find()
    const child = found ? null : part.start()
    let mark: ProcessMark | null = found ?? (child?.pid === undefined ? null : markOf(child.pid))
    log.info(found ? `${part.name} adopted` : `${part.name} started`, { pid: mark?.pid })
    const since = clock.now()
    let isNamed = found !== null
    let misses = 0
    while (mark && isAlive(mark) && !signal.aborted && misses < MISSES) {
      const named = part.find()
      hasRun ||= named !== null
      isNamed ||= named !== null
      misses = named === null && isNamed ? misses + 1 : 0
      if (named !== null && named.pid !== mark.pid) {
        log.info(`${part.name} has a successor`, { pid: named.pid })
        mark = named
      }
      await nap(clock, LOOK_MS, signal)
    }
    if (signal.aborted) {
      // One that is still starting has left no note yet: nobody else would find it.
      if (child && mark && part.find() === null && send(mark, 'SIGKILL')) await exited(child)
      return 0
    }
    if (child && mark?.pid === child.pid && misses < MISSES) await exited(child)
    if (child?.exitCode === USELESS && !hasRun) return USELESS
    // It has given way to a successor since it was looked at.
    if (part.find() !== null) continue
    failures = clock.now() - since > STEADY_MS ? 0 : failures + 1
    const waitMs = BACKOFF_MS[Math.min(failures, BACKOFF_MS.length) - 1] ?? 0
    // Of one that is nobody's child, no more is known than that it is gone.
    const how = child && mark?.pid === child.pid ? { code: child.exitCode, signal: child.signalCode } : {}
    log.warn(`${part.name} is gone; started again in ${waitMs} ms`, how)
    await nap(clock, waitMs, signal)
  }
  return 0
}

function exited(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null)
    return Promise.resolve()
  return new Promise((done) => child.once('exit', () => done()))
}

/** Sleeps, or returns early when the signal aborts. */
export async function nap(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  await clock.sleep(ms, signal).catch(() => {})
}

/** Waits until the process is gone; false when the deadline came first. */
export async function gone(mark: ProcessMark, clock: Clock, deadlineMs: number): Promise<boolean> {
  const endAt = clock.now() + deadlineMs
  while (isAlive(mark)) {
    if (clock.now() >= endAt) return false
    await nap(clock, LOOK_MS, NEVER)
  }
  return true
}

const NEVER = new AbortController().signal
