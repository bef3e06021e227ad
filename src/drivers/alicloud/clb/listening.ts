import type { BalancerSpec } from '../../../core/balancer.ts'
import type { Certificates } from '../balancer/certificates.ts'
import { oursAmong } from '../balancer/ours-among.ts'
import type { Means } from '../balancer/patience.ts'
import { patiently } from '../balancer/patience.ts'
import { certificateFiles } from '../balancer/read-certificate.ts'
import { ClbCertificates, type Shown } from './certificates.ts'
import type { ListenerCall } from './listener-call.ts'
import { planListeners } from './plan-listeners.ts'
import { type About, seeListeners } from './see-listeners.ts'
import { type WantedListener, wantedListener } from './wanted-listener.ts'

interface Surroundings extends About {
  /** Of the balancer. */
  readonly name: string
  readonly adopts: boolean
}

/** The id of what they change says where that is. */
const BY_ID: ReadonlySet<string> = new Set([
  'SetRule',
  'DeleteRules',
  'SetDomainExtensionAttribute',
  'DeleteDomainExtension',
])

/** The listeners of one CLB instance that Tidegate makes, and their certificates. */
export class ClbListening {
  readonly #means: Means
  readonly #about: Surroundings
  readonly #certificates: ClbCertificates

  constructor(means: Means, about: Surroundings) {
    this.#means = means
    this.#about = about
    this.#certificates = new ClbCertificates(means, about.region, about)
  }

  async listen(spec: BalancerSpec, groups: ReadonlyMap<string, string>, signal: AbortSignal): Promise<void> {
    const certificates = await this.#certificates.have(certificateFiles(spec.listeners), signal)
    for (const call of await this.#changes(this.#wanted(spec, groups, certificates), certificates, signal))
      await this.#call(call, signal)
    // The former ones go last: no listener shows them any more.
    const kept = [...certificates.by.values()].flatMap(({ certificate, domains }) => [
      certificate,
      ...domains.map((one) => one.certificate),
    ])
    await this.#certificates.tidy(kept, signal)
  }

  async holds(
    spec: BalancerSpec,
    groups: ReadonlyMap<string, string>,
    signal: AbortSignal,
  ): Promise<boolean> {
    const certificates = await this.#certificates.find(certificateFiles(spec.listeners), signal)
    if (certificates === null) return false
    const wanted = this.#wanted(spec, groups, certificates)
    return (await this.#changes(wanted, certificates, signal)).length === 0
  }

  #wanted(
    { listeners, pools }: BalancerSpec,
    groups: ReadonlyMap<string, string>,
    { by }: Certificates<Shown>,
  ): readonly WantedListener[] {
    const { installation } = this.#about
    const byName = new Map(pools.map((pool) => [pool.name, pool]))
    return listeners.map((listener) =>
      wantedListener(listener, {
        installation,
        pools: byName,
        groups,
        shown: by.get(listener.name) ?? null,
      }),
    )
  }

  async #changes(
    wanted: readonly WantedListener[],
    { uploaded }: Certificates<unknown>,
    signal: AbortSignal,
  ): Promise<readonly ListenerCall[]> {
    const names = [...new Set(wanted.flatMap(({ settings }) => Object.keys(settings)))]
    const isOurs = oursAmong(wanted, this.#about)
    const seen = await seeListeners(this.#means, this.#about, { names, isOurs }, signal)
    return planListeners(wanted, seen, { ...this.#about, uploaded })
  }

  async #call({ action, query }: ListenerCall, signal: AbortSignal): Promise<void> {
    const { region, loadBalancer } = this.#about
    const where = BY_ID.has(action) ? {} : { LoadBalancerId: loadBalancer }
    await patiently(
      this.#means,
      { product: 'slb', action, query: { RegionId: region, ...where, ...query }, read: () => null },
      `${loadBalancer} cannot be configured (${action})`,
      signal,
    )
  }
}
