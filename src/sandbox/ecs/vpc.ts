import type { Call, Done, Operations } from '../operation.ts'
import { pageByNumber } from '../paging.ts'
import { takenIn } from './addresses.ts'
import { ADDRESSES } from './state.ts'

function describeVSwitches({ world, region, given }: Call): Done {
  const zones = world.ecs.regions[region] ?? []
  const found = world.ecs.vSwitches.filter(
    ({ id, vpc, zone }) =>
      zones.includes(zone) &&
      (!given.has('VSwitchId') || given.text('VSwitchId') === id) &&
      (!given.has('VpcId') || given.text('VpcId') === vpc),
  )
  const { page, ...rest } = pageByNumber(found, given, { usual: 10, most: 50 })
  const switches = page.map(({ id, vpc, zone, prefix }) => ({
    VSwitchId: id,
    VpcId: vpc,
    ZoneId: zone,
    CidrBlock: `${prefix}.0/24`,
    AvailableIpAddressCount: ADDRESSES - takenIn(world, id).size,
    Status: 'Available',
  }))
  return { world, body: { ...rest, VSwitches: { VSwitch: switches } } }
}

export const VPC: Operations = {
  DescribeVSwitches: {
    parameters: { RegionId: 'text!', VpcId: 'text', VSwitchId: 'text', PageNumber: 'int', PageSize: 'int' },
    run: describeVSwitches,
  },
}
