import { BlockList } from 'node:net'
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
