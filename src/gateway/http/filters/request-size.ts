import { errorReply } from '../reply.ts'
import type { Filter, Transaction } from './filter.ts'

/** Bodies of requests longer than this are refused: at once where their length is known. */
export class RequestSize implements Filter {
  readonly #mostBytes: number

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes
  }

  request(transaction: Transaction): 'next' | 'taken' {
    const { body, bodyLength } = transaction.head
    transaction.limitBody(this.#mostBytes)
    if (body !== 'sized' || bodyLength <= this.#mostBytes) return 'next'
    transaction.answer(errorReply(413), 'too-large')
    return 'taken'
  }
}
