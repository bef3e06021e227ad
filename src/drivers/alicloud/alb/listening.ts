import type { BalancerSpec, ListenerSpec } from '../../../core/balancer.ts'
import type { Certificates } from '../balancer/certificates.ts'
import { oursAmong } from '../balancer/ours-among.ts'
import { certificateFiles } from '../balancer/read-certificate.ts'
import type { Alb } from './alb.ts'
import { AlbCertificates } from './certificates.ts'
import type { ListenerChange } from './listener-change.ts'
import { planListeners } from './plan-listeners.ts'
import { type About, seeListeners } from './see-listeners.ts'
import { type WantedListener, wantedListener } from './wanted-listener.ts'

interface Surroundings extends About {
  /** Of the balancer. */
  readonly name: string
  readonly region: string
  readonly adopts: boolean
}

/** A listener is made, then what it has, then nothing is left to do. */
const ROUNDS = 3

/** The listeners of one ALB instance that Tidegate makes, their rules and their certificates. */
export class AlbListening {
  readonly #alb: Alb
  readonly #about: Surroundings
  readonly #certificates: AlbCertificates

  constructor(alb: Alb, about: Surroundings) {
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
      const changes = await this.#changes(wanted, certificates, signal)
      if (changes.length === 0) break
      for (const change of changes) await this.#make(change, signal)
    }
    // The former ones go last: no listener shows them any more.
    await this.#certificates.tidy([...certificates.by.values()].flat(), signal)
  }

  async holds(
    { listeners }: BalancerSpec,
    groups: ReadonlyMap<string, string>,
    signal: AbortSignal,
  ): Promise<boolean> {
    const certificates = await this.#certificates.find(certificateFiles(listeners), signal)
    if (certificates === null) return false
    const wanted = wantedOf(listeners, groups, certificates)
    return (await this.#changes(wanted, certificates, signal)).length === 0
  }

  async #changes(
    wanted: readonly WantedListener[],
    { uploaded }: Certificates<unknown>,
    signal: AbortSignal,
  ): Promise<readonly ListenerChange[]> {
    const isOurs = oursAmong(wanted, this.#about)
    const seen = await seeListeners(this.#alb, this.#about, isOurs, signal)
    return planListeners(wanted, seen, { ...this.#about, uploaded })
  }

  async #make(change: ListenerChange, signal: AbortSignal): Promise<void> {
    const { loadBalancer } = this.#about
    const doing = `${loadBalancer} cannot be configured (${change.action})`
    if (change.isAtOnce) await this.#alb.call(change, () => null, doing, signal)
    else await this.#alb.change(change, doing, signal)
  }
}

function wantedOf(
  listeners: readonly ListenerSpec[],
  groups: ReadonlyMap<string, string>,
  { by }: Certificates<readonly string[]>,
): readonly WantedListener[] {
  return listeners.map((one) => wantedListener(one, { groups, certificates: by.get(one.name) ?? [] }))
}
