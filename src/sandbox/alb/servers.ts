import { isIPv4 } from 'node:net'
import type { Call, Done } from '../operation.ts'
import type { Given } from '../parameters.ts'
import { invalid, missing, Refusal } from '../refusal.ts'
import { int, readFields, text, word } from './fields.ts'
import { jobDone } from './jobs.ts'
import { beingConfigured, mismatched, notFound, tooMany } from './refusals.ts'
import { found, idle, listBody, owned, selects } from './resources.ts'
import type { BackendServer, ServerGroup } from './state.ts'
import { checkArrivals } from './uses.ts'

/** Of one call: https://www.alibabacloud.com/help/en/slb/application-load-balancer/developer-reference/api-alb-2020-06-16-addserverstoservergroup */
const MOST_SERVERS = 200
const MOST_CHANGED = 40
/** https://www.alibabacloud.com/help/en/slb/application-load-balancer/product-overview/limits */
const MOST_IN_GROUP = 1000

const WHICH = { ServerType: word('', ['Ecs', 'Eni', 'Eci', 'Ip']), Port: int(0, 1, 65_535) } as const
const HOW = {
  Weight: int(100, 0, 100),
  Description: text('', /^(?!https?:\/\/).{2,256}$/u),
} as const

export function addServersToServerGroup(call: Call): Done {
  const group = idle(call, 'servergroup', call.given.text('ServerGroupId'))
  const added = arrivals(call, group, named(call.given, 'Servers', MOST_SERVERS))
  return changed(call, 'AddServersToServerGroup', { ...group, servers: [...group.servers, ...added] })
}

export function removeServersFromServerGroup(call: Call): Done {
  const group = idle(call, 'servergroup', call.given.text('ServerGroupId'))
  const gone = members(group, named(call.given, 'Servers', MOST_SERVERS))
  return changed(call, 'RemoveServersFromServerGroup', { ...group, servers: leaving(group, gone) })
}

export function replaceServersInServerGroup(call: Call): Done {
  const { given } = call
  const group = idle(call, 'servergroup', given.text('ServerGroupId'))
  const gone = members(group, named(given, 'RemovedServers', MOST_SERVERS))
  const added = arrivals(call, group, named(given, 'AddedServers', MOST_SERVERS))
  const servers = [...leaving(group, gone), ...added]
  return changed(call, 'ReplaceServersInServerGroup', { ...group, servers })
}

/** Weights and descriptions; what is not given stays. */
export function updateServerGroupServersAttribute(call: Call): Done {
  const { given } = call
  const group = idle(call, 'servergroup', given.text('ServerGroupId'))
  const wanted = named(given, 'Servers', MOST_CHANGED)
  const next = new Map(
    members(group, wanted).map((server, nth) => {
      const before = { Weight: server.weight, Description: server.description }
      const { Weight, Description } = readFields(wanted[nth]!, HOW, before)
      return [server, { ...server, work: 'Configuring', next: { weight: Weight, description: Description } }]
    }),
  )
  const servers = group.servers.map((server) => (next.get(server) as BackendServer | undefined) ?? server)
  return changed(call, 'UpdateServerGroupServersAttribute', { ...group, servers })
}

export function listServerGroupServers(call: Call): Done {
  const { given, world } = call
  const groups = given.has('ServerGroupId')
    ? [found(call, 'servergroup', given.text('ServerGroupId'))]
    : owned(call, 'servergroup')
  const servers = groups
    .flatMap(({ id, servers }) => servers.map((server) => ({ id, server })))
    .filter(({ server }) => selects(given, 'ServerIds', server.serverId))
  const answer = ({ id, server }: (typeof servers)[number]) => ({
    ServerGroupId: id,
    ServerId: server.serverId,
    ServerIp: server.ip,
    ServerType: server.type,
    Port: server.port,
    Weight: server.weight,
    Description: server.description,
    RemoteIpEnabled: server.isRemote,
    Status: server.work === 'Draining' ? 'Removing' : (server.work ?? 'Available'),
  })
  return { world, body: listBody(given, 'Servers', servers, answer) }
}

