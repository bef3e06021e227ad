import type { Balancer, BalancerSpec } from '../../src/core/balancer.ts'
import { canonical } from '../../src/core/canonical.ts'
import { hash64 } from '../../src/core/hash.ts'
import { checked, listener } from './shop.ts'

/** What the cloud checks is what a listener sends to: every pool gets one. */
export function heard(balancer: Balancer): Balancer {
  const withListeners = (spec: BalancerSpec): BalancerSpec => ({
    ...spec,
    listeners: spec.pools.map(({ name }, nth) => listener(name, 8001 + nth)),
    pools: spec.pools.map(checked),
  })
  const hashes = new Map<string, string>()
  return {
    ...balancer,
    async status(signal) {
      const status = await balancer.status(signal)
      return { ...status, specHash: hashes.get(status.specHash ?? '') ?? null }
    },
    async configure(spec, signal) {
      const sent = withListeners(spec)
      hashes.set(hash64(canonical(sent as never)), hash64(canonical(spec as never)))
      await balancer.configure(sent, signal)
    },
  }
}
