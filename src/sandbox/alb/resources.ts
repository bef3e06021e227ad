import type { Call } from '../operation.ts'
import { pageByToken } from '../paging.ts'
import type { Given } from '../parameters.ts'
import { type Body, type World, withEntry } from '../world.ts'
import { notFound, wrongStatus } from './refusals.ts'
import type { Alb, Kind, Resources, Work } from './state.ts'

/** What refusals call each kind. */
export const NAMES: Readonly<Record<Kind, string>> = {
  loadbalancer: 'LoadBalancer',
  servergroup: 'ServerGroup',
  listener: 'Listener',
  rule: 'Rule',
}
const STATUSES: Readonly<Record<Kind, Readonly<Record<Work, string>>>> = {
  loadbalancer: { Create: 'Provisioning', Update: 'Configuring', Delete: 'Deleting' },
  servergroup: { Create: 'Creating', Update: 'Configuring', Delete: 'Deleting' },
  listener: { Create: 'Provisioning', Update: 'Configuring', Delete: 'Deleting' },
  rule: { Create: 'Provisioning', Update: 'Configuring', Delete: 'Deleting' },
}

export function withAlb(world: World, changed: Partial<Alb>): World {
  return { ...world, alb: { ...world.alb, ...changed } }
}

export function put<K extends Kind>(world: World, kind: K, resource: Resources[K]): World {
  const { of } = world.alb
  return withAlb(world, { of: { ...of, [kind]: withEntry(of[kind], resource.id, resource) } })
}

export function without(world: World, kind: Kind, id: string): World {
  const { of } = world.alb
  const left = new Map<string, unknown>(of[kind])
  left.delete(id)
  return withAlb(world, { of: { ...of, [kind]: left } })
}

/** Calls of this product name no region: each region has an endpoint of its own. A sandbox is called at one, and takes its first. */
export function regionOf({ world, region }: Call): string {
  return region === '' ? Object.keys(world.ecs.regions)[0]! : region
}

/** Those of the caller in the region. */
export function owned<K extends Kind>(call: Call, kind: K): readonly Resources[K][] {
  const region = regionOf(call)
  return [...call.world.alb.of[kind].values()].filter(
    (one) => one.account === call.account && one.region === region,
  )
}

export function found<K extends Kind>(call: Call, kind: K, id: string): Resources[K] {
  const resource = call.world.alb.of[kind].get(id)
  if (resource === undefined || resource.account !== call.account || resource.region !== regionOf(call))
    throw notFound(NAMES[kind], id)
  return resource
}

/** The same, when no job works on it. */
export function idle<K extends Kind>(call: Call, kind: K, id: string): Resources[K] {
  const resource = found(call, kind, id)
  if (resource.work !== null) throw wrongStatus(NAMES[kind], id)
  return resource
}

export function statusOf(kind: Kind, work: Work | null, otherwise: string): string {
  return work === null ? otherwise : STATUSES[kind][work]
}

const MOST = 100
const USUAL = 20

/** A page of them, as the lists of this product are. */
export function listBody<T>(
  given: Given,
  name: string,
  items: readonly T[],
  answer: (item: T) => Body,
): Body {
  const { page, NextToken } = pageByToken(items, given, { usual: USUAL, most: MOST })
  const size = given.number('MaxResults', USUAL)
  return { [name]: page.map(answer), TotalCount: items.length, MaxResults: size, NextToken }
}

/** Whether a list that selects by names has this one; one that does not select has all. */
export function selects(given: Given, name: string, value: string): boolean {
  const values = given.texts(name)
  return values.length === 0 || values.includes(value)
}
