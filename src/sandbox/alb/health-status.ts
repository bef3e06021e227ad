import { answersAt } from '../health.ts'
import type { Call, Done } from '../operation.ts'
import { pageByToken } from '../paging.ts'
import { found, owned } from './resources.ts'
import type { BackendServer, ServerGroup } from './state.ts'

/** Of the groups that a listener sends to, and those of its rules where they are asked for. Servers that are well are not in it. */
export function getListenerHealthStatus(call: Call): Done {
  const { given, world } = call
  const listener = found(call, 'listener', given.text('ListenerId'))
  const asked = given.flag('IncludeRule') ? owned(call, 'rule') : []
  const rules = asked.filter((rule) => rule.listener === listener.id && rule.groups.length > 0)
  const { page, NextToken } = pageByToken(rules, given, { usual: 20, most: 30 })
  const infos = (groups: readonly string[]) =>
    groups.map((id) => groupHealth(call, found(call, 'servergroup', id)))
  const own = {
    ListenerId: listener.id,
    ListenerPort: listener.port,
    ListenerProtocol: listener.protocol,
    ServerGroupInfos: infos([listener.group]),
  }
  const RuleHealthStatus = page.map(({ id, groups }) => ({ RuleId: id, ServerGroupInfos: infos(groups) }))
  return { world, body: { ListenerHealthStatus: [own], RuleHealthStatus, NextToken } }
}

function groupHealth(call: Call, group: ServerGroup) {
  const servers = group.servers.filter(({ work }) => work !== 'Removing' && work !== 'Draining')
  const NonNormalServers = servers.flatMap((server) => {
    const how = healthOf(call, group, server)
    const { serverId, ip, port } = server
    return how === null ? [] : [{ ServerId: serverId, ServerIp: ip, Port: port, ...how }]
  })
  return {
    ServerGroupId: group.id,
    ActionType: 'ForwardGroup',
    HealthCheckEnabled: group.settings.HealthCheckConfig.HealthCheckEnabled ? 'on' : 'off',
    NonNormalServers,
  }
}

/** null = it is well. One of weight 0 is not told about, well or not. */
function healthOf({ world, now }: Call, group: ServerGroup, server: BackendServer) {
  const { HealthCheckEnabled, HealthCheckInterval, HealthCheckConnectPort } = group.settings.HealthCheckConfig
  if (!HealthCheckEnabled) return { Status: 'Unavailable' }
  if (server.weight === 0) return { Status: 'Unused' }
  if (now < server.addedAt + HealthCheckInterval * 1000) return { Status: 'Initial' }
  const port = HealthCheckConnectPort === 0 ? server.port : HealthCheckConnectPort
  if (answersAt(world, { ip: server.ip, port }, now)) return null
  return { Status: 'Unhealthy', Reason: { ReasonCode: 'CONNECT_FAILED' } }
}
