import { Buffer } from 'node:buffer'
import type { CacheSpec } from '../../../core/cache.ts'
import type { ResponseHead } from '../../http1/response-head.ts'
import type { Context } from '../../worker/context.ts'
import { Copyist, type Hearer } from '../actions/copyist.ts'
import type { Transaction } from '../filters/filter.ts'
import { conditionsOf } from './asking.ts'
import { endToEndLines, fieldsOf } from './fields.ts'
import { Recording } from './recording.ts'
import type { Store } from './store.ts'
import { freshened, isStorable, type Origin, type Stored } from './stored.ts'

/** Asks the server of a kept answer again while that is given on (RFC 5861 3). */
export class Refresh implements Hearer {
  readonly #stored: Stored
  readonly #origin: Origin
  readonly #store: Store
  readonly #spec: CacheSpec
  readonly #edition: number
  #recording: Recording | null = null

  constructor(stored: Stored, origin: Origin, store: Store, spec: CacheSpec) {
    this.#stored = stored
    this.#origin = origin
    this.#store = store
    this.#spec = spec
    this.#edition = store.editionOf(stored.asked.url)
  }

  begin(ctx: Context, { peer, limits }: Transaction): void {
    const { pool, head } = this.#origin
    const bytes = Buffer.from(`${head}\r\n${conditionsOf(this.#stored)}\r\n`, 'latin1')
    this.#stored.isBeingRefreshed = true
    const copyist = new Copyist(
      ctx,
      { head: bytes, body: [] },
      { peer, limits, hearer: this, onEnd: () => this.#over() },
    )
    copyist.send(pool)
  }

  head(head: ResponseHead, bytes: Buffer): void {
    const stored = this.#stored
    const answered = {
      status: head.status,
      lines: endToEndLines(bytes, head.lines),
      fields: fieldsOf(bytes, head.lines),
    }
    if (head.status === 304)
      this.#store.put(freshened(stored, stored.asked, answered, this.#spec), this.#edition)
    else if (head.status >= 500 || head.body === 'until-close') return
    else if (isStorable(stored.asked, head.status, answered.fields)) {
      const about = { asked: stored.asked, answered, origin: this.#origin, edition: this.#edition }
      this.#recording = new Recording(this.#store, this.#spec, about)
    } else this.#store.forget(stored.asked)
  }

  data(bytes: Buffer, start: number, end: number): void {
    this.#recording?.data(bytes, start, end)
  }

  end(): void {
    this.#recording?.end()
    this.#recording = null
  }

  #over(): void {
    this.#recording?.drop()
    this.#stored.isBeingRefreshed = false
  }
}
