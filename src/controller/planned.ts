import type { ServerView } from '../core/scaling.ts'
import type { Step } from '../core/step.ts'

/** A step, and who asked for it. */
export interface Planned {
  readonly step: Step
  /** The policy, order or guard that changes the number of servers; `upkeep` when the number stays. */
  readonly by: string
  /** True when it is part of a change of the number of servers. */
  readonly change: boolean
}

/** A wish for one member of one pool, before those of a pool are gathered into one step. */
export interface PutWish {
  readonly pool: string
  readonly server: ServerView
  readonly weight: number
  readonly why: 'admit' | 'drain' | 'resume'
  readonly by: string
  readonly change: boolean
}

/** One step a pool and reason. */
export function gatherPuts(wishes: readonly PutWish[]): readonly Planned[] {
  const groups = Map.groupBy(wishes, (wish) => `${wish.pool} ${wish.why} ${wish.by}`)
  return [...groups.values()].map((group) => {
    const { pool, why, by, change } = group[0]!
    const members = group.map(({ server, weight }) => ({
      id: server.id,
      address: server.members[pool]?.address ?? server.address ?? '',
      weight,
    }))
    return { step: { kind: 'put', why, pool, members }, by, change }
  })
}
