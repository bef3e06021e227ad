import { type MemberSpec, parseAddress } from '../../src/core/balancer.ts'
import { Fault, type FaultRetry } from '../../src/core/fault.ts'
import type { Clock, Millis } from '../../src/core/time.ts'
import { type Backend, keyOf, type Place } from '../../src/drivers/alicloud/balancer/backend.ts'
import type { Group } from '../../src/drivers/alicloud/balancer/group.ts'

/** A group without a cloud: its calls are done at once unless they are held up, and refused where a test says so. */
export class AGroup implements Group {
  readonly id: string
  startsSlowly = true
  backends: readonly Backend[] = []
  /** Operations, and names of servers that cannot be found, that fail; whether they may be tried again. */
  readonly failing = new Map<string, FaultRetry>()
  /** What a read has seen arrives after so long. */
  readMs: Millis = 0
  readonly #clock: Clock

  constructor(id: string, clock: Clock) {
    this.id = id
    this.#clock = clock
  }

  get servers(): readonly string[] {
    return this.backends.map(({ server }) => server)
  }

  async read(signal: AbortSignal): Promise<readonly Backend[]> {
    signal.throwIfAborted()
    this.#meet('read')
    const { backends } = this
    if (this.readMs > 0) await this.#clock.sleep(this.readMs, signal)
    return backends
  }

  async add(backends: readonly Backend[]): Promise<void> {
    this.#meet('add')
    this.backends = [...this.backends, ...backends.map((one) => ({ ...one, health: 'normal' as const }))]
  }

  async weigh(backends: readonly Backend[]): Promise<void> {
    this.#meet('weigh')
    const weights = new Map(backends.map((one) => [keyOf(one), one.weight]))
    this.backends = this.backends.map((one) => ({ ...one, weight: weights.get(keyOf(one)) ?? one.weight }))
  }

  async remove(backends: readonly Backend[]): Promise<void> {
    this.#meet('remove')
    const gone = new Set(backends.map(keyOf))
    this.backends = this.backends.filter((one) => !gone.has(keyOf(one)))
  }

  async place({ id, address }: MemberSpec): Promise<Place> {
    this.#meet(id)
    const { host, port } = parseAddress(address)!
    return { server: host, ip: host, port }
  }

  #meet(what: string): void {
    const retry = this.failing.get(what)
    if (retry) throw new Fault('balancer.refused', `no ${what}`, { source: 'vendor', retry })
  }
}
