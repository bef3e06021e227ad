import type { BalancerSpec, ListenerSpec } from '../../../core/balancer.ts'
import type { Alb } from './alb.ts'
import { AlbCertificates } from './certificates.ts'
import { type ListenerChange, planListeners } from './plan-listeners.ts'
import { type About, seeListeners } from './see-listeners.ts'
import { type WantedListener, wantedListener } from './wanted-listener.ts'

/** A listener is made, then what it has, then nothing is left to do. */
const ROUNDS = 3

/** The listeners of one ALB instance that Tidegate makes, their rules and their certificates. */
export class AlbListening {
  readonly #alb: Alb
  readonly #about: About
  readonly #certificates: AlbCertificates

  constructor(alb: Alb, about: About) {
    this.#alb = alb
    this.#about = about
    this.#certificates = new AlbCertificates(alb, about)
  }

  /** `groups`: that of each pool. */
  async listen(
    { listeners }: BalancerSpec,
    groups: ReadonlyMap<string, string>,
    signal: AbortSignal,
  ): Promise<void> {
    const wanted: WantedListener[] = []
    for (const one of listeners) {
      const certificates = one.tls ? await this.#certificates.have(one.tls.certificates, signal) : []
      wanted.push(wantedListener(one, { groups, certificates }))
    }
    for (let round = 0; round < ROUNDS; round++) {
      const changes = await this.#changes(wanted, signal)
      if (changes.length === 0) break
      for (const change of changes) await this.#make(change, signal)
    }
    // The former ones go last: no listener shows them any more.
    if (listeners.some(({ tls }) => tls))
      await this.#certificates.tidy(
        wanted.flatMap(({ certificates }) => certificates),
        signal,
      )
  }

  async holds(
    { listeners }: BalancerSpec,
    groups: ReadonlyMap<string, string>,
    signal: AbortSignal,
  ): Promise<boolean> {
    const wanted: WantedListener[] = []
    for (const one of listeners) {
      const certificates = await this.#found(one, signal)
      if (certificates === null) return false
      wanted.push(wantedListener(one, { groups, certificates }))
    }
    return (await this.#changes(wanted, signal)).length === 0
  }

  async #found({ tls }: ListenerSpec, signal: AbortSignal): Promise<readonly string[] | null> {
    return tls ? await this.#certificates.find(tls.certificates, signal) : []
  }

  async #changes(wanted: readonly WantedListener[], signal: AbortSignal): Promise<readonly ListenerChange[]> {
    return planListeners(wanted, await seeListeners(this.#alb, this.#about, signal), this.#about)
  }

  async #make(change: ListenerChange, signal: AbortSignal): Promise<void> {
    const { loadBalancer } = this.#about
    await this.#alb.change(change, `${loadBalancer} cannot be configured (${change.action})`, signal)
  }
}
