import { beforeEach, expect, test } from 'vitest'
import { Cloud, START } from '../../../test/kit/cloud.ts'
import { bill } from '../bill.ts'
import type { FaultRule } from '../fault-rule.ts'
import { SAMPLE_KEY, sampleWorld } from '../sample.ts'
import { withEcs } from './instances.ts'

const LAUNCH = {
  ImageId: 'sandbox-image',
  InstanceType: 'ecs.g7.large',
  VSwitchId: 'vsw-sandbox-h',
  SecurityGroupId: 'sg-sandbox',
}
const HALF_AN_HOUR = 30 * 60_000

let cloud: Cloud
beforeEach(() => {
  cloud = new Cloud()
})

function run(over: Record<string, unknown> = {}): readonly string[] {
  return cloud.ask('ecs', 'RunInstances', { ...LAUNCH, ...over } as never).InstanceIdSets.InstanceIdSet
}

function codeOf(action: string, query: object): string {
  return cloud.ask('ecs', action, query as never).Code
}

function listed(query: object = {}) {
  return cloud.ask('ecs', 'DescribeInstances', { MaxResults: 100, ...query } as never).Instances.Instance
}

function statuses(): readonly string[] {
  return listed().map(({ Status }: { Status: string }) => Status)
}

function troubled(fault: FaultRule['fault']): void {
  cloud = new Cloud({
    ...sampleWorld(),
    faults: [{ id: 'f', fault, share: 1, untilAt: START + 10 * HALF_AN_HOUR }],
  })
}

test('an instance is seen after a moment, and runs after a while', async () => {
  run({ Amount: 20, Tag: [{ Key: 'owner', Value: 'me' }] })
  expect(listed().length).toBeLessThan(20)
  await cloud.advance(3_000)
  expect(listed({ Tag: [{ Key: 'owner', Value: 'me' }] })).toHaveLength(20)
  expect(listed({ Tag: [{ Key: 'owner', Value: 'you' }] })).toHaveLength(0)
  expect(listed()[0]).toMatchObject({ Status: 'Pending', Memory: 8192, CreationTime: '2026-01-05T08:00Z' })
  await cloud.advance(3_000)
  expect(listed({ Status: 'Starting' })).toHaveLength(20)
  await cloud.advance(20_000)
  expect(listed({ Status: 'Running' })).toHaveLength(20)
  const addresses = listed().map((one: { VpcAttributes: unknown }) => JSON.stringify(one.VpcAttributes))
  expect(new Set(addresses).size).toBe(20)
})

test('lists go page by page, both ways', async () => {
  const ids = run({ Amount: 25 })
  await cloud.advance(3_000)
  const first = cloud.ask('ecs', 'DescribeInstances', { MaxResults: 20 })
  const second = cloud.ask('ecs', 'DescribeInstances', { MaxResults: 20, NextToken: first.NextToken })
  const byToken = [...first.Instances.Instance, ...second.Instances.Instance]
  expect(byToken.map(({ InstanceId }) => InstanceId)).toEqual(ids)
  expect(second.NextToken).toBe('')
  const third = cloud.ask('ecs', 'DescribeInstanceStatus', { PageNumber: 3, PageSize: 10 })
  expect(third).toMatchObject({ TotalCount: 25, PageNumber: 3 })
  expect(third.InstanceStatuses.InstanceStatus).toHaveLength(5)
  expect(codeOf('DescribeInstances', { MaxResults: 101 })).toBe('InvalidParameter.MaxResults')
  expect(codeOf('DescribeInstances', { NextToken: 'of another list' })).toBe('InvalidParameter.NextToken')
})

test('names of instances select, as JSON in one text', async () => {
  const [first, second] = run({ Amount: 3 })
  await cloud.advance(3_000)
  expect(listed({ InstanceIds: JSON.stringify([second, first, 'i-none']) })).toHaveLength(2)
  expect(codeOf('DescribeInstances', { InstanceIds: 'i-1' })).toBe('InvalidParameter.InstanceIds')
})

