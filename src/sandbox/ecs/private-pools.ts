import type { Call, Done } from '../operation.ts'
import { pageByToken } from '../paging.ts'
import type { Given } from '../parameters.ts'
import { invalid, Refusal } from '../refusal.ts'
import type { Ecs, PrivatePool } from './state.ts'

/** What a launch of the same type, zone and account looks for. */
type Wanted = Pick<PrivatePool, 'account' | 'type' | 'zone'>

/** How many more servers the pool has room for. */
export function roomIn({ instances }: Ecs, { id, total }: PrivatePool): number {
  const used = [...instances.values()].filter(({ privatePool }) => privatePool === id).length
  return Math.max(0, total - used)
}

/** The pools that a launch may take servers out of, and whether it may have others: the one that it names and no others, all open ones
 *  that fit (`Open`), or none. Throws a Refusal. */
export function poolsFor(
  { privatePools }: Ecs,
  given: Given,
  wanted: Wanted,
): { readonly pools: readonly PrivatePool[]; readonly alone: boolean } {
  const fitting = privatePools.filter(
    ({ account, type, zone }) => account === wanted.account && type === wanted.type && zone === wanted.zone,
  )
  const options = given.object('PrivatePoolOptions')
  switch (options.text('MatchCriteria')) {
    case 'Open':
      return { pools: fitting.filter(({ matching }) => matching === 'Open'), alone: false }
    case 'Target': {
      const pool = fitting.find(({ id }) => id === options.text('Id'))
      if (pool === undefined) throw unavailable()
      return { pools: [pool], alone: true }
    }
    default:
      return { pools: [], alone: false }
  }
}

export function unavailable(): Refusal {
  return new Refusal(
    'InvalidParameter.PrivatePoolOptions.Id',
    'The specified PrivatePoolOptions.Id is invalid.',
  )
}

export function describeElasticityAssurances(call: Call): Done {
  const { items, NextToken } = itemsOf(call, 'eap-')
  return {
    world: call.world,
    body: { NextToken, ElasticityAssuranceSet: { ElasticityAssuranceItem: items } },
  }
}

export function describeCapacityReservations(call: Call): Done {
  const { items, NextToken } = itemsOf(call, 'crp-')
  return {
    world: call.world,
    body: { NextToken, CapacityReservationSet: { CapacityReservationItem: items } },
  }
}

function itemsOf({ world, account, given }: Call, prefix: string) {
  const ids = idsOf(given)
  const found = world.ecs.privatePools.filter(
    (pool) =>
      pool.account === account && pool.id.startsWith(prefix) && (ids.length === 0 || ids.includes(pool.id)),
  )
  const { page, NextToken } = pageByToken(found, given, { usual: 10, most: 100 })
  const items = page.map((pool) => ({
    PrivatePoolOptionsId: pool.id,
    PrivatePoolOptionsMatchCriteria: pool.matching,
    Status: 'Active',
    AllocatedResources: { AllocatedResource: [allocated(world.ecs, pool)] },
  }))
  return { items, NextToken }
}

/** As a JSON array in a text. */
function idsOf(given: Given): readonly unknown[] {
  const options = given.object('PrivatePoolOptions')
  if (!options.has('Ids')) return []
  try {
    const ids = options.json('Ids')
    if (Array.isArray(ids)) return ids
  } catch {}
  throw invalid('PrivatePoolOptions.Ids')
}

/** The cloud writes this one name small. */
function allocated(ecs: Ecs, pool: PrivatePool) {
  const { type, zone, total } = pool
  const AvailableAmount = roomIn(ecs, pool)
  return {
    InstanceType: type,
    zoneId: zone,
    TotalAmount: total,
    UsedAmount: total - AvailableAmount,
    AvailableAmount,
  }
}
