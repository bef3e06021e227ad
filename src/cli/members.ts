import type { PoolStatus } from '../core/admin.ts'
import type { Member } from '../core/balancer.ts'
import type { Context } from './context.ts'

const LOOK_MS = 200
/** Loops act within a second; a gateway that is restarted meanwhile takes another. */
const LOOKS = 50

/** Looks until `isSo` of the server in every pool that has it; false when it is not within ten seconds. */
export async function isSoonSoOf(
  { client, clock, signal }: Context,
  server: string,
  isSo: (member: Member) => boolean,
): Promise<boolean> {
  for (let looks = 0; looks < LOOKS; looks++) {
    const { items } = await client.get<{ readonly items: readonly PoolStatus[] }>('/api/v1/pools')
    if (items.flatMap(({ members }) => members.filter(({ id }) => standsFor(server, id))).every(isSo))
      return true
    await clock.sleep(LOOK_MS, signal)
  }
  return false
}

/** A server that the file calls by a name has a member for each of its addresses. */
function standsFor(server: string, member: string): boolean {
  return member === server || member.startsWith(`${server}@`)
}
