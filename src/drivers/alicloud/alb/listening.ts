import type { BalancerSpec, ListenerSpec } from '../../../core/balancer.ts'
import { certificateFiles } from '../balancer/read-certificate.ts'
import type { Alb } from './alb.ts'
import { AlbCertificates, type CertificatesOf } from './certificates.ts'
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

  /** `name`: of the balancer. */
  constructor(alb: Alb, about: About & { readonly name: string }) {
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
    const certificates = await this.#certificates.have(certificateFiles(listeners), signal)
    const wanted = wantedOf(listeners, groups, certificates)
    for (let round = 0; round < ROUNDS; round++) {
      const changes = await this.#changes(wanted, signal)
      if (changes.length === 0) break
      for (const change of changes) await this.#make(change, signal)
    }
    // The former ones go last: no listener shows them any more.
    await this.#certificates.tidy([...certificates.values()].flat(), signal)
  }

  async holds(
    { listeners }: BalancerSpec,
    groups: ReadonlyMap<string, string>,
    signal: AbortSignal,
  ): Promise<boolean> {
    const certificates = await this.#certificates.find(certificateFiles(listeners), signal)
    if (certificates === null) return false
    return (await this.#changes(wantedOf(listeners, groups, certificates), signal)).length === 0
  }

  async #changes(wanted: readonly WantedListener[], signal: AbortSignal): Promise<readonly ListenerChange[]> {
    return planListeners(wanted, await seeListeners(this.#alb, this.#about, signal), this.#about)
  }

  async #make(change: ListenerChange, signal: AbortSignal): Promise<void> {
    const { loadBalancer } = this.#about
    await this.#alb.change(change, `${loadBalancer} cannot be configured (${change.action})`, signal)
  }
}

function wantedOf(
  listeners: readonly ListenerSpec[],
  groups: ReadonlyMap<string, string>,
  certificates: CertificatesOf,
): readonly WantedListener[] {
  return listeners.map((one) =>
    wantedListener(one, { groups, certificates: certificates.get(one.name) ?? [] }),
  )
}
