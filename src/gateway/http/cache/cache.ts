import type { CacheSpec, Purge } from '../../../core/cache.ts'
import type { Context } from '../../worker/context.ts'
import type { Answer, BodyFilter, Filter, Transaction } from '../filters/filter.ts'
import { errorReply } from '../reply.ts'
import { askAgain, askedOf, canBeAskedAgain, originOf } from './asking.ts'
import { Recorder, Replay } from './body-filters.ts'
import { hasDirective } from './directives.ts'
import { endToEndLines, fieldsOf } from './fields.ts'
import { present } from './presented.ts'
import { Recording } from './recording.ts'
import { Refresh } from './refresh.ts'
import { Store } from './store.ts'
import {
  type Answered,
  type Asked,
  freshened,
  isStorable,
  type Stored,
  servesErrors,
  verdictOf,
} from './stored.ts'
import { Waiting } from './waiting.ts'

/** What is known of a request that has gone on to a server. */
interface Pending {
  readonly asked: Asked
  readonly method: 'GET' | 'HEAD' | 'unsafe'
  /** What was kept for it and may not be given without asking. */
  readonly stored: Stored | null
  /** The server is asked whether that still holds. */
  readonly isAsking: boolean
  /** Of the store when it went. */
  readonly edition: number
}

/** GET and HEAD are answered from memory while that is right (RFC 9111, as http-cache-semantics reads it), in each worker. */
export class Cache implements Filter {
  readonly #spec: CacheSpec
  readonly #ctx: Context
  readonly #store: Store
  readonly #waiting: Waiting
  readonly #pending = new Map<Transaction, Pending>()

  constructor(spec: CacheSpec, ctx: Context) {
    this.#spec = spec
    this.#ctx = ctx
    this.#store = new Store(spec)
    this.#waiting = new Waiting((transaction, asked) => this.#again(transaction, asked))
  }

  purge(what: Purge): number {
    return this.#store.purge(what)
  }

  request(transaction: Transaction): 'next' | 'taken' {
    const { head } = transaction
    const { method } = head
    const asked = askedOf(transaction, transaction.bytes!)
    if (method !== 'GET' && method !== 'HEAD') {
      if (!head.isSafe) this.#note(transaction, { asked, method: 'unsafe', stored: null, isAsking: false })
      return 'next'
    }
    if (head.body !== 'none' || head.upgrade !== '') return 'next'
    if (this.#answers(transaction, asked)) return 'taken'
    return this.#ask(transaction, asked, method)
  }

  response(answer: Answer): BodyFilter | null {
    const { transaction, head, bytes } = answer
    const pending = this.#pending.get(transaction)
    if (pending === undefined) return null
    const { asked, method, stored, isAsking } = pending
    const answered = {
      status: head.status,
      lines: endToEndLines(bytes, head.lines),
      fields: fieldsOf(bytes, head.lines),
    }
    if (method === 'unsafe') {
      this.#invalidate(asked, answered)
      return null
    }
    if (stored !== null && isAsking && head.status === 304)
      return this.#revalidated(answer, pending, answered)
    if (stored !== null && isError(head.status) && servesErrors(stored, asked)) {
      return this.#replace(answer, pending, stored, `hit; fwd=stale; fwd-status=${head.status}`)
    }
    return method === 'GET' ? this.#keep(answer, pending, answered) : null
  }

  refused(transaction: Transaction): boolean {
    const pending = this.#pending.get(transaction)
    const stored = pending?.stored ?? null
    if (stored === null || !servesErrors(stored, pending!.asked)) return false
    this.#serve(transaction, pending!.asked, stored, 'hit; fwd=stale')
    return true
  }

  end(transaction: Transaction): void {
    this.#waiting.leave(transaction)
    const pending = this.#pending.get(transaction)
    if (pending === undefined) return
    this.#pending.delete(transaction)
    this.#waiting.release(transaction, pending.asked)
  }

  #answers(transaction: Transaction, asked: Asked): boolean {
    const stored = this.#store.find(asked)
    const verdict = stored === null ? 'ask' : verdictOf(stored, asked)
    if (stored === null || verdict === 'ask') {
      if (!hasDirective(asked.fields['cache-control'], 'only-if-cached')) return false
      transaction.answer(errorReply(504), 'not-cached')
      return true
    }
    if (verdict === 'stale' && !stored.isBeingRefreshed && stored.origin !== null) {
      new Refresh(stored, stored.origin, this.#store, this.#spec).begin(this.#ctx, transaction)
    }
    this.#serve(transaction, asked, stored, 'hit')
    return true
  }

  /** One request goes to a server; those for the same wait for what it gets. */
  #ask(transaction: Transaction, asked: Asked, method: 'GET' | 'HEAD'): 'next' | 'taken' {
    const stored = this.#store.find(asked)
    const isPlain = asked.fields.range === undefined && asked.fields['cache-control'] === undefined
    if (method === 'GET' && isPlain && this.#waiting.joins(transaction, asked, this.#ctx.nowMs))
      return 'taken'
    const isAsking = stored !== null && method === 'GET' && canBeAskedAgain(stored)
    if (isAsking) askAgain(transaction, stored)
    this.#note(transaction, { asked, method, stored, isAsking })
    return 'next'
  }

  /** It has waited for another's answer: that is kept now, or each asks for itself. */
  #again(transaction: Transaction, asked: Asked): void {
    if (this.#answers(transaction, asked)) return
    this.#note(transaction, { asked, method: 'GET', stored: this.#store.find(asked), isAsking: false })
    transaction.proceed()
  }

  #note(transaction: Transaction, pending: Omit<Pending, 'edition'>): void {
    this.#pending.set(transaction, { ...pending, edition: this.#store.editionOf(pending.asked.url) })
  }

