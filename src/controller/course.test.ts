import { expect, test } from 'vitest'
import { aMember, listed, measured, wanting } from '../../test/kit/measured.ts'
import { aFleet, NOON } from '../../test/kit/scaling.ts'
import type { Member } from '../core/balancer.ts'
import type { Order } from '../core/order.ts'
import { courseOf } from './course.ts'
import { plan } from './plan.ts'
import { EMPTY_MEMORY } from './state.ts'
import { verify } from './verify.ts'
import type { FleetView } from './view.ts'

interface Some {
  readonly old?: number
  readonly fresh?: number
  /** Of the new revision, and not serving yet. */
  readonly starting?: number
  readonly failed?: number
  readonly draining?: number
  readonly surge?: number
  /** Of members, by id: `old1`, `new1`. */
  readonly members?: Readonly<Record<string, Partial<Member>>>
  readonly orders?: readonly Order[]
  /** Those that the vendor is about to take away. */
  readonly noticed?: readonly string[]
}

const ids = (prefix: string, count = 0) =>
  Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`)

/** A fleet of the revision `new`, wanted to be three; its servers are named after what they are. */
function fleetOf(some: Some): FleetView {
  const [old, fresh] = [ids('old', some.old), ids('new', some.fresh)]
  const [starting, draining] = [ids('start', some.starting), ids('gone', some.draining)]
  const revision = (id: string) => (id.startsWith('old') || id.startsWith('gone') ? 'r1' : 'new')
  const token = 'foreign'
  const notice = (id: string) => (some.noticed?.includes(id) ? { notice: 'a spot server' } : {})
  const member = (id: string, over: Partial<Member> = {}) => aMember(id, { ...some.members?.[id], ...over })
  return verify(
    measured({
      fleet: aFleet({ revision: 'new', replace: { surge: some.surge ?? 1, unhealthyMs: 60_000 } }),
      listed: [
        ...[...old, ...fresh, ...draining].map((id) =>
          listed(id, { token, revision: revision(id), ...notice(id) }),
        ),
        ...starting.map((id) =>
          listed(id, { token, revision: 'new', phase: 'launching', address: null, launchedAt: NOON }),
        ),
        ...ids('bad', some.failed).map((id) => listed(id, { token, revision: 'new', phase: 'failed' })),
      ],
      members: {
        api: [
          ...[...old, ...fresh].map((id) => member(id)),
          ...draining.map((id) => member(id, { weight: 0, state: 'draining' })),
        ],
      },
      memory: {
        ...EMPTY_MEMORY,
        want: 3,
        confirmed: [...old, ...fresh],
        draining: Object.fromEntries(draining.map((id) => [id, NOON - 1_000])),
      },
      orders: some.orders ?? [],
    }),
  )
}

const course = (some: Some, want = 3) => {
  const view = fleetOf(some)
  const { launch, leave } = courseOf(wanting(view, want), view)
  return { have: view.have, launch, leave: leave.map(({ id }) => id) }
}

const anOrder = (body: Pick<Order, 'kind'> & object, at = NOON): Order =>
  ({ ...body, id: 7, scope: 'fleet:api', at, untilAt: null, by: 'ann' }) as Order

test.each<[string, Some, ReturnType<typeof course>]>([
  ['launches the surge', { old: 3 }, { have: 3, launch: 1, leave: [] }],
  ['waits for it to serve', { old: 3, starting: 1 }, { have: 3, launch: 0, leave: [] }],
  ['then an old one leaves', { old: 3, fresh: 1 }, { have: 3, launch: 0, leave: ['old1'] }],
  ['no batch before the last has gone', { old: 2, fresh: 1, draining: 1 }, { have: 3, launch: 0, leave: [] }],
  ['the next batch', { old: 2, fresh: 1 }, { have: 3, launch: 1, leave: [] }],
  ['a surge is no more than what is old', { old: 1, fresh: 2, surge: 3 }, { have: 3, launch: 1, leave: [] }],
  ['a whole batch', { old: 3, surge: 3 }, { have: 3, launch: 3, leave: [] }],
  [
    'leaves one by one',
    { old: 3, fresh: 2, starting: 1, surge: 3 },
    { have: 3, launch: 0, leave: ['old1', 'old2'] },
  ],
  ['without surge one leaves', { old: 3, surge: 0 }, { have: 3, launch: 0, leave: ['old1'] }],
  ['whose place waits', { old: 2, draining: 1, surge: 0 }, { have: 3, launch: 0, leave: [] }],
  ['and is filled', { old: 2, surge: 0 }, { have: 3, launch: 1, leave: [] }],
  [
    'and nobody leaves before that serves',
    { old: 2, starting: 1, surge: 0 },
    { have: 3, launch: 0, leave: [] },
  ],
  ['a failure stops it', { old: 3, failed: 1 }, { have: 3, launch: 0, leave: [] }],
  ['a surge of two bears one', { old: 3, failed: 1, surge: 2 }, { have: 3, launch: 2, leave: [] }],
  [
    'what came early goes when it stops',
    { old: 3, starting: 1, failed: 2, surge: 2 },
    { have: 3, launch: 0, leave: ['start1'] },
  ],
  ['a missing one comes though it has stopped', { old: 2, failed: 1 }, { have: 2, launch: 1, leave: [] }],
])('%s', (_name, some, expected) => {
  expect(course(some)).toEqual(expected)
})

test('grows with the load, whoever still drains', () => {
  expect(course({ old: 3, fresh: 1 }, 5)).toEqual({ have: 3, launch: 2, leave: [] })
  expect(course({ old: 2, fresh: 1, draining: 1 }, 4)).toMatchObject({ launch: 1 })
})

test('shrinks at once, by old ones as far as they serve to no purpose', () => {
  expect(course({ old: 3, fresh: 1 }, 2)).toMatchObject({ leave: ['old1', 'old2'] })
  expect(course({ old: 2, starting: 2 }, 1)).toMatchObject({ leave: ['old1', 'start1'] })
})

test('an unhealthy old one leaves before a healthy one', () => {
  const members = { old2: { state: 'unhealthy', sinceAt: NOON - 1_000, effectiveWeight: 0 } } as const
  expect(course({ old: 3, fresh: 1, members })).toMatchObject({ leave: ['old2'] })
})

test('a new one that is not healthy takes nobody’s place', () => {
  const members = { new1: { state: 'unhealthy', sinceAt: NOON - 1_000, effectiveWeight: 0 } } as const
  expect(course({ old: 3, fresh: 1, members })).toMatchObject({ launch: 0, leave: [] })
})

test('one that stays unhealthy is replaced, but not in panic, and not while it may come back', () => {
  const ill = { state: 'unhealthy', sinceAt: NOON - 61_000, effectiveWeight: 0 } as const
  expect(course({ fresh: 3, members: { new2: ill } })).toMatchObject({ launch: 1, leave: [] })
  expect(course({ fresh: 4, members: { new2: ill } })).toMatchObject({ launch: 0, leave: ['new2'] })
  const spared = [
    { ...ill, effectiveWeight: 100 },
    { ...ill, sinceAt: NOON - 60_000 },
  ]
  for (const new2 of spared) expect(fleetOf({ fresh: 3, members: { new2 } }).replacing).toBeNull()
})

test('one that is about to be taken away is replaced before, also where a replacement has stopped', () => {
  const noticed = ['new2']
  expect(course({ fresh: 3, noticed })).toMatchObject({ launch: 1, leave: [] })
  expect(course({ fresh: 3, failed: 1, noticed })).toMatchObject({ launch: 1, leave: [] })
  expect(course({ fresh: 4, noticed })).toMatchObject({ launch: 0, leave: ['new2'] })
  const stopped = { old: 2, fresh: 1, failed: 1, noticed: ['new1'] }
  expect(fleetOf(stopped).replacing?.state).toBe('stopped')
  expect(course(stopped)).toMatchObject({ launch: 1, leave: [] })
  expect(course({ ...stopped, fresh: 2 })).toMatchObject({ launch: 0, leave: ['new1'] })
})

test('an order makes every server old that was launched before it', () => {
  const orders = [anOrder({ kind: 'replace' })]
  expect(course({ fresh: 3, orders })).toMatchObject({ launch: 1 })
  expect(fleetOf({ fresh: 3, orders: [anOrder({ kind: 'replace' }, NOON - 900_000)] }).replacing).toBeNull()
})

test('a pause of both holds it, and a pause of one direction does not', () => {
  const paused = (direction: string) => [anOrder({ kind: 'pause', direction } as never)]
  expect(course({ old: 3, fresh: 1, orders: paused('both') })).toEqual({ have: 3, launch: 0, leave: [] })
  expect(course({ old: 3, fresh: 1, orders: paused('in') })).toMatchObject({ leave: ['old1'] })
})

test('its steps are no change of the number of servers', () => {
  const view = fleetOf({ old: 3 })
  expect(plan(wanting(view, 3), view)).toMatchObject([
    { step: { kind: 'launch' }, by: 'replace', change: false },
  ])
  expect(plan(wanting(view, 4), view)).toMatchObject([
    { step: { kind: 'launch' }, by: 'policy:load', change: true },
  ])
})
