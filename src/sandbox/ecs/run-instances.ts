import { strikes } from '../faults.ts'
import type { Call, Done } from '../operation.ts'
import type { Given } from '../parameters.ts'
import { Refusal } from '../refusal.ts'
import { drawn, planned, type World, withId } from '../world.ts'
import { takenIn } from './addresses.ts'
import { autoReleaseAt } from './auto-release.ts'
import { cpusOf, restocked, withEcs, withInstance } from './instances.ts'
import { poolsFor, roomIn, unavailable } from './private-pools.ts'
import {
  ADDRESSES,
  type Ecs,
  type Instance,
  type InstanceType,
  type LaunchTemplate,
  type PrivatePool,
  type VSwitch,
} from './state.ts'
import { tagsOf } from './tags.ts'

const MAX_AMOUNT = 100
/** What a launch asks for, looked up. */
interface Order {
  readonly template: Pick<
    Instance,
    | 'name'
    | 'image'
    | 'securityGroups'
    | 'userData'
    | 'tags'
    | 'autoReleaseAt'
    | 'spot'
    | 'deletionProtection'
  >
  readonly type: InstanceType
  readonly vSwitch: VSwitch
  readonly price: number
  /** Servers come out of their room first, and out of nothing else where it is `alone`. */
  readonly reserved: { readonly pools: readonly PrivatePool[]; readonly alone: boolean }
  readonly amount: number
  readonly least: number
}

export function runInstances(call: Call): Done {
  const given = withTemplate(call)
  const order = orderOf({ ...call, given })
  const [after, fault] = strikes(call.world, 'no-stock', {
    now: call.now,
    fits: ({ zone, instanceType }) =>
      (zone ?? order.vSwitch.zone) === order.vSwitch.zone &&
      (instanceType ?? order.type.id) === order.type.id,
  })
  const amount = amountOf(after, call, order, fault !== null)
  if (amount < order.least) throw order.reserved.alone ? unavailable() : noStock()
  const [world, ids] = sold({ ...call, world: after }, order, amount)
  return { world, body: { InstanceIdSets: { InstanceIdSet: ids }, TradePrice: order.price * amount } }
}

function noStock(): Refusal {
  return new Refusal(
    'OperationDenied.NoStock',
    'The resource is out of stock in the specified zone. Please try other types, or choose other regions and zones.',
    403,
  )
}

/** The parameters, with those of a launch template under them. */
function withTemplate({ world, given }: Call): Given {
  const [id, name] = [given.text('LaunchTemplateId'), given.text('LaunchTemplateName')]
  if (id === '' && name === '') return given
  const template = world.ecs.launchTemplates.find((one) => (id === '' ? one.name === name : one.id === id))
  if (template === undefined)
    throw new Refusal('InvalidLaunchTemplate.NotFound', 'The specified launch template does not exist.', 404)
  return given.over(versionOf(template, given.text('LaunchTemplateVersion')))
}

function versionOf({ versions }: LaunchTemplate, number: string): Readonly<Record<string, string>> {
  const version = versions.at(number === '' ? -1 : Number(number) - 1)
  if (version === undefined)
    throw new Refusal('InvalidLaunchTemplateVersion.NotFound', 'The specified version does not exist.', 404)
  return version
}

function orderOf(call: Call): Order {
  const { world, given, now } = call
  const { ecs } = world
  const zones = ecs.regions[call.region]
  if (zones === undefined)
    throw new Refusal('InvalidRegionId.NotFound', 'The specified RegionId does not exist.', 404)
  const type = typeOf(ecs, mandatory(given, 'InstanceType'))
  const vSwitch = ecs.vSwitches.find(({ id }) => id === mandatory(given, 'VSwitchId'))
  if (vSwitch === undefined || !zones.includes(vSwitch.zone))
    throw new Refusal('InvalidVSwitchId.NotFound', 'The specified VSwitchId does not exist.', 404)
  const image = mandatory(given, 'ImageId')
  if (!ecs.images.includes(image))
    throw new Refusal('InvalidImageId.NotFound', 'The specified ImageId does not exist.', 404)
  const [amount, least] = amountsOf(given)
  const spot = spotOf(given, type)
  return {
    template: {
      image,
      spot,
      name: given.text('InstanceName'),
      securityGroups: groupsOf(ecs, given, vSwitch),
      userData: given.text('UserData'),
      tags: tagsOf(given),
      autoReleaseAt: given.has('AutoReleaseTime') ? autoReleaseAt(given.text('AutoReleaseTime'), now) : null,
      deletionProtection: given.flag('DeletionProtection'),
    },
    type,
    vSwitch,
    price: spot === 'NoSpot' ? type.price : type.spotPrice,
    reserved: poolsFor(ecs, given, { account: call.account, type: type.id, zone: vSwitch.zone }),
    amount,
    least,
  }
}

function mandatory(given: Given, name: string): string {
  const value = given.text(name)
  if (value === '')
    throw new Refusal(
      'MissingParameter',
      `The input parameter "${name}" that is mandatory for processing this request is not supplied.`,
    )
  return value
}

function typeOf(ecs: Ecs, id: string): InstanceType {
  const type = ecs.types.find((one) => one.id === id)
  if (type === undefined)
    throw new Refusal('InvalidInstanceType.ValueNotSupported', 'instancetype is not valid.')
  return type
}

