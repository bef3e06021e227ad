import type { Balancer, BalancerSpec, MemberSpec } from '../core/balancer.ts'
import { Fault } from '../core/fault.ts'
import type { DrivenBalancer } from '../core/settings.ts'
import type { OpenedBalancer, Place } from './open-driver.ts'

/** A balancer that is opened when it is first asked, and again where that failed: what is wrong with one concerns no other. */
export class LateBalancer implements Balancer, AsyncDisposable {
  readonly #open: () => Promise<OpenedBalancer>
  #opening: Promise<OpenedBalancer> | null = null
  #opened: OpenedBalancer | null = null
  #isClosed = false

  constructor(open: () => Promise<OpenedBalancer>) {
    this.#open = open
  }

  /** Is it open, with just this? */
  isFor(driven: DrivenBalancer, place: Place): boolean {
    return this.#opened?.isFor(driven, place) === true
  }

  async status(signal: AbortSignal) {
    return await (await this.#ready()).status(signal)
  }

  async configure(spec: BalancerSpec, signal: AbortSignal): Promise<void> {
    await (await this.#ready()).configure(spec, signal)
  }

  async members(pool: string, signal: AbortSignal) {
    return await (await this.#ready()).members(pool, signal)
  }

  async put(pool: string, members: readonly MemberSpec[], signal: AbortSignal): Promise<void> {
    await (await this.#ready()).put(pool, members, signal)
  }

  async drop(pool: string, ids: readonly string[], signal: AbortSignal): Promise<void> {
    await (await this.#ready()).drop(pool, ids, signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    await this.#opening?.catch(() => {})
    await this.#opened?.[Symbol.asyncDispose]()
  }

  async #ready(): Promise<Balancer> {
    if (this.#isClosed)
      throw new Fault('balancer.unreachable', 'the balancer is closed', { source: 'user', retry: 'yes' })
    this.#opening ??= this.#open()
    try {
      this.#opened = await this.#opening
    } catch (error) {
      this.#opening = null
      throw error
    }
    return this.#opened.balancer
  }
}