test.each([
  [{ InstanceType: 'ecs.none' }, 'InvalidInstanceType.ValueNotSupported'],
  [{ InstanceType: undefined }, 'MissingParameter'],
  [{ ImageId: 'none' }, 'InvalidImageId.NotFound'],
  [{ VSwitchId: 'vsw-none' }, 'InvalidVSwitchId.NotFound'],
  [{ SecurityGroupId: 'sg-none' }, 'InvalidSecurityGroupId.NotFound'],
  [{ RegionId: 'cn-none' }, 'InvalidRegionId.NotFound'],
  [{ Amount: 101 }, 'InvalidMaxAmount.Malformed'],
  [{ Amount: 2, MinAmount: 3 }, 'InvalidMinAmount.Malformed'],
  [{ SpotStrategy: 'SpotWithPriceLimit', SpotPriceLimit: 0.1 }, 'InvalidSpotPriceLimit.LowerThanPublicPrice'],
  [{ AutoReleaseTime: '2026-01-05T08:29:00Z' }, 'InvalidAutoReleaseTime.Malformed'],
  [{ Tag: [{ Key: 'acs:x', Value: '' }] }, 'InvalidTagKey.Malformed'],
  [{ LaunchTemplateId: 'lt-none' }, 'InvalidLaunchTemplate.NotFound'],
  [{ ClientToken: 'x'.repeat(65) }, 'InvalidClientToken.ValueNotSupported'],
])('refuses a launch with %o as %s', (over, code) => {
  expect(codeOf('RunInstances', { ...LAUNCH, ...over })).toBe(code)
})

test('a security group of another network does not fit', () => {
  const { world } = cloud
  const securityGroups = [...world.ecs.securityGroups, { id: 'sg-far', vpc: 'vpc-far', rules: [] }]
  cloud.world = withEcs(world, { securityGroups })
  expect(codeOf('RunInstances', { ...LAUNCH, SecurityGroupId: 'sg-far' })).toBe('InvalidParameter.Conflict')
})

test('a launch template gives what the call leaves out', () => {
  const versions = [{ ...LAUNCH, InstanceType: 'ecs.c7.large' }, LAUNCH]
  cloud.world = withEcs(cloud.world, { launchTemplates: [{ id: 'lt-1', name: 'web', versions }] })
  run({
    ...Object.fromEntries(Object.keys(LAUNCH).map((name) => [name, undefined])),
    LaunchTemplateId: 'lt-1',
  })
  run({ InstanceType: undefined, LaunchTemplateName: 'web', LaunchTemplateVersion: 1 })
  expect([...cloud.world.ecs.instances.values()].map(({ type }) => type)).toEqual([
    'ecs.g7.large',
    'ecs.c7.large',
  ])
})

test('what is short is refused, or given in part where that is allowed', () => {
  cloud.world = withEcs(cloud.world, { stock: new Map([['cn-hangzhou-h ecs.g7.large', 3]]) })
  expect(codeOf('RunInstances', { ...LAUNCH, Amount: 5 })).toBe('OperationDenied.NoStock')
  expect(run({ Amount: 5, MinAmount: 1 })).toHaveLength(3)
  expect(codeOf('RunInstances', { ...LAUNCH })).toBe('OperationDenied.NoStock')
  expect(run({ VSwitchId: 'vsw-sandbox-i' })).toHaveLength(1)
})

test('reserved capacity is taken by whoever names it, or before the rest, and is there again', async () => {
  const pool = (id: string, total: number, matching: 'Open' | 'Target' = 'Open') => {
    const { account } = SAMPLE_KEY
    return { id, account, type: 'ecs.g7.large', zone: 'cn-hangzhou-h', matching, total }
  }
  const stock = new Map([['cn-hangzhou-h ecs.g7.large', 2]])
  cloud.world = withEcs(cloud.world, {
    stock,
    privatePools: [pool('crp-1', 2), pool('eap-1', 1), pool('eap-2', 1, 'Target')],
  })
  const named = (Id: string) => ({ PrivatePoolOptions: { MatchCriteria: 'Target', Id } })
  const open = { PrivatePoolOptions: { MatchCriteria: 'Open' } }
  const [first] = run(named('crp-1'))
  const unavailable = 'InvalidParameter.PrivatePoolOptions.Id'
  expect(codeOf('RunInstances', { ...LAUNCH, ...named('crp-1'), Amount: 2 })).toBe(unavailable)
  expect(codeOf('RunInstances', { ...LAUNCH, ...named('crp-2') })).toBe(unavailable)
  expect(codeOf('RunInstances', { ...LAUNCH, ...named('crp-1'), VSwitchId: 'vsw-sandbox-i' })).toBe(
    unavailable,
  )
  expect(run({ ...open, Amount: 5, MinAmount: 1 })).toHaveLength(4)
  expect(codeOf('RunInstances', { ...LAUNCH, ...open })).toBe('OperationDenied.NoStock')
  expect(run(named('eap-2'))).toHaveLength(1)
  const usage = () => {
    const { CapacityReservationSet } = cloud.ask('ecs', 'DescribeCapacityReservations')
    const [item] = CapacityReservationSet.CapacityReservationItem
    return [item.PrivatePoolOptionsId, item.AllocatedResources.AllocatedResource[0].UsedAmount]
  }
  expect(usage()).toEqual(['crp-1', 2])
  await cloud.advance(30_000)
  cloud.ask('ecs', 'DeleteInstances', { InstanceId: [first!], Force: true })
  expect(usage()).toEqual(['crp-1', 1])
  expect(cloud.world.ecs.stock).toEqual(new Map([['cn-hangzhou-h ecs.g7.large', 0]]))
})

