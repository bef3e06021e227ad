import type { Member } from '../../core/balancer.ts'
import type { Context } from '../context.ts'
import { isSoonSoOf } from '../members.ts'
import { order, serverPath } from '../order.ts'

/** `tidegate drain SERVER`: takes it out of every pool, until `ready`; what it holds it finishes. Ends when every pool shows it, so that
 *  whoever waits for that may rely on it. */
export function drain(context: Context, server: string): Promise<number> {
  return order(context, { method: 'POST', path: serverPath(server, 'drain') }, async () =>
    (await isSoonSoOf(context, server, isDrained))
      ? `${server} gets no new requests; \`tidegate ready ${server}\` lets it serve again`
      : `${server} is to be drained, and some pool may still send it requests; \`tidegate status\` tells when that is over`,
  )
}

/** One that only fails its checks gets nothing either, but may at any moment. */
function isDrained({ state, weight, effectiveWeight }: Member): boolean {
  return state === 'gone' || (weight === 0 && effectiveWeight === 0)
}
