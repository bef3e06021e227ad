import { strikes } from '../faults.ts'
import type { Call, Done } from '../operation.ts'
import { pageByToken } from '../paging.ts'
import { Refusal } from '../refusal.ts'
import type { World } from '../world.ts'
import { toTheMinute } from './describe.ts'
import { cpusOf } from './instances.ts'
import type { InstanceType } from './state.ts'

const HOUR_MS = 3_600_000
/** Below it, what is on sale is not sure to be there. */
const PLENTY = 10

export function describeRegions({ world }: Call): Done {
  const regions = Object.keys(world.ecs.regions).map((RegionId) => ({ RegionId, LocalName: RegionId }))
  return { world, body: { Regions: { Region: regions } } }
}

export function describeZones(call: Call): Done {
  const zones = zonesOf(call).map((ZoneId) => ({ ZoneId, LocalName: ZoneId }))
  return { world: call.world, body: { Zones: { Zone: zones } } }
}

function zonesOf({ world, region }: Call): readonly string[] {
  const zones = world.ecs.regions[region]
  if (zones === undefined)
    throw new Refusal('InvalidRegionId.NotFound', 'The specified RegionId does not exist.', 404)
  return zones
}

export function describeInstanceTypes({ world, given }: Call): Done {
  const wanted = given.texts('InstanceTypes')
  const found = world.ecs.types.filter(({ id }) => wanted.length === 0 || wanted.includes(id))
  const { page, NextToken } = pageByToken(found, given, { usual: 1600, most: 1600 })
  const types = page.map(({ id, cpu, memoryMib }) => ({
    InstanceTypeId: id,
    CpuCoreCount: cpu,
    MemorySize: memoryMib / 1024,
  }))
  return { world, body: { NextToken, InstanceTypes: { InstanceType: types } } }
}

/** What may be bought where, by `DestinationResource=InstanceType`. */
export function describeAvailableResource(call: Call): Done {
  const { given } = call
  let { world } = call
  const zones = zonesOf(call).filter((zone) => !given.has('ZoneId') || given.text('ZoneId') === zone)
  const types = world.ecs.types.filter(
    ({ id }) => !given.has('InstanceType') || given.text('InstanceType') === id,
  )
  const statusOf = (zone: string, type: string) => {
    const [after, none] = strikes(world, 'no-stock', {
      now: call.now,
      fits: (fault) => (fault.zone ?? zone) === zone && (fault.instanceType ?? type) === type,
    })
    world = after
    return stockStatus(none !== null ? 0 : (world.ecs.stock.get(`${zone} ${type}`) ?? PLENTY))
  }
  const answer = zones.map((zone) => ({
    ZoneId: zone,
    RegionId: call.region,
    ...stockStatus(PLENTY),
    AvailableResources: {
      AvailableResource: [
        {
          Type: 'InstanceType',
          SupportedResources: {
            SupportedResource: types.map(({ id }) => ({ Value: id, ...statusOf(zone, id) })),
          },
        },
      ],
    },
  }))
  return { world, body: { AvailableZones: { AvailableZone: answer } } }
}

function stockStatus(left: number): { readonly Status: string; readonly StatusCategory: string } {
  if (left <= 0) return { Status: 'SoldOut', StatusCategory: 'WithoutStock' }
  return { Status: 'Available', StatusCategory: left < PLENTY ? 'ClosedWithStock' : 'WithStock' }
}

export function describeSpotPriceHistory(call: Call): Done {
  const type = typeNamed(call)
  const Timestamp = `${new Date(Math.floor(call.now / HOUR_MS) * HOUR_MS).toISOString().slice(0, 19)}Z`
  const zones = zonesOf(call).filter(
    (zone) => !call.given.has('ZoneId') || call.given.text('ZoneId') === zone,
  )
  const prices = zones.map((ZoneId) => ({
    InstanceType: type.id,
    ZoneId,
    NetworkType: call.given.text('NetworkType'),
    SpotPrice: type.spotPrice,
    OriginPrice: type.price,
    Timestamp,
  }))
  return {
    world: call.world,
    body: { NextOffset: 0, Currency: 'CNY', SpotPrices: { SpotPriceType: prices } },
  }
}

