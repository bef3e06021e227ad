import { tagsOf } from '../ecs/tags.ts'
import type { Call, Done } from '../operation.ts'
import type { Given } from '../parameters.ts'
import { invalid, Refusal } from '../refusal.ts'
import { withEntry, withId } from '../world.ts'
import { tagsAnswer, toTheSecond } from './answers.ts'
import { backendsAnswer, checkNumber, withAdded, withoutRemoved, withWeights } from './backends.ts'
import { balancerNamed, changed, freeForServers, groupNamed, withSlb } from './balancers.ts'
import { NAME, readBackends } from './read-backends.ts'
import type { Backend, LoadBalancer, ServerGroup } from './state.ts'

export function createVServerGroup(call: Call): Done {
  const { given, now } = call
  const balancer = freeForServers(call, given.text('LoadBalancerId'))
  const backends = withAdded(call, balancer, [], readBackends(call, 'BackendServers', true))
  const [made, id] = withId(call.world, 'rsp-')
  const group: ServerGroup = {
    id,
    balancer: balancer.id,
    name: nameGiven(given) ?? id,
    tags: tagsOf(given),
    createdAt: now,
    busyUntil: 0,
    backends,
  }
  const world = withSlb(made, { groups: withEntry(made.slb.groups, id, group) })
  checkNumber(world, balancer.id)
  return { world, body: { VServerGroupId: id, BackendServers: backendsAnswer(backends) } }
}

export function addVServerGroupBackendServers(call: Call): Done {
  const added = readBackends(call, 'BackendServers', true)
  return change(call, (group, balancer) => withAdded(call, balancer, group.backends, added))
}

export function removeVServerGroupBackendServers(call: Call): Done {
  const removed = readBackends(call, 'BackendServers', true)
  return change(call, ({ backends }) => withoutRemoved(backends, removed))
}

/** Others take the place of some. */
export function modifyVServerGroupBackendServers(call: Call): Done {
  const former = readBackends(call, 'OldBackendServers', true)
  const added = readBackends(call, 'NewBackendServers', true)
  return change(call, (group, balancer) =>
    withAdded(call, balancer, withoutRemoved(group.backends, former), added),
  )
}

/** Of its servers it changes the weights alone. */
export function setVServerGroupAttribute(call: Call): Done {
  const weighted = readBackends(call, 'BackendServers', true)
  return change(call, ({ backends }) => withWeights(backends, weighted))
}

/** Answers all that are in it then. */
function change(call: Call, next: (group: ServerGroup, balancer: LoadBalancer) => readonly Backend[]): Done {
  const { world, given, now } = call
  const before = groupNamed(call)
  if (before.busyUntil > now)
    throw new Refusal(
      'VServerGroupProcessing',
      'A previous configuration of the VServer group is pending; please try again later.',
    )
  const balancer = freeForServers(call, before.balancer)
  const backends = next(before, balancer)
  const name = nameGiven(given) ?? before.name
  const group = { ...before, name, backends, busyUntil: now + world.delays.configuringMs }
  const grouped = withSlb(world, { groups: withEntry(world.slb.groups, group.id, group) })
  checkNumber(grouped, balancer.id)
  return {
    world: changed(grouped, balancer, now),
    body: { VServerGroupId: group.id, VServerGroupName: name, BackendServers: backendsAnswer(backends) },
  }
}

/** Refused while a listener or a rule sends anything there. */
export function deleteVServerGroup(call: Call): Done {
  const { id, balancer } = groupNamed(call)
  const { listeners } = freeForServers(call, balancer)
  if (listeners.some(({ settings }) => settings.VServerGroupId === id))
    throw new Refusal('RspoolVipExist', 'there are vips associating with this vServer group.')
  if (listeners.some(({ rules }) => rules.some(({ group }) => group === id)))
    throw new Refusal('RspoolRuleExist', 'there are rules associating with this vServer group.')
  const groups = new Map([...call.world.slb.groups].filter(([other]) => other !== id))
  return { world: withSlb(call.world, { groups }), body: {} }
}

export function describeVServerGroups(call: Call): Done {
  const { id, listeners } = balancerNamed(call)
  const wanted = Object.entries(tagsOf(call.given))
  const found = [...call.world.slb.groups.values()].filter(
    ({ balancer, tags }) => balancer === id && wanted.every(([key, value]) => tags[key] === value),
  )
  const items = found.map((group) => ({
    VServerGroupId: group.id,
    VServerGroupName: group.name,
    ServerCount: group.backends.length,
    CreateTime: toTheSecond(group.createdAt),
    Tags: tagsAnswer(group.tags),
    AssociatedObjects: {
      Listeners: {
        Listener: listeners
          .filter(({ settings }) => settings.VServerGroupId === group.id)
          .map(({ port, protocol }) => ({ Port: port, Protocol: protocol })),
      },
      Rules: {
        Rule: listeners
          .flatMap(({ rules }) => rules)
          .filter((rule) => rule.group === group.id)
          .map((rule) => ({ RuleId: rule.id, RuleName: rule.name, Domain: rule.domain, Url: rule.url })),
      },
    },
  }))
  return { world: call.world, body: { VServerGroups: { VServerGroup: items } } }
}

export function describeVServerGroupAttribute(call: Call): Done {
  const { id, balancer, name, createdAt, tags, backends } = groupNamed(call)
  const body = {
    VServerGroupId: id,
    VServerGroupName: name,
    LoadBalancerId: balancer,
    CreateTime: toTheSecond(createdAt),
    Tags: tagsAnswer(tags),
    BackendServers: backendsAnswer(backends),
  }
  return { world: call.world, body }
}

function nameGiven(given: Given): string | null {
  if (!given.has('VServerGroupName')) return null
  const name = given.text('VServerGroupName')
  if (!NAME.test(name)) throw invalid('VServerGroupName')
  return name
}
