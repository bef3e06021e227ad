import { Worker } from 'node:worker_threads'
import type { Purge } from '../../core/cache.ts'
import { messageOf } from '../../core/fault.ts'
import type { Snapshot } from '../../core/snapshot.ts'
import type { Logger, Millis } from '../../core/time.ts'
import type { LaneBuffers, LaneReader } from '../lanes.ts'
import type { FromWorker, ToWorker, WorkerInit } from '../messages.ts'
import type { Descriptors } from './upgrade/hand-over.ts'

/** A worker that leaks ends here, alone, instead of taking the machine with it. */
const HEAP_MB = 512
/** A worker that does not answer main for so long is hung: it is ended and replaced. */
const ANSWER_MS = 10_000
const FIRST_BACKOFF_MS = 100
const MAX_BACKOFF_MS = 10_000
/** After so long without an end, the next end counts as the first. */
const STEADY_MS = 60_000

export interface WorkersOptions {
  readonly count: number
  /** Whether a port can be shared; where it cannot there is one worker. */
  readonly reusePort: boolean
  /** The module that a worker runs; it speaks gateway/messages.ts. */
  readonly entry: URL
  /** Listening sockets of a former gateway. */
  readonly inherited?: Descriptors
  readonly buffers: LaneBuffers
  readonly reader: LaneReader
  /** What a replaced worker starts with. */
  readonly snapshot: () => Snapshot
  readonly now: () => Millis
  readonly log: Logger
}

export interface ListenFailure {
  readonly listener: string
  readonly message: string
}

interface Seat {
  readonly index: number
  generation: number
  thread: Worker | null
  ready: boolean
  /** Whether what a former gateway has left to it still waits to be listened on. */
  isHeir: boolean
  acknowledged: number
  startedAt: Millis
  /** Ends since it last ran for long. */
  ends: number
  timer: NodeJS.Timeout | null
}

/** Something that every worker is asked and main awaits. */
interface Question {
  readonly waiting: Set<Seat>
  readonly isAnswer: (message: FromWorker, seat: Seat) => boolean
  readonly failures: ListenFailure[]
  readonly done: () => void
}

/** Starts the workers, tells them things, and replaces those that end. */
export class Workers {
  readonly #options: WorkersOptions
  readonly #seats: Seat[]
  readonly #questions = new Set<Question>()
  #closing = false
  #nextId = 1