/** Of one instance by the hour. */
export function describePrice(call: Call): Done {
  const { given } = call
  const type = typeNamed(call)
  const isSpot = given.has('SpotStrategy') && given.text('SpotStrategy') !== 'NoSpot'
  const amount = given.number('Amount', 1)
  const Price = {
    OriginalPrice: type.price * amount,
    TradePrice: (isSpot ? type.spotPrice : type.price) * amount,
    Currency: 'CNY',
  }
  return { world: call.world, body: { PriceInfo: { Price } } }
}

function typeNamed({ world, given }: Call): InstanceType {
  const type = world.ecs.types.find(({ id }) => id === given.text('InstanceType'))
  if (type === undefined)
    throw new Refusal('InvalidInstanceType.ValueNotSupported', 'instancetype is not valid.')
  return type
}

export function describeImages(call: Call): Done {
  const wanted = call.given.text('ImageId').split(',').filter(Boolean)
  const found = call.world.ecs.images.filter((id) => wanted.length === 0 || wanted.includes(id))
  const images = found.map((ImageId) => ({ ImageId, ImageName: ImageId, Status: 'Available' }))
  const body = {
    TotalCount: images.length,
    PageNumber: 1,
    PageSize: images.length,
    Images: { Image: images },
  }
  return { world: call.world, body: { ...body, RegionId: call.region } }
}

export function describeAccountAttributes({ world, account, given }: Call): Done {
  const { ecs } = world
  const values: Readonly<Record<string, number>> = {
    'max-postpaid-instance-vcpu-count': ecs.quota,
    'used-postpaid-instance-vcpu-count': cpusOf(ecs, account, false),
    'max-spot-instance-vcpu-count': ecs.quota,
    'used-spot-instance-vcpu-count': cpusOf(ecs, account, true),
  }
  const wanted = given.texts('AttributeName')
  const items = Object.entries(values)
    .filter(([name]) => wanted.length === 0 || wanted.includes(name))
    .map(([AttributeName, value]) => ({
      AttributeName,
      AttributeValues: { ValueItem: [{ Value: String(value) }] },
    }))
  return { world, body: { AccountAttributeItems: { AccountAttributeItem: items } } }
}

/** Why instances are gone that were not deleted by a call, and which are about to go. */
export function describeInstanceHistoryEvents({ world, account, given }: Call): Done {
  const wanted = given.texts('InstanceEventCycleStatus')
  const found = [...comingEvents(world, account), ...pastEvents(world, account)].filter(
    (event) =>
      (!given.has('InstanceId') || given.text('InstanceId') === event.InstanceId) &&
      (wanted.length === 0 || wanted.includes(event.EventCycleStatus.Name)),
  )
  const { page, NextToken } = pageByToken(found, given, { usual: 10, most: 100 })
  return { world, body: { NextToken, InstanceSystemEventSet: { InstanceSystemEventType: page } } }
}

function pastEvents({ ecs }: World, account: string) {
  const gone = ecs.released.filter((one) => one.account === account && one.why !== 'DeleteInstances')
  return gone.map(({ id, why, releasedAt }) => ({
    InstanceId: id,
    EventType: { Name: why },
    EventCycleStatus: { Name: 'Executed' },
    EventFinishTime: toTheMinute(releasedAt),
  }))
}

/** Those that were sold though there was no room for them. */
function comingEvents({ due, ecs }: World, account: string) {
  const dying = due.filter(
    ({ kind, id }) => kind === 'ecs.dies' && ecs.instances.get(id)?.account === account,
  )
  return dying.map(({ id, at }) => ({
    InstanceId: id,
    EventType: { Name: 'SystemFailure.Delete' },
    EventCycleStatus: { Name: 'Executing' },
    NotBefore: toTheMinute(at),
  }))
}
