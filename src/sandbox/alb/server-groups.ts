import { tagsOf } from '../ecs/tags.ts'
import type { Call, Done } from '../operation.ts'
import { Refusal } from '../refusal.ts'
import { hasTags } from '../tag-rows.ts'
import { type World, withId } from '../world.ts'
import { readFields, word } from './fields.ts'
import { newGroupSettings, readGroupSettings } from './group-settings.ts'
import { begun, jobDone } from './jobs.ts'
import { inUse, notFound } from './refusals.ts'
import { idle, listBody, owned, regionOf, selects, statusOf } from './resources.ts'
import type { ServerGroup } from './state.ts'
import { tagList } from './tags.ts'
import { balancersOf, checkEdition } from './uses.ts'

const NEW = {
  ServerGroupType: word('Instance', ['Instance', 'Ip']),
  Protocol: word('HTTP', ['HTTP', 'HTTPS', 'gRPC']),
} as const

export function createServerGroup(call: Call): Done {
  const { given, world } = call
  const { ServerGroupType, Protocol } = readFields(given, NEW)
  const [named, id] = withId(world, 'sgp-')
  const group: ServerGroup = {
    id,
    account: call.account,
    region: regionOf(call),
    tags: tagsOf(given),
    createdAt: call.now,
    work: 'Create',
    type: ServerGroupType as ServerGroup['type'],
    protocol: Protocol,
    vpc: vpcOf(call),
    settings: newGroupSettings(given),
    nextSettings: null,
    servers: [],
  }
  const [after, JobId] = begun({ ...call, world: named }, orderOf('CreateServerGroup', 'Create'), [group])
  return { world: after, body: { ServerGroupId: id, JobId } }
}

export function updateServerGroupAttribute(call: Call): Done {
  const { given } = call
  const group = idle(call, 'servergroup', given.text('ServerGroupId'))
  const nextSettings = readGroupSettings(given, group.settings)
  for (const { edition } of balancersOf(call.world, group.id)) checkEdition(nextSettings, edition)
  return jobDone(call, orderOf('UpdateServerGroupAttribute', 'Update'), { ...group, nextSettings })
}

export function deleteServerGroup(call: Call): Done {
  const group = idle(call, 'servergroup', call.given.text('ServerGroupId'))
  if (balancersOf(call.world, group.id).length > 0) throw inUse('ServerGroup', group.id)
  return jobDone(call, orderOf('DeleteServerGroup', 'Delete'), group)
}

export function listServerGroups(call: Call): Done {
  const { given, world } = call
  const groups = owned(call, 'servergroup').filter(
    ({ id, settings, type, vpc, tags }) =>
      selects(given, 'ServerGroupIds', id) &&
      selects(given, 'ServerGroupNames', settings.ServerGroupName) &&
      (!given.has('ServerGroupType') || given.text('ServerGroupType') === type) &&
      (!given.has('VpcId') || given.text('VpcId') === vpc) &&
      hasTags(given, tags),
  )
  return { world, body: listBody(given, 'ServerGroups', groups, (group) => groupAnswer(world, group)) }
}

function orderOf(action: string, work: 'Create' | 'Update' | 'Delete') {
  return { action, kind: 'servergroup', work } as const
}

/** A group of instances is of one network; one of addresses may be of none. */
function vpcOf({ given, world }: Call): string {
  const vpc = given.text('VpcId')
  if (vpc === '' && given.text('ServerGroupType') === 'Ip') return ''
  if (vpc === '') throw new Refusal('MissingParam.VpcId', 'The parameter VpcId is required.')
  if (!world.ecs.vSwitches.some((one) => one.vpc === vpc)) throw notFound('Vpc', vpc)
  return vpc
}

function groupAnswer(world: World, group: ServerGroup) {
  return {
    ...group.settings,
    ServerGroupId: group.id,
    ServerGroupStatus: statusOf('servergroup', group.work, 'Available'),
    ServerGroupType: group.type,
    Protocol: group.protocol,
    VpcId: group.vpc,
    ServerCount: group.servers.length,
    RelatedLoadBalancerIds: balancersOf(world, group.id).map(({ id }) => id),
    CreateTime: toTheSecond(group.createdAt),
    Tags: tagList(group.tags),
  }
}

export function toTheSecond(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`
}
