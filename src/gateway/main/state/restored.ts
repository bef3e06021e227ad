import type { BalancerSpec } from '../../../core/balancer.ts'
import { configured, EMPTY, type Enrol, type Roster, type ServersOf, withMembers } from '../members/roster.ts'
import type { Saved } from './disk.ts'

/** What was served when it was written down: members that served then are taken to be fit until their first checks say otherwise. */
export function rosterOf(
  { spec, members }: Pick<Saved, 'members'> & { readonly spec: BalancerSpec },
  about: { readonly enrol: (served: boolean) => Enrol; readonly serversOf: ServersOf },
): Roster {
  const known = new Set(members.filter((member) => member.served).map(keyOf))
  const enrol: Enrol = (pool, member) => about.enrol(known.has(keyOf({ ...member, pool })))(pool, member)
  let roster = configured(EMPTY, spec, enrol, about.serversOf)
  for (const [pool, its] of Map.groupBy(members, (member) => member.pool)) {
    const wanted = its.map(({ id, address, weight }) => ({ id, address, weight }))
    roster = withMembers(roster, pool, wanted, enrol)
  }
  return roster
}

function keyOf(member: { pool: string; id: string; address: string }): string {
  return `${member.pool}\n${member.id}\n${member.address}`
}