  constructor(options: WorkersOptions) {
    this.#options = options
    this.#seats = Array.from({ length: options.count }, (_, index) => ({
      index,
      generation: 0,
      thread: null,
      ready: false,
      isHeir: true,
      acknowledged: -1,
      startedAt: 0,
      ends: 0,
      timer: null,
    }))
  }

  /** Resolves when every worker serves by the snapshot, or has ended. */
  async start(): Promise<readonly ListenFailure[]> {
    for (const seat of this.#seats) this.#open(seat)
    return this.#ask(null, (message) => message.kind === 'ready')
  }

  /** Resolves when every live worker serves by the snapshot, with the listeners that could not be opened. */
  serve(snapshot: Snapshot): Promise<readonly ListenFailure[]> {
    const isAnswer = (_: FromWorker, seat: Seat) => seat.acknowledged >= snapshot.version
    for (const seat of this.#seats) seat.isHeir &&= snapshot.listeners.length === 0
    return this.#ask({ kind: 'snapshot', snapshot }, isAnswer)
  }

  async closeIdle(serverSlots: readonly number[]): Promise<void> {
    const id = this.#nextId++
    const isAnswer = (message: FromWorker) => message.kind === 'idle-closed' && message.id === id
    await this.#ask({ kind: 'close-idle', id, serverSlots }, isAnswer)
  }

  /** Gives how many addresses all of them have forgotten. */
  async purge(what: Purge): Promise<number> {
    const id = this.#nextId++
    let count = 0
    await this.#ask({ kind: 'purge', id, what }, (message) => {
      if (message.kind !== 'purged' || message.id !== id) return false
      count += message.count
      return true
    })
    return count
  }

  /** The sockets that workers listen on, by listener. */
  async descriptors(): Promise<Descriptors> {
    const id = this.#nextId++
    const sockets: Record<string, number[]> = {}
    await this.#ask({ kind: 'descriptors', id }, (message) => {
      if (message.kind !== 'descriptors' || message.id !== id) return false
      for (const [name, fds] of Object.entries(message.sockets)) (sockets[name] ??= []).push(...fds)
      return true
    })
    return sockets
  }

  /** Ends all workers, each after its last request or after `withinMs`; asked again, the earlier end counts. */
  async drain(withinMs: Millis, gentle = false): Promise<void> {
    this.#closing = true
    for (const seat of this.#seats) if (seat.timer) clearTimeout(seat.timer)
    await this.#ask({ kind: 'drain', withinMs, gentle }, () => false, withinMs + ANSWER_MS)
  }

  /** The newest snapshot that all live workers serve by. */
  get acknowledged(): number {
    const live = this.#seats.filter((seat) => seat.thread !== null)
    return Math.min(...live.map((seat) => seat.acknowledged), Number.POSITIVE_INFINITY)
  }

  status(): { index: number; generation: number; ready: boolean }[] {
    return this.#seats.map(({ index, generation, ready }) => ({ index, generation, ready }))
  }

  #open(seat: Seat): void {
    const snapshot = this.#options.snapshot()
    seat.generation++
    seat.startedAt = this.#options.now()
    seat.acknowledged = -1
    const workerData: WorkerInit = {
      index: seat.index,
      generation: seat.generation,
      buffers: this.#options.buffers,
      snapshot,
      reusePort: this.#options.reusePort,
      // A worker that has listened and ended has closed what it had been left.
      inherited: seat.isHeir ? this.#inheritedBy(seat.index) : {},
    }
    seat.isHeir &&= snapshot.listeners.length === 0
    const thread = new Worker(this.#options.entry, {
      workerData,
      name: `gateway-${seat.index}`,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    })
    seat.thread = thread
    thread.on('message', (message: FromWorker) => this.#hear(seat, message, snapshot.version))
    thread.on('error', (error) => {
      this.#options.log.error(`worker ${seat.index} failed: ${messageOf(error)}`)
    })
    thread.on('exit', (code) => this.#ended(seat, code))
  }

  /** Sockets are dealt out to the workers; one that gets none opens its own. */
  #inheritedBy(index: number): Descriptors {
    const { inherited = {}, count } = this.#options
    return Object.fromEntries(
      Object.entries(inherited).map(([name, fds]) => [name, fds.filter((_, at) => at % count === index)]),
    )
  }

  #hear(seat: Seat, message: FromWorker, firstVersion: number): void {
    if (message.kind === 'log') this.#options.log[message.level](message.message, { worker: seat.index })
    if (message.kind === 'ack') seat.acknowledged = message.version
    if (message.kind === 'ready') {
      seat.ready = true
      seat.acknowledged = Math.max(seat.acknowledged, firstVersion)
    }
    if (message.kind === 'listen-failed') {
      this.#options.log.error(
        `worker ${seat.index} cannot listen for ${message.listener}: ${message.message}`,
      )
    }
    for (const question of this.#questions) {
      if (!question.waiting.has(seat)) continue
      if (message.kind === 'listen-failed') question.failures.push(message)
      if (question.isAnswer(message, seat)) this.#answered(question, seat)
    }
  }

  #ended(seat: Seat, code: number): void {
    const { log, now, reader } = this.#options
    seat.thread = null
    seat.ready = false
    reader.retireLane(seat.index)
    for (const question of this.#questions) this.#answered(question, seat)
    if (this.#closing) return
    if (now() - seat.startedAt > STEADY_MS) seat.ends = 0
    const afterMs = seat.ends === 0 ? 0 : Math.min(FIRST_BACKOFF_MS * 2 ** (seat.ends - 1), MAX_BACKOFF_MS)
    seat.ends++
    log.warn(`worker ${seat.index} ended with code ${code}; another one starts in ${afterMs} ms`)
    seat.timer = setTimeout(() => this.#open(seat), afterMs)
  }

  #ask(
    message: ToWorker | null,
    isAnswer: Question['isAnswer'],
    withinMs: Millis = ANSWER_MS,
  ): Promise<readonly ListenFailure[]> {
    const waiting = new Set(this.#seats.filter((seat) => seat.thread !== null))
    if (message) for (const seat of waiting) seat.thread?.postMessage(message)
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#endHung(question), withinMs)
      const failures: ListenFailure[] = []
      const done = () => {
        clearTimeout(timer)
        this.#questions.delete(question)
        resolve(failures)
      }
      const question: Question = { waiting, isAnswer, failures, done }
      this.#questions.add(question)
      if (waiting.size === 0) done()
    })
  }

  #answered(question: Question, seat: Seat): void {
    question.waiting.delete(seat)
    if (question.waiting.size === 0) question.done()
  }

  #endHung(question: Question): void {
    for (const seat of question.waiting) {
      this.#options.log.error(`worker ${seat.index} does not answer; it is ended`)
      void seat.thread?.terminate()
    }
  }
}
