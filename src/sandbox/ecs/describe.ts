import type { Millis } from '../../core/time.ts'
import type { Call, Done } from '../operation.ts'
import { pageByNumber, pageByToken } from '../paging.ts'
import { equals, textsIn } from './filters.ts'
import type { Instance, InstanceType } from './state.ts'
import { tagsOf } from './tags.ts'

/** How an instance that does not end by a contract is written. */
const NEVER = '2099-12-31T15:59Z'

/** Those of the caller in the region, as far as lists show them by now. */
function listed({ world, account, region, now }: Call): readonly Instance[] {
  return [...world.ecs.instances.values()].filter(
    (instance) => instance.account === account && instance.region === region && instance.listedAt <= now,
  )
}

export function describeInstances(call: Call): Done {
  const { given } = call
  const ids = textsIn(given, 'InstanceIds')
  const addresses = textsIn(given, 'PrivateIpAddresses')
  const wanted = tagsOf(given)
  const fits = (instance: Instance) =>
    (ids === null || ids.includes(instance.id)) &&
    (addresses === null || addresses.includes(instance.ip)) &&
    equals(given, 'Status', instance.status) &&
    equals(given, 'ZoneId', instance.zone) &&
    equals(given, 'VpcId', instance.vpc) &&
    equals(given, 'VSwitchId', instance.vSwitch) &&
    equals(given, 'InstanceType', instance.type) &&
    Object.entries(wanted).every(([key, value]) => instance.tags[key] === value)
  const found = listed(call).filter(fits)
  const shown = (page: readonly Instance[]) => ({
    Instance: page.map((instance) => instanceAnswer(instance, typeOf(call, instance))),
  })
  if (given.has('PageNumber')) {
    const { page, ...rest } = pageByNumber(found, given, { usual: 10, most: 100 })
    return { world: call.world, body: { ...rest, NextToken: '', Instances: shown(page) } }
  }
  const { page, NextToken } = pageByToken(found, given, { usual: 10, most: 100 })
  return { world: call.world, body: { TotalCount: found.length, NextToken, Instances: shown(page) } }
}

export function describeInstanceStatus(call: Call): Done {
  const ids = call.given.texts('InstanceId')
  const found = listed(call).filter(({ id }) => ids.length === 0 || ids.includes(id))
  const { page, ...rest } = pageByNumber(found, call.given, { usual: 10, most: 50 })
  const statuses = page.map(({ id, status }) => ({ InstanceId: id, Status: status }))
  return { world: call.world, body: { ...rest, InstanceStatuses: { InstanceStatus: statuses } } }
}

function typeOf({ world }: Call, { type }: Instance): InstanceType {
  return world.ecs.types.find(({ id }) => id === type)!
}

function instanceAnswer(instance: Instance, { cpu, memoryMib }: InstanceType) {
  const { stopCharging, status, recycledAt } = instance
  return {
    InstanceId: instance.id,
    InstanceName: instance.name,
    Status: status,
    RegionId: instance.region,
    ZoneId: instance.zone,
    InstanceType: instance.type,
    ImageId: instance.image,
    Cpu: cpu,
    Memory: memoryMib,
    // Spot instances too: what tells them apart is SpotStrategy.
    InstanceChargeType: 'PostPaid',
    SpotStrategy: instance.spot,
    CreationTime: toTheMinute(instance.createdAt),
    StartTime: toTheMinute(instance.createdAt),
    ExpiredTime: NEVER,
    AutoReleaseTime: instance.autoReleaseAt === null ? '' : toTheMinute(instance.autoReleaseAt),
    StoppedMode: stoppedMode(status, stopCharging),
    DeletionProtection: instance.deletionProtection,
    Tags: { Tag: Object.entries(instance.tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })) },
    SecurityGroupIds: { SecurityGroupId: instance.securityGroups },
    VpcAttributes: {
      VpcId: instance.vpc,
      VSwitchId: instance.vSwitch,
      PrivateIpAddress: { IpAddress: [instance.ip] },
    },
    PublicIpAddress: { IpAddress: [] },
    EipAddress: {},
    OperationLocks: { LockReason: recycledAt === null ? [] : [{ LockReason: 'Recycling' }] },
  }
}

function stoppedMode(status: Instance['status'], stopCharging: boolean): string {
  if (status !== 'Stopped') return 'Not-applicable'
  return stopCharging ? 'StopCharging' : 'KeepCharging'
}

/** The cloud writes no seconds here. */
export function toTheMinute(at: Millis): string {
  return `${new Date(at).toISOString().slice(0, 16)}Z`
}
