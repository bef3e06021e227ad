import { BlockList } from 'node:net'
import { Fault } from '../../../core/fault.ts'
import { patiently } from '../balancer/patience.ts'
import type { Alb } from './alb.ts'

const PAGE = 50

/** The networks of the vSwitches of a VPC. An address outside of them is remote: of another VPC, or of a data centre. */
export async function networksOf(
  alb: Alb,
  { region, vpc }: { readonly region: string; readonly vpc: string },
  signal: AbortSignal,
): Promise<BlockList> {
  const networks = new BlockList()
  let [page, pages] = [1, 1]
  for (; page <= pages; page++) {
    const { total, blocks } = await patiently(
      alb.means,
      {
        product: 'vpc',
        action: 'DescribeVSwitches',
        query: { RegionId: region, VpcId: vpc, PageNumber: page, PageSize: PAGE },
        read: (answer) => ({
          total: answer.number('TotalCount'),
          blocks: answer
            .inside('VSwitches')
            .list('VSwitch')
            .map((one) => one.text('CidrBlock')),
        }),
      },
      `the networks of ${vpc} cannot be read`,
      signal,
    )
    pages = Math.ceil(total / PAGE)
    for (const block of blocks) {
      const [address, bits] = block.split('/')
      networks.addSubnet(address!, Number(bits))
    }
  }
  return networks
}

export function isRemote(address: string, networks: BlockList): boolean {
  return !networks.check(address)
}

/** The zones of these vSwitches, as CreateLoadBalancer takes them. Throws Fault, of ids that there are not too. */
export async function zoneMappings(
  alb: Alb,
  { region, vswitches }: { readonly region: string; readonly vswitches: readonly string[] },
  signal: AbortSignal,
) {
  const found = await Promise.all(vswitches.map((id) => vSwitch(alb, { region, id }, signal)))
  return {
    VpcId: found[0]!.vpc,
    ZoneMappings: found.map(({ zone }, nth) => ({ ZoneId: zone, VSwitchId: vswitches[nth]! })),
  }
}

async function vSwitch(
  alb: Alb,
  { region, id }: { readonly region: string; readonly id: string },
  signal: AbortSignal,
): Promise<{ readonly zone: string; readonly vpc: string }> {
  const [found] = await patiently(
    alb.means,
    {
      product: 'vpc',
      action: 'DescribeVSwitches',
      query: { RegionId: region, VSwitchId: id },
      read: (answer) =>
        answer
          .inside('VSwitches')
          .list('VSwitch')
          .map((one) => ({ zone: one.text('ZoneId'), vpc: one.text('VpcId') })),
    },
    `vSwitch ${id} cannot be read`,
    signal,
  )
  if (found) return found
  const message = `there is no vSwitch ${id} in this region`
  throw new Fault('balancer.refused', message, { source: 'user', retry: 'no' })
}