test('the addresses of a network and the quota of an account end', () => {
  for (let nth = 0; nth < 2; nth++) run({ Amount: 100 })
  expect(run({ Amount: 100, MinAmount: 1 })).toHaveLength(52)
  expect(codeOf('RunInstances', LAUNCH)).toBe('InvalidVSwitchId.IpNotEnough')
  cloud.world = withEcs(cloud.world, { quota: 2 * 253 })
  expect(run({ VSwitchId: 'vsw-sandbox-i', Amount: 5, MinAmount: 1 })).toHaveLength(1)
  expect(codeOf('RunInstances', { ...LAUNCH, VSwitchId: 'vsw-sandbox-i' })).toBe('QuotaExceed.ElasticQuota')
})

test('stops, starts and deletes', async () => {
  const [id] = run()
  expect(codeOf('DeleteInstances', { InstanceId: [id], Force: true })).toBe(
    'IncorrectInstanceStatus.Initializing',
  )
  await cloud.advance(30_000)
  expect(codeOf('DeleteInstances', { InstanceId: [id] })).toBe('IncorrectInstanceStatus')
  cloud.ask('ecs', 'StopInstances', { InstanceId: [id!] })
  expect(codeOf('StartInstances', { InstanceId: [id] })).toBe('IncorrectInstanceStatus')
  await cloud.advance(10_000)
  expect(listed()[0]).toMatchObject({ Status: 'Stopped', StoppedMode: 'KeepCharging' })
  cloud.ask('ecs', 'StartInstances', { InstanceId: [id!] })
  await cloud.advance(20_000)
  expect(listed()[0]).toMatchObject({ Status: 'Running' })
  expect(codeOf('DeleteInstances', { InstanceId: [id], Force: true })).toBeUndefined()
  expect(listed()).toEqual([])
  expect(codeOf('DeleteInstances', { InstanceId: [id] })).toBe('InvalidInstanceId.NotFound')
})

test('one is deleted by an operation of its own', async () => {
  const [id] = run()
  await cloud.advance(30_000)
  expect(codeOf('DeleteInstance', { InstanceId: id })).toBe('IncorrectInstanceStatus')
  expect(codeOf('DeleteInstance', { InstanceId: 'i-none', Force: true })).toBe('InvalidInstanceId.NotFound')
  expect(codeOf('DeleteInstance', { InstanceId: id, Force: true, DryRun: true })).toBe('DRYRUN.SUCCESS')
  expect(codeOf('DeleteInstance', { InstanceId: id, Force: true })).toBeUndefined()
  expect(listed()).toEqual([])
})

test.each([
  ['ecs', 'DescribeInstances', {}],
  ['ecs', 'DescribeSecurityGroups', {}],
  ['vpc', 'DescribeVSwitches', {}],
] as const)('a region that there is not is refused by %s %s', (product, action, query) => {
  expect(cloud.ask(product, action, { ...query, RegionId: 'cn-nowhere' }).Code).toBe(
    'InvalidRegionId.NotFound',
  )
})

test('of several, all or none are changed, or those that can be', async () => {
  const [first] = run()
  await cloud.advance(30_000)
  const [second] = run()
  const both = { InstanceId: [first, second] }
  expect(codeOf('StopInstances', both)).toBe('IncorrectInstanceStatus')
  expect(cloud.world.ecs.instances.get(first!)!.status).toBe('Running')
  const { InstanceResponses } = cloud.ask('ecs', 'StopInstances', {
    ...both,
    BatchOptimization: 'SuccessFirst',
  } as never)
  expect(InstanceResponses.InstanceResponse).toMatchObject([{ Code: '200' }, { Code: '403' }])
})

test('protection holds against deletion', async () => {
  const [id] = run({ DeletionProtection: true })
  await cloud.advance(30_000)
  expect(codeOf('DeleteInstances', { InstanceId: [id], Force: true })).toBe(
    'InvalidOperation.DeletionProtection',
  )
})

