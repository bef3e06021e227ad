import type { ResponseSink } from '../client-side.ts'
import type { BodyFilter } from './filter.ts'

/** The filters that an answer's body goes through on its way to a client. */
export class BodyFilters {
  readonly #client: ResponseSink
  /** Nearest to the client first. */
  #filters: BodyFilter[] = []

  constructor(client: ResponseSink) {
    this.#client = client
  }

  /** Where the body begins its way; null = at the client. */
  get first(): BodyFilter | null {
    return this.#filters.at(-1) ?? null
  }

  /** It stands between the client and those before it. */
  add(filter: BodyFilter): void {
    const nearest = this.#filters[0]
    filter.next = this.#client
    if (nearest !== undefined) nearest.next = filter
    this.#filters.unshift(filter)
  }

  /** The client takes bytes again. False = there is nobody to tell. */
  clientDrained(): boolean {
    return this.#tell(0)
  }

  /** This filter takes bytes again. False = nobody stands before it. */
  drained(filter: BodyFilter): boolean {
    return this.#tell(this.#filters.indexOf(filter) + 1)
  }

  abort(): void {
    if (this.#filters.length === 0) return
    for (const filter of this.#filters) filter.abort()
    this.#filters = []
  }

  #tell(at: number): boolean {
    const filter = this.#filters[at]
    filter?.clientDrained()
    return filter !== undefined
  }
}
