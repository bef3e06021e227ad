import type { BalancerSpec, PoolSpec, Purchase } from '../../src/core/balancer.ts'
import type { Clock } from '../../src/core/time.ts'
import { type CloudBalancer, openBalancer } from '../../src/drivers/alicloud/balancer/open.ts'
import { AGroup } from './a-group.ts'

/** A balancer without a cloud: a pool has the group that its part names. What a test puts in place of a step is done in it. */
export class ACloudBalancer implements CloudBalancer {
  readonly groups = new Map<string, AGroup>()
  /** What was done, in order. */
  readonly did: string[] = []
  /** By step: `have`, `listen`, `holds`, `leave g1`, `purchase`. */
  readonly instead = new Map<string, (signal: AbortSignal) => Promise<void>>()
  isHeld = true
  bought: Purchase | undefined
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  of(id: string): AGroup {
    const group = this.groups.get(id) ?? new AGroup(id, this.#clock)
    this.groups.set(id, group)
    return group
  }

  have(signal: AbortSignal): Promise<void> {
    return this.#do('have', signal)
  }

  async group({ part }: PoolSpec): Promise<AGroup> {
    return this.of(String(part))
  }

  listen(_: BalancerSpec, signal: AbortSignal): Promise<void> {
    return this.#do('listen', signal)
  }

  async holds(_: BalancerSpec, signal: AbortSignal): Promise<boolean> {
    await this.#do('holds', signal)
    return this.isHeld
  }

  leave({ part }: PoolSpec, signal: AbortSignal): Promise<void> {
    return this.#do(`leave ${part}`, signal)
  }

  async purchase(signal: AbortSignal): Promise<Purchase | undefined> {
    await this.#do('purchase', signal)
    return this.bought
  }

  bound(): Readonly<Record<string, never>> {
    return {}
  }

  async #do(step: string, signal: AbortSignal): Promise<void> {
    this.did.push(step)
    await this.instead.get(step)?.(signal)
  }
}

/** One, opened as a driver does it, with what it has warned of. Servers pass every check. */
export function openedOn(clock: Clock) {
  const cloud = new ACloudBalancer(clock)
  const warnings: string[] = []
  const log = { info() {}, warn: (text: string) => void warnings.push(text), error() {} }
  const probe = async () => ({ ok: true, ms: 1, detail: '' })
  const opened = openBalancer(cloud, probe, { clock, log, installation: 'demo' })
  const close = async () => await opened[Symbol.asyncDispose]()
  return { cloud, balancer: opened.balancer, warnings, close }
}
