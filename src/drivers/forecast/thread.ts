import { Worker } from 'node:worker_threads'
import { Fault, messageOf } from '../../core/fault.ts'
import type { Forecaster, Foretold, LoadSeries } from '../../core/forecast.ts'

const ENTRY = new URL(`./worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)

export interface Asked {
  readonly id: number
  readonly load: LoadSeries
  readonly about: Parameters<Forecaster['forecast']>[1]
}

export interface Answered {
  readonly id: number
  readonly foretold: Foretold
}

interface Waiting {
  readonly done: (foretold: Foretold) => void
  readonly failed: (fault: Fault) => void
}

/** Forecasts in a thread of its own, started when it is first asked. Whoever no longer waits ends the thread with all that waits for it, since
 *  nothing else stops one that is busy; the next forecast starts another. */
export function threadForecaster(entry: URL = ENTRY): Forecaster & AsyncDisposable {
  const thread = new ForecastThread(entry)
  return {
    async forecast(load, about, signal) {
      const answer = thread.ask({ load, about })
      const stop = () => void thread.close()
      signal.addEventListener('abort', stop, { once: true })
      return await answer.finally(() => signal.removeEventListener('abort', stop))
    },
    [Symbol.asyncDispose]: () => thread.close(),
  }
}

class ForecastThread {
  readonly #entry: URL
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | null = null
  #lastId = 0

  constructor(entry: URL) {
    this.#entry = entry
  }

  ask(question: Omit<Asked, 'id'>): Promise<Foretold> {
    const worker = (this.#worker ??= this.#start())
    const id = ++this.#lastId
    return new Promise((done, failed) => {
      this.#waiting.set(id, { done, failed })
      worker.postMessage({ id, ...question } satisfies Asked)
    })
  }

  async close(): Promise<void> {
    const worker = this.#worker
    if (worker === null) return
    this.#lose(worker, 'its thread was ended')
    await worker.terminate()
  }

  #start(): Worker {
    const worker = new Worker(this.#entry)
    worker.unref()
    worker.on('message', ({ id, foretold }: Answered) => {
      this.#waiting.get(id)?.done(foretold)
      this.#waiting.delete(id)
    })
    worker.on('error', (error) => this.#lose(worker, messageOf(error)))
    worker.on('exit', () => this.#lose(worker, 'its thread has ended'))
    return worker
  }

  #lose(worker: Worker, why: string): void {
    if (this.#worker !== worker) return
    this.#worker = null
    const lost = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const { failed } of lost)
      failed(new Fault('internal', `no forecast: ${why}`, { source: 'internal', retry: 'yes' }))
  }
}
