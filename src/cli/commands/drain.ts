import type { Context } from '../context.ts'
import { order, serverPath } from '../order.ts'

/** `tidegate drain SERVER`: takes it out of every pool, until `ready`; what it holds it finishes. */
export function drain(context: Context, server: string): Promise<number> {
  return order(
    context,
    { method: 'POST', path: serverPath(server, 'drain') },
    `${server} gets no new requests; \`tidegate ready ${server}\` lets it serve again`,
  )
}
