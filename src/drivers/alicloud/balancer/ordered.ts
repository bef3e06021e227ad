import type { Purchase } from '../../../core/balancer.ts'
import { Fault } from '../../../core/fault.ts'
import { hash64 } from '../../../core/hash.ts'
import type { Clock, Millis } from '../../../core/time.ts'

/** What has been created may be missing from a list for a moment. */
const UNLISTED_MS: Millis = 10_000

/** What a product does with the instances that a file orders. All throw Fault. */
export interface Workshop<Order, Seen extends { readonly id: string }> {
  /** Of those that bear the tags of this order. */
  ids(signal: AbortSignal): Promise<readonly string[]>
  read(id: string, signal: AbortSignal): Promise<Seen>
  /** Gives its id. The same token twice creates one. */
  create(order: Order, token: string, signal: AbortSignal): Promise<string>
  /** What of one is not as ordered, for people. Throws Fault for what cannot be changed. */
  changes(order: Order, seen: Seen): readonly { readonly change: string }[]
  /** Makes those changes. */
  mend(order: Order, seen: Seen, signal: AbortSignal): Promise<void>
  /** What creating one is, and what it costs, for people; null = that is not known. */
  creationText(order: Order): string
  priceText(order: Order): string | null
}

/** The instance of one balancer: one that is there, by its id, or one that Tidegate creates, finds by its tags, and keeps as ordered. */
export class Ordered<Order extends object, Seen extends { readonly id: string }> {
  readonly #workshop: Workshop<Order, Seen>
  readonly #wanted: string | Order
  readonly #name: string
  readonly #clock: Clock
  /** Of the creation that was begun, until its instance is seen. */
  #token: string | null = null
  #last: Seen | null = null

  /** `name`: of the instance, by which its token is known again. */
  constructor(workshop: Workshop<Order, Seen>, wanted: string | Order, name: string, clock: Clock) {
    this.#workshop = workshop
    this.#wanted = wanted
    this.#name = name
    this.#clock = clock
  }

  /** As it was had last; null = it has not been. */
  get seen(): Seen | null {
    return this.#last
  }

  /** It is there and as ordered; creates and changes it where it is not. Throws Fault. */
  async have(signal: AbortSignal): Promise<void> {
    const wanted = this.#wanted
    this.#last =
      typeof wanted === 'string'
        ? await this.#workshop.read(wanted, signal)
        : await this.#haveOrdered(wanted, signal)
  }

  /** Is one that was had still there, and as ordered? Throws Fault. */
  async holds(signal: AbortSignal): Promise<boolean> {
    const order = this.#wanted
    if (typeof order === 'string') return true
    const seen = await this.find(signal)
    return seen !== null && seen.id === this.#last?.id && this.#changes(order, seen).length === 0
  }

  /** What is to be done for an order, and what it costs; undefined = there is no order. Throws Fault. */
  async purchase(signal: AbortSignal): Promise<Purchase | undefined> {
    const order = this.#wanted
    if (typeof order === 'string') return undefined
    const seen = await this.find(signal)
    const changes = seen === null ? [this.#workshop.creationText(order)] : this.#changes(order, seen)
    return { id: seen?.id ?? null, changes, price: this.#workshop.priceText(order) }
  }

  /** For people. What the cloud cannot change is told in its place: one that differs in it is there, is paid and can be deleted. */
  #changes(order: Order, seen: Seen): readonly string[] {
    try {
      return this.#workshop.changes(order, seen).map(({ change }) => change)
    } catch (error) {
      if (error instanceof Fault && error.code === 'balancer.refused') return [error.message]
      throw error
    }
  }

  async #haveOrdered(order: Order, signal: AbortSignal): Promise<Seen> {
    const seen = (await this.find(signal)) ?? (await this.#created(order, signal))
    this.#token = null
    await this.#workshop.mend(order, seen, signal)
    return seen
  }

  /** The one that Tidegate has created, by its tags; null = there is none. Throws Fault. */
  async find(signal: AbortSignal): Promise<Seen | null> {
    const ids = await this.#workshop.ids(signal)
    const [id, other] = ids
    if (other !== undefined)
      throw new Fault(
        'balancer.refused',
        `${ids.join(', ')} bear the same tags of Tidegate; take the tag tidegate:balancer from those that it is not to have`,
        { source: 'user', retry: 'no' },
      )
    return id === undefined ? null : await this.#workshop.read(id, signal)
  }

  /** A controller before us may have created it and been ended before it was listed: the list is given time before anything is bought. */
  async #created(order: Order, signal: AbortSignal): Promise<Seen> {
    if (this.#token === null) {
      await this.#clock.sleep(UNLISTED_MS, signal)
      const seen = await this.find(signal)
      if (seen !== null) return seen
      this.#token = this.#newToken()
    }
    const id = await this.#create(order, this.#token, signal)
    const seen = await this.find(signal)
    if (seen !== null) return seen
    throw new Fault('balancer.unreachable', `${id} was created and cannot be seen yet`, {
      source: 'vendor',
      retry: 'yes',
    })
  }

  /** A token that was refused is not used again: the cloud may remember the refusal by it. */
  async #create(order: Order, token: string, signal: AbortSignal): Promise<string> {
    try {
      return await this.#workshop.create(order, token, signal)
    } catch (error) {
      if (error instanceof Fault && error.retry === 'no') this.#token = this.#newToken()
      throw error
    }
  }

  /** Never that of one that has been deleted since. */
  #newToken(): string {
    return `tidegate.${hash64(this.#name)}.${this.#clock.now()}`
  }
}
