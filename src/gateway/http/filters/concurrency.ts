import type { ConcurrencySpec } from '../../../core/traffic.ts'
import { Timer, type TimerWheel } from '../../worker/timer-wheel.ts'
import { errorReply } from '../reply.ts'
import type { Filter, Transaction } from './filter.ts'

/** So many requests of a rule at once; the next ones wait for their turn, the rest are refused at once. */
export class Concurrency implements Filter {
  readonly #most: number
  readonly #queue: number
  readonly #waitMs: number
  readonly #wheel: TimerWheel
  /** Those under way. */
  readonly #busy = new Set<Transaction>()
  /** Those that wait, the first to come first. */
  readonly #waiting = new Map<Transaction, Timer>()
  #isCalling = false

  /** What the rule has is shared evenly between the workers; of little, each has one. */
  constructor({ requests, queue, waitMs }: ConcurrencySpec, workers: number, wheel: TimerWheel) {
    this.#most = Math.max(1, Math.floor(requests / workers))
    this.#queue = Math.ceil(queue / workers)
    this.#waitMs = waitMs
    this.#wheel = wheel
  }

  request(transaction: Transaction): 'next' | 'taken' {
    if (this.#busy.size < this.#most) {
      this.#busy.add(transaction)
      return 'next'
    }
    if (this.#waiting.size < this.#queue) this.#wait(transaction)
    else transaction.answer(errorReply(503), 'queue-full')
    return 'taken'
  }

  end(transaction: Transaction): void {
    const timer = this.#waiting.get(transaction)
    if (timer !== undefined) {
      this.#wheel.release(timer)
      this.#waiting.delete(transaction)
    }
    if (this.#busy.delete(transaction)) this.#callNext()
  }

  #wait(transaction: Transaction): void {
    const timer = new Timer(() => {
      this.#waiting.delete(transaction)
      transaction.answer(errorReply(503), 'queue-timeout')
    })
    this.#waiting.set(transaction, timer)
    this.#wheel.arm(timer, this.#waitMs)
  }

  /** One that is answered at once ends within its `proceed`: it must not call the one after it, or a long queue would be a deep stack. */
  #callNext(): void {
    if (this.#isCalling) return
    this.#isCalling = true
    for (const [transaction, timer] of this.#waiting) {
      if (this.#busy.size >= this.#most) break
      this.#wheel.release(timer)
      this.#waiting.delete(transaction)
      this.#busy.add(transaction)
      transaction.proceed()
    }
    this.#isCalling = false
  }
}
