import { Worker } from 'node:worker_threads'
import { Fault, messageOf } from '../../../core/fault.ts'
import type { Answered, Asked, Question, ThreadInit } from './messages.ts'

/** Questions that may wait at once: a disk that hangs must not pile them up. */
const MOST_WAITING = 100
const ENTRY = new URL(`./worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)

interface Waiting {
  readonly done: (value: unknown) => void
  readonly failed: (fault: Fault) => void
}

/** The thread that owns the file, started when it is first asked, and again after it has broken down. */
export class HistoryThread {
  readonly #init: ThreadInit
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | null = null
  #lastId = 0

  constructor(init: ThreadInit) {
    this.#init = init
  }

  /** Answers come in the order of questions. Throws Fault. */
  ask<T>(question: Question, transfer: readonly ArrayBuffer[] = []): Promise<T> {
    if (this.#waiting.size >= MOST_WAITING)
      return Promise.reject(failed('the history does not keep up: its disk is too slow'))
    const worker = (this.#worker ??= this.#start())
    const id = ++this.#lastId
    return new Promise<T>((done, fail) => {
      this.#waiting.set(id, { done: done as (value: unknown) => void, failed: fail })
      worker.postMessage({ id, question } satisfies Asked, transfer)
    })
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
  }

  #start(): Worker {
    const worker = new Worker(ENTRY, { workerData: this.#init })
    worker.on('message', (answered: Answered) => this.#settle(answered))
    worker.on('error', (error) => this.#lose(worker, messageOf(error)))
    worker.on('exit', () => this.#lose(worker, 'its thread has ended'))
    return worker
  }

  #settle(answered: Answered): void {
    const waiting = this.#waiting.get(answered.id)
    this.#waiting.delete(answered.id)
    if (answered.ok) waiting?.done(answered.value)
    else waiting?.failed(new Fault(answered.code, answered.message, answered))
  }

  #lose(worker: Worker, why: string): void {
    if (this.#worker !== worker) return
    this.#worker = null
    const lost = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const waiting of lost) waiting.failed(failed(`the history broke down: ${why}`))
  }
}

function failed(message: string): Fault {
  return new Fault('store.failed', message, { source: 'internal', retry: 'yes' })
}