test('releases itself at its time, unless that is taken back', async () => {
  const at = new Date(START + HALF_AN_HOUR).toISOString().replace('.000', '')
  const [kept] = run({ AutoReleaseTime: at })
  run({ AutoReleaseTime: at })
  cloud.ask('ecs', 'ModifyInstanceAutoReleaseTime', { InstanceId: kept! })
  await cloud.advance(HALF_AN_HOUR)
  expect(listed().map(({ InstanceId }: { InstanceId: string }) => InstanceId)).toEqual([kept])
})

test('tags come and go', async () => {
  const [id] = run({ Tag: [{ Key: 'a', Value: '1' }] })
  await cloud.advance(3_000)
  const about = { ResourceType: 'instance', ResourceId: [id!] }
  cloud.ask('ecs', 'TagResources', { ...about, Tag: [{ Key: 'b', Value: '2' }] })
  cloud.ask('ecs', 'UntagResources', { ...about, TagKey: ['a'] })
  expect(listed()[0].Tags.Tag).toEqual([{ TagKey: 'b', TagValue: '2' }])
})

test('the bill runs by the second, and rests while a stopped one costs nothing', async () => {
  const [id] = run({ Tag: [{ Key: 'fleet', Value: 'web' }] })
  run({ SpotStrategy: 'SpotAsPriceGo' })
  await cloud.advance(3_600_000)
  const running = bill(cloud.world, 'fleet', cloud.clock.now())
  expect([running.web!.toFixed(9), running['']!.toFixed(9)]).toEqual(['0.680000000', '0.110000000'])
  cloud.ask('ecs', 'StopInstances', { InstanceId: [id!], StoppedMode: 'StopCharging' })
  await cloud.advance(10_000 + 3_600_000)
  const stopped = bill(cloud.world, 'fleet', cloud.clock.now())
  expect(stopped.web).toBeCloseTo(0.68 + (0.68 * 10) / 3600, 9)
  cloud.ask('ecs', 'DeleteInstances', { InstanceId: [id!] })
  await cloud.advance(3_600_000)
  expect(bill(cloud.world, 'fleet', cloud.clock.now()).web).toBeCloseTo(stopped.web!, 9)
})

test('an instance that dies was sold all the same', async () => {
  troubled({ kind: 'dies' })
  const [id] = run()
  await cloud.advance(30_000)
  expect(listed()).toEqual([])
  const events = cloud.ask('ecs', 'DescribeInstanceHistoryEvents', { InstanceId: id! })
  expect(events.InstanceSystemEventSet.InstanceSystemEventType).toMatchObject([
    { InstanceId: id, EventType: { Name: 'SystemFailure.Delete' } },
  ])
})

test('faults take stock and zones away', async () => {
  troubled({ kind: 'no-stock', zone: 'cn-hangzhou-h' })
  expect(codeOf('RunInstances', LAUNCH)).toBe('OperationDenied.NoStock')
  expect(run({ VSwitchId: 'vsw-sandbox-i' })).toHaveLength(1)
  const { AvailableZones } = cloud.ask('ecs', 'DescribeAvailableResource', {
    DestinationResource: 'InstanceType',
  })
  const [resources] = AvailableZones.AvailableZone[0].AvailableResources.AvailableResource
  expect(resources.SupportedResources.SupportedResource[0].StatusCategory).toBe('WithoutStock')
  troubled({ kind: 'zone-down', zone: 'cn-hangzhou-h' })
  run()
  run({ VSwitchId: 'vsw-sandbox-i' })
  await cloud.advance(60_000)
  expect(statuses()).toEqual(['Pending', 'Running'])
})

test('servers of a zone that was down start once it is back, whenever it went', async () => {
  run()
  await cloud.advance(6_000)
  const down = { kind: 'zone-down', zone: 'cn-hangzhou-h' } as const
  const untilAt = cloud.clock.now() + 60_000
  cloud.world = { ...cloud.world, faults: [{ id: 'f', fault: down, share: 1, untilAt }] }
  run()
  await cloud.advance(59_000)
  expect(statuses()).toEqual(['Starting', 'Pending'])
  await cloud.advance(35_000)
  expect(statuses()).toEqual(['Running', 'Running'])
  run()
  cloud.world = {
    ...cloud.world,
    faults: [{ id: 'g', fault: down, share: 1, untilAt: START + HALF_AN_HOUR }],
  }
  await cloud.advance(60_000)
  cloud.world = { ...cloud.world, faults: [] }
  await cloud.advance(35_000)
  expect(statuses()).toEqual(['Running', 'Running', 'Running'])
})

