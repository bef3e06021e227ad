import type { Context } from '../context.ts'
import { order, serverPath } from '../order.ts'

/** `tidegate ready SERVER`: takes `drain` back. */
export function ready(context: Context, server: string): Promise<number> {
  return order(
    context,
    { method: 'POST', path: serverPath(server, 'ready') },
    `${server} may serve again once its checks pass`,
  )
}