  #revalidated(answer: Answer, pending: Pending, answered: Answered): BodyFilter {
    const { asked, stored, edition } = pending
    const origin = originOf(answer.transaction)
    const now = freshened({ ...stored!, origin }, asked, answered, this.#spec)
    this.#store.put(now, edition)
    this.#waiting.release(answer.transaction, asked)
    return this.#replace(answer, pending, now, 'fwd=stale; fwd-status=304')
  }

  /** What is kept goes to the client in place of what the server says. */
  #replace(answer: Answer, { asked, method }: Pending, stored: Stored, status: string): BodyFilter {
    const { head, bytes, body } = present(stored, asked.fields, method === 'HEAD', status)
    answer.head = head
    answer.bytes = bytes
    return new Replay(body, answer.transaction)
  }

  #keep(answer: Answer, { asked, stored, edition }: Pending, answered: Answered): BodyFilter | null {
    const { transaction, head } = answer
    const fits = head.body !== 'sized' || head.bodyLength <= this.#spec.largestBytes
    const isKept = fits && head.body !== 'until-close' && isStorable(asked, head.status, answered.fields)
    head.added += `Cache-Status: tidegate; fwd=${this.#missOf(asked, stored)}${isKept ? '; stored' : ''}\r\n`
    if (!isKept) {
      if (stored !== null && !isError(head.status) && head.status !== 304) this.#store.forget(asked)
      this.#waiting.pass(transaction, asked, this.#ctx.nowMs)
      return null
    }
    const about = { asked, answered, origin: originOf(transaction), edition }
    const recording = new Recording(this.#store, this.#spec, about)
    return new Recorder(recording, transaction, () => this.#waiting.release(transaction, asked))
  }

  /** Why a server was asked (RFC 9211 2.2). */
  #missOf({ url }: Asked, stored: Stored | null): string {
    if (stored !== null) return 'stale'
    return this.#store.has(url) ? 'vary-miss' : 'uri-miss'
  }

  #serve(transaction: Transaction, { fields }: Asked, stored: Stored, status: string): void {
    transaction.serve(this, present(stored, fields, transaction.head.isHead, status), 'cached')
  }

  /** RFC 9111 4.4: what an unsafe request has changed is asked for anew. */
  #invalidate({ url }: Asked, { status, fields }: Answered): void {
    if (status < 200 || status >= 400) return
    for (const place of [url, fields.location, fields['content-location']]) {
      if (place === undefined || !URL.canParse(place, url)) continue
      const at = new URL(place, url)
      if (at.origin === new URL(url).origin)
        this.#store.purge({ kind: 'url', url: place === url ? url : at.href })
    }
  }
}

function isError(status: number): boolean {
  return status === 500 || status === 502 || status === 503 || status === 504
}
