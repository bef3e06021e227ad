import type { Context } from '../context.ts'
import { order } from '../order.ts'

/** `tidegate reload`: the running Tidegate loads its configuration anew; a bad one is refused and the old one stays. */
export function reload(context: Context): Promise<number> {
  return order(context, { method: 'POST', path: '/api/v1/reload' }, 'the configuration is loaded')
}
