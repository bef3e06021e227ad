import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startCanary } from '../../src/balancing/canary.ts'
import type { MetricName } from '../../src/core/metrics.ts'
import type { Intent } from '../../src/core/step.ts'
import type { Entries, Memory, Store } from '../../src/core/store.ts'
import type { Millis } from '../../src/core/time.ts'

/** One empty store under test. */
export interface StoreHarness {
  readonly store: Store
  /** The clock that the store was given. */
  now(): Millis
  /** The same journal, opened again as after a crash of the process; `store` is not used any more. */
  reopen(): Promise<Store>
  close(): Promise<void>
}

const PROMISES = [
  'gives every claim a higher number, also over a restart',
  'recalls nothing of a fleet that it has never seen',
  'recalls intents open, oldest first, and the highest sequence',
  'closes the intents that a commit names and keeps the rest open',
  'recalls at most 1000 intents and never drops an open one for a closed one',
  'refuses the same token twice',
  'recalls the last memory of each fleet',
  'keeps everything over a restart',
  'gives orders by scope until they end',
  'forgets orders that a commit calls done',
  'withdraws every order that all parts of the match fit',
  'keeps canaries by scope, also over a restart, and forgets the orders that they have done',
  'pages through decisions, newest first, by fleet',
  'pages through events, oldest first',
  'pages through what was audited, newest first, also over a restart',
] as const

export type StorePromise = (typeof PROMISES)[number]
type Define = (title: StorePromise, body: () => Promise<void>) => void

/** What every store must keep. A skip carries its reason. */
export function storeContract(
  name: string,
  make: () => Promise<StoreHarness>,
  options: { readonly skip?: Readonly<Partial<Record<StorePromise, string>>> } = {},
): void {
  let harness: StoreHarness
  const promise: Define = (title, body) => {
    const reason = options.skip?.[title]
    if (reason === undefined) test(title, body)
    else test.skip(`${title} (${reason})`, body)
  }
  describe(`store contract: ${name}`, () => {
    beforeEach(async () => {
      harness = await make()
    })
    afterEach(() => harness.close())
    intents(promise, () => harness)
    memories(promise, () => harness)
    orders(promise, () => harness)
    canaries(promise, () => harness)
    pages(promise, () => harness)
  })
}

function intents(promise: Define, harness: () => StoreHarness): void {
  promise('recalls intents open, oldest first, and the highest sequence', async () => {
    const { store, now } = harness()
    await store.intend('api', [anIntent('api', 7, now()), anIntent('api', 8, now())])
    await store.intend('web', [anIntent('web', 99, now())])
    const recalled = await store.recall('api')
    expect(recalled.lastSequence).toBe(8)
    expect(recalled.intents).toEqual([
      { ...anIntent('api', 7, now()), closed: null },
      { ...anIntent('api', 8, now()), closed: null },
    ])
  })

  promise('closes the intents that a commit names and keeps the rest open', async () => {
    const { store, now } = harness()
    await store.intend('api', [anIntent('api', 1, now()), anIntent('api', 2, now())])
    const closed = [{ token: tokenOf('api', 1), outcome: 'failed' as const, detail: 'no room' }]
    await store.commit('api', aMemory(now()), anEntry(now(), { closed }))
    const recalled = await store.recall('api')
    expect(recalled.intents.map((intent) => intent.closed)).toEqual([
      { at: now(), outcome: 'failed', detail: 'no room' },
      null,
    ])
  })

  promise('recalls at most 1000 intents and never drops an open one for a closed one', async () => {
    const { store, now } = harness()
    const many = Array.from({ length: 1200 }, (_, index) => anIntent('api', index + 1, now()))
    await store.intend('api', many)
    const closed = many.slice(1).map(({ token }) => ({ token, outcome: 'landed' as const, detail: '' }))
    await store.commit('api', aMemory(now()), anEntry(now(), { closed }))
    const recalled = await store.recall('api')
    expect(recalled.intents).toHaveLength(1000)
    expect(recalled.intents[0]).toMatchObject({ token: tokenOf('api', 1), closed: null })
    expect(recalled.intents.at(-1)?.token).toBe(tokenOf('api', 1200))
    expect(recalled.lastSequence).toBe(1200)
  })

  promise('refuses the same token twice', async () => {
    const { store, now } = harness()
    await store.intend('api', [anIntent('api', 1, now())])
    const again = [anIntent('api', 2, now()), anIntent('api', 1, now())]
    await expect(store.intend('api', again)).rejects.toMatchObject({ code: 'store.failed' })
    expect((await store.recall('api')).intents.map(({ token }) => token)).toEqual([tokenOf('api', 1)])
  })
}