function changed(call: Call, action: string, group: ServerGroup): Done {
  const order = { action, kind: 'servergroup', work: 'Update' } as const
  return jobDone(call, order, group)
}

/** The servers that a call names, each once. */
function named(given: Given, list: string, most: number): readonly Given[] {
  const servers = given.objects(list)
  if (servers.length < 1 || servers.length > most) throw invalid(list, `must be from 1 to ${most}`)
  const keys = servers.map(keyOf)
  const again = keys.find((key, nth) => keys.indexOf(key) !== nth)
  if (again !== undefined)
    throw new Refusal('DuplicatedParam.BackendServer', `The param of ${again} is duplicated.`)
  return servers
}

function keyOf(server: Given): string {
  for (const name of ['ServerId', 'ServerType', 'Port']) if (!server.has(name)) throw missing(name)
  return `${server.text('ServerId')}:${readFields(server, WHICH).Port}`
}

/** Which servers of the group these are. Throws a Refusal where there is none, or one that leaves. */
function members(group: ServerGroup, wanted: readonly Given[]): readonly BackendServer[] {
  return wanted.map((one) => {
    const server = group.servers.find((each) => isSame(each, one))
    if (server === undefined) throw notFound('BackendServer', keyOf(one))
    if (server.work !== null) throw beingConfigured('BackendServer', keyOf(one))
    return server
  })
}

function isSame({ serverId, port }: BackendServer, wanted: Given): boolean {
  return serverId === wanted.text('ServerId') && port === readFields(wanted, WHICH).Port
}

function leaving(group: ServerGroup, gone: readonly BackendServer[]): readonly BackendServer[] {
  return group.servers.map((server) => (gone.includes(server) ? { ...server, work: 'Removing' } : server))
}

function arrivals(call: Call, group: ServerGroup, wanted: readonly Given[]): readonly BackendServer[] {
  const usage = group.servers.length + wanted.length
  if (usage > MOST_IN_GROUP) throw tooMany('ServersNum', group.id, usage, MOST_IN_GROUP)
  checkArrivals(call.world, group.id, wanted.length)
  return wanted.map((one) => {
    const there = group.servers.find((server) => isSame(server, one))
    if (there?.work === 'Draining') throw beingConfigured('BackendServer', keyOf(one))
    if (there !== undefined)
      throw new Refusal(
        'Conflict.BackendServer',
        `There is already ${keyOf(one)} having the same configuration with ${group.id}.`,
      )
    return arrival(call, group, one)
  })
}

function arrival(call: Call, group: ServerGroup, wanted: Given): BackendServer {
  const { Port, ServerType } = readFields(wanted, WHICH)
  const { Weight, Description } = readFields(wanted, HOW)
  const serverId = wanted.text('ServerId')
  if ((group.type === 'Ip') !== (ServerType === 'Ip')) throw mismatched('ServerType', group.id, serverId)
  return {
    serverId,
    port: Port,
    ...(ServerType === 'Ip'
      ? { type: 'Ip', ip: addressOf(serverId), isRemote: wanted.flag('RemoteIpEnabled') }
      : { type: 'Ecs', ip: instanceIp(call, group, ServerType, serverId), isRemote: false }),
    weight: Weight,
    description: Description,
    work: 'Adding',
    next: {},
    addedAt: call.now,
  }
}

function addressOf(serverId: string): string {
  if (!isIPv4(serverId)) throw invalid('ServerId', 'must be an IP address')
  return serverId
}

/** The sandbox has instances only, no network interfaces nor containers. */
function instanceIp(call: Call, group: ServerGroup, type: string, id: string): string {
  const instance = type === 'Ecs' ? call.world.ecs.instances.get(id) : undefined
  if (instance === undefined || instance.account !== call.account || instance.region !== group.region)
    throw notFound(type, id)
  if (instance.vpc !== group.vpc) throw mismatched('VpcId', group.id, id)
  return instance.ip
}
