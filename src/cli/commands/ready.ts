import type { Member } from '../../core/balancer.ts'
import type { Context } from '../context.ts'
import { isSoonSoOf } from '../members.ts'
import { order, serverPath } from '../order.ts'

/** `tidegate ready SERVER`: takes `drain` back. Ends when every pool shows it. */
export function ready(context: Context, server: string): Promise<number> {
  return order(context, { method: 'POST', path: serverPath(server, 'ready') }, async () =>
    (await isSoonSoOf(context, server, isReady))
      ? `${server} may serve again once its checks pass`
      : `${server} is to serve again, and some pool sends it nothing yet; \`tidegate status\` tells when that is over`,
  )
}

function isReady({ state, weight }: Member): boolean {
  return weight > 0 && state !== 'draining'
}