function memories(promise: Define, harness: () => StoreHarness): void {
  promise('gives every claim a higher number, also over a restart', async () => {
    const first = await harness().store.claim()
    const second = await harness().store.claim()
    const third = await (await harness().reopen()).claim()
    expect(second).toBeGreaterThan(first)
    expect(third).toBeGreaterThan(second)
  })

  promise('recalls nothing of a fleet that it has never seen', async () => {
    expect(await harness().store.recall('api')).toEqual({ memory: null, intents: [], lastSequence: 0 })
  })

  promise('recalls the last memory of each fleet', async () => {
    const { store, now } = harness()
    await store.commit('api', aMemory(1), anEntry(now()))
    await store.commit('web', aMemory(2), anEntry(now()))
    await store.commit('api', aMemory(3), anEntry(now()))
    expect((await store.recall('api')).memory).toEqual(aMemory(3))
    expect((await store.recall('web')).memory).toEqual(aMemory(2))
  })

  promise('keeps everything over a restart', async () => {
    const { store, now } = harness()
    const about = { scope: 'fleet:api', at: now(), untilAt: null, by: 'ann' }
    const order = await store.order({ kind: 'pause', direction: 'in' }, about)
    await store.commit('api', aMemory(5), anEntry(now(), { decision: 3, events: ['one'] }))
    await store.intend('api', [anIntent('api', 4, now())])
    const reopened = await harness().reopen()
    expect(await reopened.recall('api')).toEqual({
      memory: aMemory(5),
      intents: [{ ...anIntent('api', 4, now()), closed: null }],
      lastSequence: 4,
    })
    expect(await reopened.orders('fleet:api', now())).toEqual([order])
    expect(await reopened.decisions({ fleet: 'api', limit: 9 })).toMatchObject([{ decision: { want: 3 } }])
    expect(await reopened.lastEvents(9)).toMatchObject([{ text: 'one' }])
  })
}

function orders(promise: Define, harness: () => StoreHarness): void {
  promise('gives orders by scope until they end', async () => {
    const { store, now } = harness()
    const about = { scope: 'fleet:api', at: now(), by: 'ann' }
    const pin = await store.order({ kind: 'pin', desired: 4 }, { ...about, untilAt: now() + 1000 })
    const pause = await store.order({ kind: 'pause', direction: 'both' }, { ...about, untilAt: null })
    await store.order({ kind: 'stop' }, { ...about, scope: 'fleet:web', untilAt: null })
    expect(pin).toMatchObject({ kind: 'pin', desired: 4, ...about, untilAt: now() + 1000 })
    expect(await store.orders('fleet:api', now() + 999)).toEqual([pin, pause])
    expect(await store.orders('fleet:api', now() + 1000)).toEqual([pause])
  })

  promise('forgets orders that a commit calls done', async () => {
    const { store, now } = harness()
    const about = { scope: 'fleet:api', at: now(), untilAt: null, by: 'ann' }
    const first = await store.order({ kind: 'drain', server: 'a' }, about)
    const second = await store.order({ kind: 'drain', server: 'b' }, about)
    await store.commit('api', aMemory(1), anEntry(now(), { doneOrders: [first.id] }))
    expect(await store.orders('fleet:api', now())).toEqual([second])
  })

  promise('withdraws every order that all parts of the match fit', async () => {
    const { store, now } = harness()
    const about = { scope: 'balancer:gateway', at: now(), untilAt: null, by: 'ann' }
    await store.order({ kind: 'weight', pool: 'api', member: 'a', weight: 0 }, about)
    const other = await store.order({ kind: 'weight', pool: 'web', member: 'a', weight: 0 }, about)
    const foreign = await store.order({ kind: 'stop' }, { ...about, scope: 'fleet:api' })
    await store.withdraw(about.scope, { kind: 'weight', pool: 'api', member: 'a' })
    await store.withdraw(about.scope, { kind: 'stop' })
    expect(await store.orders(about.scope, now())).toEqual([other])
    expect(await store.orders('fleet:api', now())).toEqual([foreign])
  })
}

function canaries(promise: Define, harness: () => StoreHarness): void {
  promise(
    'keeps canaries by scope, also over a restart, and forgets the orders that they have done',
    async () => {
      const { store, now } = harness()
      const spec = { name: 'web', step: 0.1, intervalMs: 1, minRequests: 1, successDrop: 0, p95Rise: 0 }
      const state = startCanary(spec, { name: 'web', stable: 'old', canary: 'new' }, now())
      const scope = 'balancer:gateway'
      const about = { scope, at: now(), untilAt: null, by: 'ann' }
      const done = await store.order({ kind: 'canary', canary: 'web', action: 'hold' }, about)
      const open = await store.order({ kind: 'canary', canary: 'web', action: 'abort' }, about)
      expect(await store.canaries(scope)).toEqual([])
      await store.keepCanaries(scope, [state], [])
      await store.keepCanaries(scope, [{ ...state, share: 0.2 }], [done.id])
      const reopened = await harness().reopen()
      expect(await reopened.canaries(scope)).toEqual([{ ...state, share: 0.2 }])
      expect(await reopened.canaries('balancer:other')).toEqual([])
      expect(await reopened.orders(scope, now())).toEqual([open])
    },
  )
}