test('tells zones, types, prices, images, quota and networks', () => {
  expect(cloud.ask('ecs', 'DescribeZones').Zones.Zone).toHaveLength(3)
  expect(cloud.ask('ecs', 'DescribeRegions').Regions.Region).toMatchObject([{ RegionId: 'cn-hangzhou' }])
  const { InstanceTypes } = cloud.ask('ecs', 'DescribeInstanceTypes', { InstanceTypes: ['ecs.c7.large'] })
  expect(InstanceTypes.InstanceType).toEqual([
    { InstanceTypeId: 'ecs.c7.large', CpuCoreCount: 2, MemorySize: 4 },
  ])
  const of = { InstanceType: 'ecs.c7.large', NetworkType: 'vpc' }
  expect(cloud.ask('ecs', 'DescribeSpotPriceHistory', of).SpotPrices.SpotPriceType[0]).toMatchObject({
    SpotPrice: 0.09,
    Timestamp: '2026-01-05T08:00:00Z',
  })
  expect(cloud.ask('ecs', 'DescribePrice', of).PriceInfo.Price.TradePrice).toBe(0.55)
  expect(cloud.ask('ecs', 'DescribeImages', { ImageId: 'none' }).TotalCount).toBe(0)
  run({ Amount: 2 })
  expect(attributes(['max-postpaid-instance-vcpu-count', 'used-postpaid-instance-vcpu-count'])).toEqual([
    '1000',
    '4',
  ])
  const { VSwitches } = cloud.ask('vpc', 'DescribeVSwitches', { VSwitchId: 'vsw-sandbox-h' })
  expect(VSwitches.VSwitch).toMatchObject([{ AvailableIpAddressCount: 250, ZoneId: 'cn-hangzhou-h' }])
})

function attributes(names: readonly string[]): readonly string[] {
  const { AccountAttributeItems } = cloud.ask('ecs', 'DescribeAccountAttributes', { AttributeName: names })
  return AccountAttributeItems.AccountAttributeItem.map(
    (item: { AttributeValues: { ValueItem: [{ Value: string }] } }) =>
      item.AttributeValues.ValueItem[0].Value,
  )
}

test('lists security groups, by network and by id', () => {
  const groups = (query: object = {}) => {
    const { SecurityGroups, TotalCount } = cloud.ask('ecs', 'DescribeSecurityGroups', query as never)
    const ids = SecurityGroups.SecurityGroup.map(
      ({ SecurityGroupId }: { SecurityGroupId: string }) => SecurityGroupId,
    )
    return [TotalCount, ...ids]
  }
  expect(groups()).toEqual([2, 'sg-sandbox', 'sg-sandbox-2'])
  expect(groups({ PageNumber: 2, PageSize: 1 })).toEqual([2, 'sg-sandbox-2'])
  expect(groups({ VpcId: 'vpc-sandbox' })).toEqual([1, 'sg-sandbox'])
  expect(groups({ SecurityGroupIds: '["sg-sandbox-2"]' })).toEqual([1, 'sg-sandbox-2'])
  expect(groups({ SecurityGroupName: 'none' })).toEqual([0])
})

test('a security group shows its rules, and takes each once', () => {
  const group = { SecurityGroupId: 'sg-sandbox' }
  const rule = { ...group, IpProtocol: 'tcp', PortRange: '8080/8080', SourceCidrIp: '100.64.0.0/10' }
  for (let nth = 0; nth < 2; nth++) cloud.ask('ecs', 'AuthorizeSecurityGroup', rule)
  const { Permissions } = cloud.ask('ecs', 'DescribeSecurityGroupAttribute', group)
  expect(Permissions.Permission.map(({ PortRange }: { PortRange: string }) => PortRange)).toEqual([
    '80/80',
    '8080/8080',
  ])
  const more = ['443/443', '8443/8443'].map((PortRange) => ({
    IpProtocol: 'TCP',
    PortRange,
    SourceCidrIp: '::/0',
  }))
  cloud.ask('ecs', 'AuthorizeSecurityGroup', { ...group, Permissions: more })
  expect(cloud.world.ecs.securityGroups[0]!.rules.map(({ ports }) => ports)).toEqual([
    '80/80',
    '8080/8080',
    '443/443',
    '8443/8443',
  ])
  expect(codeOf('AuthorizeSecurityGroup', { ...rule, PortRange: '80' })).toBe('InvalidPortRange.Malformed')
})
