import type { Call, Done } from '../operation.ts'
import { backendsAnswer, checkNumber, withAdded, withoutRemoved, withWeights } from './backends.ts'
import { changed, freeForServers } from './balancers.ts'
import { readBackends } from './read-backends.ts'
import type { Backend, LoadBalancer } from './state.ts'

const NAME = 'BackendServers'

export function addBackendServers(call: Call): Done {
  return change(call, (balancer, added) => withAdded(call, balancer, balancer.backends, added))
}

export function setBackendServers(call: Call): Done {
  return change(call, ({ backends }, weighted) => withWeights(backends, weighted))
}

export function removeBackendServers(call: Call): Done {
  return change(call, ({ backends }, removed) => withoutRemoved(backends, removed))
}

/** Answers all that are in it then. */
function change(
  call: Call,
  next: (balancer: LoadBalancer, named: readonly Backend[]) => readonly Backend[],
): Done {
  const before = freeForServers(call, call.given.text('LoadBalancerId'))
  const backends = next(before, readBackends(call, NAME, false))
  const world = changed(call.world, { ...before, backends }, call.now)
  checkNumber(world, before.id)
  return {
    world,
    body: { LoadBalancerId: before.id, BackendServers: backendsAnswer(backends) },
  }
}