function pages(promise: Define, harness: () => StoreHarness): void {
  promise('pages through decisions, newest first, by fleet', async () => {
    const { store, now } = harness()
    for (const decision of [1, 2, 3]) await store.commit('api', aMemory(1), anEntry(now(), { decision }))
    await store.commit('web', aMemory(1), anEntry(now(), { decision: 9, fleet: 'web' }))
    await store.commit('api', aMemory(1), anEntry(now()))
    const page = await store.decisions({ fleet: 'api', limit: 2 })
    expect(page.map(({ decision }) => decision.want)).toEqual([3, 2])
    const rest = await store.decisions({ fleet: 'api', limit: 2, beforeId: page[1]!.id })
    expect(rest.map(({ decision }) => decision.want)).toEqual([1])
  })

  promise('pages through events, oldest first', async () => {
    const { store, now } = harness()
    await store.commit('api', aMemory(1), anEntry(now(), { events: ['one', 'two'] }))
    await store.event({ at: now(), scope: 'system', kind: 'config', text: 'three' })
    const first = await store.events({ afterId: 0, limit: 2 })
    expect(first.map(({ text }) => text)).toEqual(['one', 'two'])
    const rest = await store.events({ afterId: first[1]!.id, limit: 2 })
    expect(rest).toMatchObject([{ scope: 'system', kind: 'config', text: 'three' }])
    expect((await store.lastEvents(2)).map(({ text }) => text)).toEqual(['two', 'three'])
  })

  promise('pages through what was audited, newest first, also over a restart', async () => {
    const { store, now, reopen } = harness()
    for (const who of ['ann', 'bob', 'cid']) await store.audit(anAudit(who, now()))
    const again = await reopen()
    const first = await again.audits({ limit: 2 })
    expect(first).toEqual([
      { ...anAudit('cid', now()), id: first[0]!.id },
      { ...anAudit('bob', now()), id: first[1]!.id },
    ])
    expect(await again.audits({ limit: 2, beforeId: first[1]!.id })).toMatchObject([{ who: 'ann' }])
  })
}

function anAudit(who: string, at: Millis) {
  const done = { body: {}, status: 200, code: null, before: {}, after: { revision: 'r2' } }
  return { at, who, address: '127.0.0.1', what: 'POST /api/v1/reload', ...done }
}

const tokenOf = (fleet: string, sequence: number): string => `inst.${fleet}.${sequence}`

/** An intent to launch one server. */
export function anIntent(fleet: string, sequence: number, at: Millis): Intent {
  const request = { fleet, count: 1, revision: 'r1', template: { command: ['true'] } }
  const step = { kind: 'launch' as const, request }
  return { token: tokenOf(fleet, sequence), fleet, step, at, have: 1, want: 2, by: 'policy:target' }
}

/** A memory that can be told from another by its tick. */
export function aMemory(tickAt: Millis): Memory {
  const past = { samples: {}, wants: [{ at: tickAt, want: 2 }] }
  return {
    past,
    backoff: null,
    draining: { a: 1 },
    confirmed: ['a'],
    want: 2,
    replacement: null,
    receipts: [],
    tickAt,
    clockHoldUntilAt: 0,
  }
}

/** A tick's entries; `decision` is what it wants, or absent. */
export function anEntry(
  at: Millis,
  some: Partial<Pick<Entries, 'closed' | 'doneOrders'>> & {
    fleet?: string
    decision?: number
    events?: readonly string[]
  } = {},
): Entries {
  const { fleet = 'api', decision: want, events = [], closed = [], doneOrders = [] } = some
  const readings: Record<MetricName, never> = {}
  return {
    tick: { at, readings, servers: [], have: 1, want: want ?? 1 },
    decision:
      want === undefined
        ? null
        : {
            fleet,
            at,
            decision: { have: 1, want, because: [], opinions: [], raw: want },
            readings,
            servers: [],
            steps: [],
            receipts: [],
          },
    events: events.map((text) => ({ at, scope: `fleet:${fleet}`, kind: 'step', text })),
    closed,
    doneOrders,
  }
}
