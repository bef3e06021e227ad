import { type Means, patiently } from '../balancer/patience.ts'

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
  return `tidegate:${installation}:${pool}`
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

/** It stays while it has servers: they are somebody else's. */
export async function deleteOwnGroup(
  means: Means,
  name: string,
  about: About,
  signal: AbortSignal,
): Promise<void> {
  const group = await groupNamed(means, name, about, signal)
  if (group === undefined || group.servers > 0) return
  const { id } = group
  await patiently(
    means,
    {
      product: 'slb',
      action: 'DeleteVServerGroup',
      query: { RegionId: about.region, VServerGroupId: id },
      read: () => null,
    },
    `server group ${id} cannot be deleted`,
    signal,
  )
}
