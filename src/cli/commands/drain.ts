import type { PoolStatus } from '../../core/admin.ts'
import type { Context } from '../context.ts'
import { order, serverPath } from '../order.ts'

const LOOK_MS = 200
/** Loops act within a second; a gateway that is restarted meanwhile takes another. */
const LOOKS = 50

/** `tidegate drain SERVER`: takes it out of every pool, until `ready`; what it holds it finishes. Ends when every pool shows it, so that
 *  whoever waits for that may rely on it. */
export async function drain(context: Context, server: string): Promise<number> {
  const isOver = async () => {
    for (let looks = 0; looks < LOOKS; looks++) {
      if (await isDrained(context, server)) return true
      await context.clock.sleep(LOOK_MS, context.signal)
    }
    return false
  }
  return order(context, { method: 'POST', path: serverPath(server, 'drain') }, async () =>
    (await isOver())
      ? `${server} gets no new requests; \`tidegate ready ${server}\` lets it serve again`
      : `${server} is to be drained, and still takes requests; \`tidegate status\` tells when that is over`,
  )
}

/** A server that the file calls by a name has a member for each of its addresses. */
async function isDrained({ client }: Context, server: string): Promise<boolean> {
  const { items } = await client.get<{ readonly items: readonly PoolStatus[] }>('/api/v1/pools')
  const members = items.flatMap((pool) => pool.members)
  const its = members.filter(({ id }) => id === server || id.startsWith(`${server}@`))
  return its.every(({ effectiveWeight }) => effectiveWeight === 0)
}
