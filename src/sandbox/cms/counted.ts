import type { Millis } from '../../core/time.ts'
import { type World, withEntry } from '../world.ts'
import { BEIJING_MS } from './times.ts'

/** The world in which the account has asked once more, and whether that was one of the free calls. */
export function counted(world: World, account: string, now: Millis): { world: World; isFree: boolean } {
  const month = new Date(now + BEIJING_MS).toISOString().slice(0, 7)
  const before = world.cms.usage.get(account)
  const calls = before?.month === month ? before.calls + 1 : 1
  const usage = withEntry(world.cms.usage, account, { month, calls })
  return { world: { ...world, cms: { ...world.cms, usage } }, isFree: calls <= world.cms.freeCalls }
}
