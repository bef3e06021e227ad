import { isIP } from 'node:net'
import { type BalancerSpec, parseAddress } from '../../../core/balancer.ts'
import type { ConfigProblem } from '../../../core/driver.ts'

/** What of a specification CLB cannot do although it knows the key. */
export function clbRefuses({ pools }: BalancerSpec): readonly ConfigProblem[] {
  return pools.flatMap((pool) =>
    pool.servers.flatMap(({ address }, index) => {
      if (isIP(parseAddress(address)?.host ?? '') !== 0) return []
      const path = ['pools', pool.name, 'servers', index, 'address']
      return [
        { path, message: `CLB knows instances by their private addresses; expected one, got ${address}` },
      ]
    }),
  )
}
