import { afterEach, beforeEach, expect, test } from 'vitest'
import { aBalancerSpec, aPoolSpec } from '../../../../test/contract/balancer.ts'
import { type ACloudBalancer, openedOn } from '../../../../test/kit/a-cloud-balancer.ts'
import type { Balancer } from '../../../core/balancer.ts'
import { Fault } from '../../../core/fault.ts'
import { VirtualClock } from '../../../simulator/virtual-clock.ts'

const never = new AbortController().signal
const SPEC = aBalancerSpec([{ ...aPoolSpec('api'), part: 'g1' }])
const MINUTE = 61_000

let clock: VirtualClock
let cloud: ACloudBalancer
let balancer: Balancer
let warnings: string[]
let close: () => Promise<void>
beforeEach(() => {
  clock = new VirtualClock(0)
  ;({ cloud, balancer, warnings, close } = openedOn(clock))
})
afterEach(() => close())

const count = (step: string) => cloud.did.filter((one) => one === step).length
const takes = (step: string, ms: number) => cloud.instead.set(step, (signal) => clock.sleep(ms, signal))
const fails = (step: string, error: Error) =>
  cloud.instead.set(step, async () => {
    throw error
  })
const notNow = new Fault('balancer.unreachable', 'not now', { source: 'vendor', retry: 'yes' })
/** As the controller asks: it goes away after three seconds. */
async function asked() {
  const over = new AbortController()
  const status = balancer.status(over.signal).catch(() => null)
  await clock.advance(3_000)
  over.abort(new Error('gone'))
  return await status
}

test('a look that takes longer than whoever asks waits finds what is not so any more', async () => {
  await balancer.configure(SPEC, never)
  await clock.advance(MINUTE)
  takes('holds', 10_000)
  cloud.isHeld = false
  for (const _ of [1, 2, 3]) expect(await asked()).toMatchObject({ pools: ['api'] })
  await clock.advance(2_000)
  expect(await asked()).toMatchObject({ specHash: null, pools: [] })
  expect(count('holds')).toBe(1)
})

test('a look that fails is told in the log, and made again a minute later', async () => {
  await balancer.configure(SPEC, never)
  await clock.advance(MINUTE)
  fails('holds', notNow)
  for (const _ of [1, 2, 3]) expect(await asked()).toMatchObject({ pools: ['api'] })
  expect(warnings).toEqual(['gateway: whether it is as configured is not known: not now'])
  await clock.advance(MINUTE)
  await asked()
  expect(count('holds')).toBe(2)
})

test('a defect that a look meets is told to whoever asks next', async () => {
  await balancer.configure(SPEC, never)
  await clock.advance(MINUTE)
  fails('holds', new TypeError('no such thing'))
  await balancer.status(never)
  await clock.advance(0)
  await expect(balancer.status(never)).rejects.toThrow('no such thing')
})

test('a look that began before a configuration says nothing of what that has made', async () => {
  await balancer.configure(SPEC, never)
  await clock.advance(MINUTE)
  takes('holds', 5_000)
  cloud.isHeld = false
  await balancer.status(never)
  await balancer.configure(SPEC, never)
  await clock.advance(10_000)
  expect(await balancer.status(never)).toMatchObject({ pools: ['api'] })
})

test('closing ends a look, and waits for its end', async () => {
  await balancer.configure(SPEC, never)
  await clock.advance(MINUTE)
  let isOver = false
  cloud.instead.set('holds', async (signal) => {
    await clock.sleep(10_000, signal).catch(() => {})
    await Promise.resolve()
    isOver = true
  })
  await balancer.status(never)
  await close()
  expect(isOver).toBe(true)
  expect(warnings).toEqual([])
})

test('what is to be bought is told once it is known, however long that takes', async () => {
  cloud.bought = { id: null, changes: ['create it'], price: null }
  takes('purchase', 4_000)
  expect(await asked()).toBeNull()
  await clock.advance(2_000)
  expect(await asked()).toMatchObject({ purchase: cloud.bought })
})

test('that it cannot be known what is to be bought is told to who asks next', async () => {
  fails('purchase', notNow)
  await expect(balancer.status(never)).rejects.toThrow('not now')
  cloud.instead.clear()
  await balancer.status(never)
  fails('purchase', notNow)
  expect(await asked()).toMatchObject({ specHash: null })
  await expect(balancer.status(never)).rejects.toThrow('not now')
})

test('a configuration goes on whose caller has gone, and none is begun whose caller has', async () => {
  takes('have', 100_000)
  const over = new AbortController()
  const first = balancer.configure(SPEC, over.signal)
  await clock.advance(30_000)
  const second = balancer.configure(SPEC, over.signal)
  over.abort(new Error('gone'))
  await expect(first).rejects.toThrow('gone')
  await expect(second).rejects.toThrow('gone')
  const third = balancer.configure(SPEC, never)
  await clock.advance(70_000)
  expect(count('listen')).toBe(1)
  await clock.advance(100_000)
  await third
  expect(count('have')).toBe(2)
})
