import { Fault } from '../../../core/fault.ts'
import { hash64 } from '../../../core/hash.ts'
import type { Clock } from '../../../core/time.ts'

/** A restarted controller that does not find in the list yet what was created just before, repeats the call within this time; what was
 *  deleted since is created anew after it. */
const TOKEN_MS = 60_000

/** What a product does with the instances that a file orders. All throw Fault. */
export interface Workshop<Seen extends { readonly id: string }> {
  /** Of those that bear the tags of this order. */
  ids(signal: AbortSignal): Promise<readonly string[]>
  read(id: string, signal: AbortSignal): Promise<Seen>
  /** Gives its id. The same token twice creates one. */
  create(token: string, signal: AbortSignal): Promise<string>
  /** Changes what is not as ordered. */
  mend(seen: Seen, signal: AbortSignal): Promise<void>
}

/** An instance that Tidegate creates, finds by its tags, and keeps as ordered. */
export class Ordered<Seen extends { readonly id: string }> {
  readonly #workshop: Workshop<Seen>
  readonly #name: string
  readonly #clock: Clock
  /** Of a creation whose outcome is not known. */
  #token: string | null = null

  /** `name`: of the instance, by which its token is known again. */
  constructor(workshop: Workshop<Seen>, name: string, clock: Clock) {
    this.#workshop = workshop
    this.#name = name
    this.#clock = clock
  }

  /** It is there and as ordered. Throws Fault. */
  async have(signal: AbortSignal): Promise<Seen> {
    const seen = (await this.find(signal)) ?? (await this.#created(signal))
    this.#token = null
    await this.#workshop.mend(seen, signal)
    return seen
  }

  /** null = there is none. Throws Fault. */
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

  async #created(signal: AbortSignal): Promise<Seen> {
    const minute = Math.floor(this.#clock.now() / TOKEN_MS)
    this.#token ??= `tidegate.${hash64(this.#name)}.${minute}`
    const id = await this.#workshop.create(this.#token, signal)
    const seen = await this.find(signal)
    if (seen !== null) return seen
    throw new Fault('balancer.unreachable', `${id} was created and cannot be seen yet`, {
      source: 'vendor',
      retry: 'yes',
    })
  }
}
