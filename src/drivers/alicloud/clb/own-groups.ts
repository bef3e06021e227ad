import { failed, type Means, patiently, patientOutcome } from '../balancer/patience.ts'

/** What the cloud says of one that listeners or rules send to, for a while also after they are gone:
 *  https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-deletevservergroup */
const USED = ['RspoolVipExist', 'RspoolRuleExist']
const LINGERING_MS = 10_000
const AGAIN_MS = 1_000

interface About {
  readonly region: string
  readonly loadBalancer: string
}

interface Listed {
  readonly id: string
  readonly name: string
  /** How many it has. */
  readonly servers: number
}

/** The groups that Tidegate makes are known by their names. */
export function groupName(installation: string, pool: string): string {
  return `tidegate/${installation}/${pool}`
}

/** Its id; it is made when there is none of that name. An answer that was lost is no harm: the next look finds it. */
export async function ownGroup(
  means: Means,
  name: string,
  about: About,
  signal: AbortSignal,
): Promise<string> {
  const known = await groupNamed(means, name, about, signal)
  return known?.id ?? (await makeGroup(means, name, about, signal))
}

async function groupNamed(
  means: Means,
  name: string,
  { region, loadBalancer }: About,
  signal: AbortSignal,
): Promise<Listed | undefined> {
  const groups = await patiently(
    means,
    {
      product: 'slb',
      action: 'DescribeVServerGroups',
      query: { RegionId: region, LoadBalancerId: loadBalancer },
      read: (answer) =>
        answer
          .inside('VServerGroups')
          .list('VServerGroup')
          .map((group) => ({
            id: group.text('VServerGroupId'),
            name: group.text('VServerGroupName'),
            servers: group.number('ServerCount'),
          })),
    },
    `the server groups of ${loadBalancer} cannot be read`,
    signal,
  )
  return groups.find((group) => group.name === name)
}

async function makeGroup(
  means: Means,
  name: string,
  { region, loadBalancer }: About,
  signal: AbortSignal,
): Promise<string> {
  return await patiently(
    means,
    {
      product: 'slb',
      action: 'CreateVServerGroup',
      query: { RegionId: region, LoadBalancerId: loadBalancer, VServerGroupName: name },
      read: (answer) => answer.text('VServerGroupId'),
    },
    `a server group cannot be made in ${loadBalancer}`,
    signal,
  )
}

/** It stays while it has servers, for they are somebody else's, and while somebody else's listeners or rules send to it. */
export async function deleteOwnGroup(
  means: Means,
  name: string,
  about: About,
  signal: AbortSignal,
): Promise<void> {
  const group = await groupNamed(means, name, about, signal)
  if (group === undefined || group.servers > 0) return
  const { id } = group
  const query = { RegionId: about.region, VServerGroupId: id }
  const call = { product: 'slb', action: 'DeleteVServerGroup', query, read: () => null } as const
  const endAt = means.clock.now() + LINGERING_MS
  for (;;) {
    const outcome = await patientOutcome(means, call, signal)
    if (outcome.ok) return
    if (!USED.includes(outcome.fault.code)) throw failed(`server group ${id} cannot be deleted`, outcome)
    if (means.clock.now() >= endAt) return
    await means.clock.sleep(AGAIN_MS, signal)
  }
}
