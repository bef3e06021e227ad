import { expect, test } from 'vitest'
import { aBalancer, aDecision, aPlan } from '../../../test/kit/admin.ts'
import { untranslated } from '../../../test/kit/chinese.ts'
import type { Plan } from '../../core/admin.ts'
import type { Purchase } from '../../core/balancer.ts'
import type { Context } from '../context.ts'
import { plan, planAhead } from './plan.ts'

const PRICE = 'about 0.34 CNY an hour and what it sends (2019 list of Hangzhou)'
const FIXED =
  'alb-1 has edition Standard, and the file orders Basic; change it in the console, or put the file back'

function noted() {
  const lines: string[] = []
  const paint = (_: string, text: string) => text
  return { lines, out: { note: () => {}, line: (line: string) => lines.push(line), paint } }
}

/** What it says of balancers that the file orders, where no fleet has anything to do. */
async function planned(...purchases: readonly Purchase[]) {
  const { lines, out } = noted()
  const items = purchases.map((purchase, nth) => aBalancer({ name: `shop-${nth + 1}`, purchase }))
  const context = {
    client: {
      get: async (path: string) => ({ items: path.endsWith('/balancers') ? [aBalancer(), ...items] : [] }),
    },
    out,
    json: false,
  } as unknown as Context
  const code = await plan(context)
  expect(untranslated(lines.map((line) => line.trimStart()))).toEqual([])
  return { code, lines }
}

test('tells what is bought and changed of balancers that the file orders, and ends with 3 for that', async () => {
  const { code, lines } = await planned(
    { id: 'lb-1', changes: [], price: PRICE },
    {
      id: 'lb-2',
      changes: [
        'specification slb.s1.small -> slb.s2.small',
        'paid by traffic -> for 20Mbps',
        'paid for 20Mbps -> for 50Mbps',
        'paid for 50Mbps -> by traffic',
        'deletion protection off -> on',
        'tags team, cost',
      ],
      price: PRICE,
    },
    { id: null, changes: ['create slb.s2.small at an internet address'], price: PRICE },
    { id: null, changes: ['create one billed by use at an intranet address'], price: null },
  )
  expect(code).toBe(3)
  expect(lines).toEqual([
    `shop-1: lb-1, ${PRICE}, nothing to do`,
    `shop-2: lb-2, ${PRICE}`,
    '  ~ specification slb.s1.small -> slb.s2.small',
    '  ~ paid by traffic -> for 20Mbps',
    '  ~ paid for 20Mbps -> for 50Mbps',
    '  ~ paid for 50Mbps -> by traffic',
    '  ~ deletion protection off -> on',
    '  ~ tags team, cost',
    `shop-3: not created yet, ${PRICE}`,
    '  + create slb.s2.small at an internet address',
    'shop-4: not created yet, price not known',
    '  + create one billed by use at an intranet address',
  ])
})

test('ends with 0 where nothing is to be done', async () => {
  expect(await planned({ id: 'lb-1', changes: [], price: null })).toEqual({
    code: 0,
    lines: ['shop-1: lb-1, price not known, nothing to do'],
  })
})

test('says how far a replacement has come and what is under way, and ends with 3 while it goes on', async () => {
  const { decision } = aDecision({ decision: { ...aDecision().decision, have: 3, want: 3 } })
  const replacement = {
    state: 'replacing' as const,
    goal: 'b 0',
    old: { revision: 2, ordered: 0, unhealthy: 0, notice: 0 },
    fresh: 1,
    of: 3,
    failed: [],
  }
  const launch = { kind: 'launch', request: { fleet: 'api', count: 1, revision: 'b', template: {} } } as const
  const says = async (over: Partial<Plan>) => {
    const { lines, out } = noted()
    const items = (path: string) => (path.endsWith('/plan') ? [aPlan({ decision, ...over })] : [])
    const client = { get: async (path: string) => ({ items: items(path) }) }
    const clock = { now: () => 0 }
    const code = await plan({ client, out, clock, json: false } as unknown as Context)
    expect(untranslated(lines.map((line) => line.trimStart()))).toEqual([])
    return { code, lines }
  }
  expect(await says({ replacement, open: [launch] })).toEqual({
    code: 3,
    lines: [
      'api: stays at 3 servers',
      '  replacing: 1 of 3 are of the new revision',
      '  under way: + launch 1 api (revision b)',
    ],
  })
  expect(await says({ replacement: { ...replacement, state: 'paused' } })).toEqual({
    code: 0,
    lines: ['api: stays at 3 servers', '  replacement paused: 1 of 3 are of the new revision'],
  })
  expect(await says({})).toEqual({ code: 0, lines: ['api: stays at 3 servers, nothing to do'] })
})

test('tells what `up` would begin with, and what nobody knows', () => {
  const { lines, out } = noted()
  const purchase = { id: null, changes: ['create slb.s2.small at an internet address'], price: PRICE }
  const balancers = [
    aBalancer({ name: 'shop', purchase }),
    aBalancer({ name: 'far', blind: 'no answer within 20s' }),
    aBalancer({ name: 'alb', purchase: { id: 'alb-1', changes: [FIXED], price: PRICE } }),
  ]
  const fleets = [
    {
      name: 'api',
      min: 2,
      max: 9,
      first: 3,
      servers: 0,
      policies: ['target-rps', 'seasonal-rps'],
      blind: null,
    },
    { name: 'web', min: 1, max: 9, first: 1, servers: 3, policies: [], blind: null },
    { name: 'own', min: 1, max: 9, first: 1, servers: null, policies: [], blind: null },
    { name: 'far', min: 1, max: 9, first: 1, servers: null, policies: [], blind: 'no answer within 20s' },
  ]
  const context = { out, json: false } as unknown as Context
  expect(planAhead({ balancers, fleets }, context)).toBe(3)
  expect(lines).toEqual([
    'far: blind: no answer within 20s',
    `shop: not created yet, ${PRICE}`,
    '  + create slb.s2.small at an internet address',
    `alb: alb-1, ${PRICE}`,
    `  ~ ${FIXED}`,
    'api: 0 servers are there, 2 to 9 are to be',
    '  + launch 3 api',
    '  then what its policies ask for, by what is measured, the history and the calendar: target-rps, seasonal-rps',
    'web: 3 servers are there, 1 to 9 are to be',
    'own: what is there is not known, 1 to 9 are to be',
    'far: what is there is not known, 1 to 9 are to be: no answer within 20s',
  ])
  expect(untranslated(lines.map((line) => line.trimStart()))).toEqual([])
  expect(planAhead({ balancers: [], fleets: fleets.slice(1) }, context)).toBe(0)
})