function groupsOf(ecs: Ecs, given: Given, vSwitch: VSwitch): readonly string[] {
  const several = given.texts('SecurityGroupIds')
  const ids = several.length > 0 ? several : [mandatory(given, 'SecurityGroupId')]
  for (const id of ids) {
    const group = ecs.securityGroups.find((one) => one.id === id)
    if (group === undefined)
      throw new Refusal(
        'InvalidSecurityGroupId.NotFound',
        'The specified SecurityGroupId does not exist.',
        404,
      )
    if (group.vpc !== vSwitch.vpc)
      throw new Refusal('InvalidParameter.Conflict', `${id} and ${vSwitch.id} are in different VPCs.`)
  }
  return ids
}

function amountsOf(given: Given): readonly [amount: number, least: number] {
  const amount = given.number('Amount', 1)
  if (amount < 1 || amount > MAX_AMOUNT)
    throw new Refusal('InvalidMaxAmount.Malformed', 'The specified parameter MaxAmount is not valid.')
  const least = given.number('MinAmount', amount)
  if (least < 1 || least > amount)
    throw new Refusal('InvalidMinAmount.Malformed', 'The specified parameter MinAmount is not valid.')
  return [amount, least]
}

function spotOf(given: Given, type: InstanceType): Instance['spot'] {
  const strategy = given.has('SpotStrategy') ? given.text('SpotStrategy') : 'NoSpot'
  if (strategy !== 'NoSpot' && strategy !== 'SpotAsPriceGo' && strategy !== 'SpotWithPriceLimit')
    throw new Refusal('InvalidSpotStrategy', 'The specified SpotStrategy is not valid.')
  if (strategy === 'SpotWithPriceLimit' && given.number('SpotPriceLimit', 0) < type.spotPrice)
    throw new Refusal(
      'InvalidSpotPriceLimit.LowerThanPublicPrice',
      'The specified parameter "spotPriceLimit" can not be lower than the current public price.',
      403,
    )
  return strategy
}

/** How many there are of what is asked for. Throws when something else than stock is short. */
function amountOf(
  world: World,
  { account }: Call,
  { amount, least, type, vSwitch, template, reserved }: Order,
  isSoldOut: boolean,
): number {
  const { ecs } = world
  const left = Math.floor((ecs.quota - cpusOf(ecs, account, template.spot !== 'NoSpot')) / type.cpu)
  if (least > left)
    throw new Refusal(
      'QuotaExceed.ElasticQuota',
      'The number of the specified ECS instances has exceeded the quota of the specified instance type.',
      403,
    )
  const taken = takenIn(world, vSwitch.id).size
  if (ADDRESSES - taken < least)
    throw new Refusal(
      'InvalidVSwitchId.IpNotEnough',
      'The number of IP addresses in the vSwitch is not enough.',
      403,
    )
  const stock = isSoldOut ? 0 : (ecs.stock.get(`${vSwitch.zone} ${type.id}`) ?? amount)
  const room = reserved.pools.reduce((sum, pool) => sum + roomIn(ecs, pool), 0)
  return Math.min(amount, room + (reserved.alone ? 0 : stock), ADDRESSES - taken, left)
}

function sold(call: Call, order: Order, amount: number): readonly [World, readonly string[]] {
  let { world } = call
  const ids: string[] = []
  for (let nth = 0; nth < amount; nth++) {
    const [next, id] = withId(world, 'i-')
    ids.push(id)
    const instance = instanceOf(next, call, order, id)
    const stock = instance.privatePool === null ? restocked(next.ecs.stock, instance, -1) : next.ecs.stock
    world = arriving(withEcs(next, { stock }), instance)
  }
  return [world, ids]
}

function instanceOf(world: World, { account, region, now }: Call, order: Order, id: string): Instance {
  const { type, vSwitch, price, template, reserved } = order
  return {
    ...template,
    id,
    account,
    region,
    zone: vSwitch.zone,
    type: type.id,
    vSwitch: vSwitch.id,
    vpc: vSwitch.vpc,
    ip: freeIp(world, vSwitch),
    status: 'Pending',
    createdAt: now,
    listedAt: now,
    recycledAt: null,
    stopCharging: false,
    privatePool: reserved.pools.find((pool) => roomIn(world.ecs, pool) > 0)?.id ?? null,
    price,
    spent: 0,
    chargedFrom: now,
  }
}

function freeIp(world: World, { id, prefix }: VSwitch): string {
  const taken = takenIn(world, id)
  for (let host = 1; ; host++) if (!taken.has(`${prefix}.${host}`)) return `${prefix}.${host}`
}

/** It begins to be: seen a moment later, running after a while, or dead soon where there was no room for it. */
function arriving(world: World, instance: Instance): World {
  const { id, createdAt: now, autoReleaseAt } = instance
  const [first, chance] = drawn(world)
  const listed = { ...instance, listedAt: now + chance * world.delays.unlistedMs }
  const [second, dies] = strikes(withInstance(first, listed), 'dies', { now })
  let after = second
  if (autoReleaseAt !== null) after = planned(after, { at: autoReleaseAt, kind: 'ecs.auto-release', id })
  if (dies !== null) return planned(after, { at: now + world.delays.deadOnArrivalMs, kind: 'ecs.dies', id })
  return planned(after, { at: now + world.delays.pendingMs, kind: 'ecs.starting', id })
}
