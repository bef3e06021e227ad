import { isIP } from 'node:net'
import { type MemberSpec, parseAddress } from '../../../core/balancer.ts'
import { Fault } from '../../../core/fault.ts'
import { JsonText } from '../client/parameters.ts'
import type { Place } from './backend.ts'
import { type Means, patiently } from './patience.ts'

/** Where CLB and groups of instances find a member: by the id of its instance, which is that of a fleet's server, or by the private
 *  address of one. Throws Fault. */
export async function instanceAt(
  means: Means,
  { id, address }: MemberSpec,
  region: string,
  signal: AbortSignal,
): Promise<Place> {
  const { host, port } = parseAddress(address) ?? { host: '', port: 0 }
  if (/^i-\w+$/.test(id)) return { server: id, ip: host, port }
  if (isIP(host) === 0) throw nobody(address, 'is no address')
  const found = await patiently(
    means,
    {
      product: 'ecs',
      action: 'DescribeInstances',
      query: { RegionId: region, InstanceNetworkType: 'vpc', PrivateIpAddresses: new JsonText([host]) },
      read: (answer) =>
        answer
          .inside('Instances')
          .list('Instance')
          .map((instance) => instance.text('InstanceId')),
    },
    `the instance at ${host} cannot be looked up`,
    signal,
  )
  const [server, other] = found
  if (server === undefined) throw nobody(address, `is no instance in ${region}`)
  if (other !== undefined) throw nobody(address, `is in several networks: ${found.join(', ')}`)
  return { server, ip: host, port }
}

function nobody(address: string, why: string): Fault {
  return new Fault(
    'balancer.refused',
    `${address} ${why}; a server of this balancer is an instance of the region`,
    {
      source: 'user',
      retry: 'no',
    },
  )
}
