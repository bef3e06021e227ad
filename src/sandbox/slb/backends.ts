import type { Call } from '../operation.ts'
import { Refusal } from '../refusal.ts'
import type { World } from '../world.ts'
import type { Backend, LoadBalancer } from './state.ts'

/** Of all groups of a balancer: https://www.alibabacloud.com/help/en/slb/classic-load-balancer/product-overview/limits. */
const MAX_OF_BALANCER = 200

/** What one is known by in its group. */
function keyOf({ server, ip, port }: Backend): string {
  return `${server} ${ip} ${port ?? ''}`
}

/** With those that a call adds to a group. Throws a Refusal when one is there already, or may not be there. */
export function withAdded(
  call: Call,
  balancer: LoadBalancer,
  before: readonly Backend[],
  added: readonly Backend[],
) {
  const known = new Set(before.map(keyOf))
  for (const one of added) {
    if (known.has(keyOf(one))) throw new Refusal('InvalidParameter', 'The resource already exists.')
    checkReachable(call, balancer, one)
  }
  // Of several that are the same in one call the first is taken.
  const keys = added.map(keyOf)
  const fresh = added.filter((_, nth) => keys.indexOf(keys[nth]!) === nth)
  return [...before, ...fresh]
}

/** Throws a Refusal when a balancer has come to more servers than it may have. */
export function checkNumber({ slb }: World, id: string): void {
  const groups = [...slb.groups.values()].filter(({ balancer }) => balancer === id)
  const own = slb.balancers.get(id)!.backends.length
  if (groups.reduce((sum, { backends }) => sum + backends.length, own) > MAX_OF_BALANCER)
    throw new Refusal(
      'InstanceBackendServerNumberOverLimit',
      'The maximum number of backend servers of the load balancer is exceeded.',
    )
}

function checkReachable(
  { world, account }: Call,
  { vpc, spec }: LoadBalancer,
  { server, kind, ip }: Backend,
): void {
  if (kind === 'eni') {
    if (spec === '')
      throw new Refusal('UnsupportedOperation', "The Loadbalancer doesn't support this function.")
    if (ip === '') throw new Refusal('InvalidParameter', 'The Rs IP is empty.')
    return
  }
  const instance = world.ecs.instances.get(server)
  if (instance?.account !== account || instance.status !== 'Running')
    throw new Refusal(
      'ObtainIpFail',
      'The specified BackendServers is invalid; some of the specified backend servers do not exist or are not running.',
    )
  if (vpc !== '' && instance.vpc !== vpc)
    throw new Refusal('NetworkConflict', 'there are network conflicts in specified parameter.')
}

/** Without those that a call takes out; what is not there is out. */
export function withoutRemoved(before: readonly Backend[], removed: readonly Backend[]): readonly Backend[] {
  const gone = new Set(removed.map(keyOf))
  return before.filter((one) => !gone.has(keyOf(one)))
}

/** With other weights, and other descriptions where there are some. Throws a Refusal when one is not there. */
export function withWeights(before: readonly Backend[], changed: readonly Backend[]): readonly Backend[] {
  const byKey = new Map(changed.map((one) => [keyOf(one), one]))
  const known = new Set(before.map(keyOf))
  if (changed.some((one) => !known.has(keyOf(one))))
    throw new Refusal('InvalidServerId.NotFound', 'The specified server is not found.')
  return before.map((one) => {
    const next = byKey.get(keyOf(one))
    if (next === undefined) return one
    return { ...one, weight: next.weight, description: next.description || one.description }
  })
}

export function backendsAnswer(backends: readonly Backend[]) {
  const items = backends.map(({ server, kind, ip, port, weight, description }) => ({
    ServerId: server,
    Type: kind,
    Weight: weight,
    ...(port === null ? {} : { Port: port }),
    ...(ip === '' ? {} : { ServerIp: ip }),
    ...(description === '' ? {} : { Description: description }),
  }))
  return { BackendServer: items }
}
