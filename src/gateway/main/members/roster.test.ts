import { expect, test } from 'vitest'
import { UNKNOWN } from '../../../balancing/health.ts'
import type { BalancerSpec, ListenerSpec, MemberSpec, PoolSpec } from '../../../core/balancer.ts'
import { NO_KEYS } from '../keys/keychain.ts'
import { compose } from '../state/compose.ts'
import {
  configured,
  EMPTY,
  type Enrol,
  entriesOf,
  type Roster,
  withMembers,
  withoutMembers,
} from './roster.ts'
import { newVitals } from './vitals.ts'

const a: MemberSpec = { id: 'a:1', address: 'a:1', weight: 10 }
const b: MemberSpec = { id: 'b:1', address: 'b:1', weight: 10 }
const web: MemberSpec = { id: 'web-1', address: '10.0.0.1:80', weight: 10 }

function enrolling(): Enrol {
  let slot = 0
  return () => {
    slot++
    return newVitals(
      { serverSlot: slot, memberSlot: slot },
      { health: UNKNOWN, rows: { connectFailures: 0, errors: 0 }, now: 0 },
    )
  }
}

function specOf(pools: Record<string, readonly MemberSpec[]>): BalancerSpec {
  return {
    name: 'gateway',
    listeners: [],
    pools: Object.entries(pools).map(
      ([name, servers]) => ({ name, servers, upstream: {} }) as unknown as PoolSpec,
    ),
    panicRatio: 0.5,
    accessLog: null,
    bandwidthBps: null,
  }
}

function weights(roster: Roster): Record<string, number> {
  return Object.fromEntries(entriesOf(roster).map(({ member }) => [member.id, member.weight]))
}

test('a change keeps what is known of members, and leaves the old roster as it was', () => {
  const enrol = enrolling()
  const first = withMembers(configured(EMPTY, specOf({ api: [a] }), enrol), 'api', [web], enrol)
  const second = configured(first, specOf({ api: [a, b] }), enrol)
  const third = withMembers(second, 'api', [{ ...web, weight: 0 }], enrol)
  const vitals = (roster: Roster, id: string) => roster.pools.get('api')!.get(id)!.vitals
  for (const id of ['a:1', 'web-1']) expect(vitals(third, id)).toBe(vitals(first, id))
  expect(weights(first)).toEqual({ 'a:1': 10, 'web-1': 10 })
  expect(weights(third)).toEqual({ 'a:1': 10, 'b:1': 10, 'web-1': 0 })
})

test('another address is another server', () => {
  const enrol = enrolling()
  const first = withMembers(configured(EMPTY, specOf({ api: [] }), enrol), 'api', [web], enrol)
  const second = withMembers(first, 'api', [{ ...web, address: '10.0.0.2:80' }], enrol)
  expect(entriesOf(second)[0]!.vitals).not.toBe(entriesOf(first)[0]!.vitals)
})

test('a drain of a member of the file survives a configuration, until the file changes its weight', () => {
  const enrol = enrolling()
  const drained = withMembers(
    configured(EMPTY, specOf({ api: [a] }), enrol),
    'api',
    [{ ...a, weight: 0 }],
    enrol,
  )
  expect(weights(configured(drained, specOf({ api: [a, b] }), enrol))).toEqual({ 'a:1': 0, 'b:1': 10 })
  expect(weights(configured(drained, specOf({ api: [{ ...a, weight: 5 }] }), enrol))).toEqual({ 'a:1': 5 })
})

test('a member of the file cannot be dropped, one that was put can', () => {
  const enrol = enrolling()
  const roster = withMembers(configured(EMPTY, specOf({ api: [a] }), enrol), 'api', [web], enrol)
  expect(() => withoutMembers(roster, 'api', ['a:1'])).toThrow(
    expect.objectContaining({ code: 'balancer.refused' }),
  )
  expect(weights(withoutMembers(roster, 'api', ['web-1', 'nobody']))).toEqual({ 'a:1': 10 })
})

test('an address without a port is refused', () => {
  const roster = configured(EMPTY, specOf({ api: [] }), enrolling())
  const wrong = { ...web, address: '10.0.0.1' }
  expect(() => withMembers(roster, 'api', [wrong], enrolling())).toThrow(
    expect.objectContaining({ code: 'request.invalid', message: expect.stringContaining('10.0.0.1') }),
  )
})

test('a snapshot has the listeners that have a port, and each member with its slots', () => {
  const enrol = enrolling()
  const spec = specOf({ api: [a] })
  const listeners = ['one', 'two'].map(
    (name) =>
      ({
        name,
        bind: { host: '', port: 0 },
        rules: [{ match: {}, action: { kind: 'pool', pool: 'api' }, class: name }],
      }) as Partial<ListenerSpec> as ListenerSpec,
  )
  const drained = { ...web, address: '[::1]:80', weight: 0 }
  const roster = withMembers(configured(EMPTY, { ...spec, listeners }, enrol), 'api', [drained], enrol)
  const slots = { pool: () => 7, listener: () => 9, trafficClass: (name: string) => name.length }
  const snapshot = compose(3, { roster, bound: { two: { host: '', port: 8080 } }, keys: NO_KEYS }, slots)
  expect(snapshot).toMatchObject({
    version: 3,
    classSlots: { one: 3, two: 3 },
    listeners: [{ name: 'two', bind: { host: '', port: 8080 }, listenerSlot: 9 }],
    pools: [
      {
        name: 'api',
        poolSlot: 7,
        members: [
          { id: 'a:1', host: 'a', port: 1, serverSlot: 1, memberSlot: 1, draining: false },
          { id: 'web-1', host: '::1', port: 80, serverSlot: 2, memberSlot: 2, draining: true },
        ],
      },
    ],
  })
})
