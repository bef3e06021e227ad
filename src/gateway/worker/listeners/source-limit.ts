import type { Context } from '../context.ts'
import type { Listener } from './listener.ts'

/** Of a connection that no limit counts. */
export const UNCOUNTED = (): void => {}

/** Counts one connection more of a source; gives what ends that. Null = it has as many as it may. */
export function countSource(ctx: Context, listener: Listener, address: string): (() => void) | null {
  const most = listener.limits.connectionsPerSource
  if (most === undefined || listener.trust?.trusts(address)) return UNCOUNTED
  return ctx.sources.enter(listener.slot, address, most)
}
