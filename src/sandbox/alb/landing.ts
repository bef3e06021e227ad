import type { Millis } from '../../core/time.ts'
import { type Happening, planned, type World } from '../world.ts'
import { spentOn } from './cost.ts'
import { withJob } from './jobs.ts'
import { put, withAlb, without } from './resources.ts'
import type {
  BackendServer,
  Job,
  Kind,
  Listener,
  LoadBalancer,
  Resources,
  Rule,
  ServerGroup,
} from './state.ts'

interface Landing {
  readonly isDone: boolean
  readonly at: Millis
}

/** What becomes of a resource whose job has ended, by its kind. */
const LANDINGS: { readonly [K in Kind]: (world: World, resource: Resources[K], landing: Landing) => World } =
  {
    loadbalancer: landedBalancer,
    servergroup: landedGroup,
    listener: landedListener,
    rule: landedRule,
  }

/** The job has ended, well or badly. */
export const jobEnded: Happening = (world, id, at) => {
  const job = world.alb.jobs.get(id)
  if (job === undefined) return world
  const landing = { isDone: !job.fails, at }
  const after = job.resources.reduce((next, resource) => landed(next, job, resource, landing), world)
  return withJob(after, { ...job, status: job.fails ? 'Failed' : 'Succeeded', modifiedAt: at })
}

function landed<K extends Kind>(world: World, job: Job & { kind: K }, id: string, landing: Landing): World {
  const resource = world.alb.of[job.kind].get(id)
  return resource === undefined ? world : LANDINGS[job.kind](world, resource, landing)
}

function landedBalancer(world: World, balancer: LoadBalancer, { isDone, at }: Landing): World {
  if (balancer.work === 'Delete' && isDone) {
    const gone = [...world.alb.gone, { tags: balancer.tags, spent: spentOn(balancer, at) }]
    return withoutBalancer(withAlb(world, { gone }), balancer.id)
  }
  const isFailed = balancer.isFailed || (balancer.work === 'Create' && !isDone)
  return put(world, 'loadbalancer', { ...balancer, work: null, isFailed })
}

function landedGroup(world: World, group: ServerGroup, { isDone, at }: Landing): World {
  if (group.work === (isDone ? 'Delete' : 'Create')) return without(world, 'servergroup', group.id)
  const settings = isDone ? (group.nextSettings ?? group.settings) : group.settings
  const { ConnectionDrainEnabled, ConnectionDrainTimeout } = settings.ConnectionDrainConfig
  const drainMs = ConnectionDrainEnabled ? ConnectionDrainTimeout * 1000 : 0
  const servers = group.servers.flatMap((server) => landedServer(server, isDone, drainMs > 0))
  const after = put(world, 'servergroup', { ...group, settings, nextSettings: null, servers, work: null })
  const leaves = group.servers.filter(({ work }) => isDone && drainMs > 0 && work === 'Removing')
  return leaves.reduce(
    (next, { serverId, port }) =>
      planned(next, { at: at + drainMs, kind: 'alb.drained', id: `${group.id} ${serverId} ${port}` }),
    after,
  )
}

function landedServer(server: BackendServer, isDone: boolean, drains: boolean): readonly BackendServer[] {
  const { work, next } = server
  if (work === 'Draining') return [server]
  if (work === 'Removing' && isDone) return drains ? [{ ...server, work: 'Draining' }] : []
  if (work === 'Adding' && !isDone) return []
  return [{ ...server, ...(isDone ? next : {}), work: null, next: {} }]
}

function landedListener(world: World, listener: Listener, { isDone }: Landing): World {
  if (listener.work === (isDone ? 'Delete' : 'Create')) return withoutListener(world, listener.id)
  const next = isDone ? listener.next : {}
  const gone = isDone ? 'Dissociating' : 'Associating'
  const certificates = listener.certificates
    .filter(({ work }) => work !== gone)
    .map((one) => ({ ...one, work: null }))
  return put(world, 'listener', { ...listener, certificates, ...next, next: {}, work: null })
}

function landedRule(world: World, rule: Rule, { isDone }: Landing): World {
  if (rule.work === (isDone ? 'Delete' : 'Create')) return without(world, 'rule', rule.id)
  return put(world, 'rule', { ...rule, ...(isDone ? rule.next : {}), next: {}, work: null })
}

function withoutBalancer(world: World, id: string): World {
  const listeners = [...world.alb.of.listener.values()].filter(({ balancer }) => balancer === id)
  const after = listeners.reduce((next, listener) => withoutListener(next, listener.id), world)
  return without(after, 'loadbalancer', id)
}

function withoutListener(world: World, id: string): World {
  const rules = [...world.alb.of.rule.values()].filter(({ listener }) => listener === id)
  return without(
    rules.reduce((next, rule) => without(next, 'rule', rule.id), world),
    'listener',
    id,
  )
}

/** It has finished what it held, or its time is up. */
export const drained: Happening = (world, id) => {
  const [groupId, serverId, port] = id.split(' ')
  const group = world.alb.of.servergroup.get(groupId!)
  if (group === undefined) return world
  const servers = group.servers.filter(
    (server) => server.work !== 'Draining' || server.serverId !== serverId || server.port !== Number(port),
  )
  return put(world, 'servergroup', { ...group, servers })
}
