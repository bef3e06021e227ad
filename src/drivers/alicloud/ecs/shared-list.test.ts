import { expect, test } from 'vitest'
import { VirtualClock } from '../../../simulator/virtual-clock.ts'
import type { Instance } from './instances.ts'
import { SharedList } from './shared-list.ts'

/** A list over a cloud with these servers, by fleet, whose pages take their time. */
function listOf(servers: Readonly<Record<string, number>>, pageMs = 0) {
  const clock = new VirtualClock(0)
  const reads: string[] = []
  const there = { ...servers }
  const list = new SharedList(async (only) => {
    reads.push(only ?? 'all')
    const all = Object.entries(there)
      .filter(([fleet]) => only === null || fleet === only)
      .flatMap(([fleet, count]) => Array.from({ length: count }, (_, n) => an(fleet, n)))
    if (pageMs > 0) await clock.sleep(pageMs * Math.ceil(all.length / 100), new AbortController().signal)
    return all
  }, clock)
  const counted = async (fleet: string, isChanging = false) =>
    (await list.recent(fleet, isChanging)).instances.length
  return { clock, reads, list, there, counted }
}

const an = (fleet: string, n: number) => ({ id: `${fleet}-${n}`, fleet }) as Instance

test('all fleets of the process share one list, for ten seconds', async () => {
  const { clock, reads, counted } = listOf({ api: 2, web: 1 })
  const counts = Promise.all(['api', 'web', 'none'].map((fleet) => counted(fleet)))
  await clock.advance(9_999)
  expect(await counts).toEqual([2, 1, 0])
  await counted('web')
  expect(reads).toEqual(['all'])
  await clock.advance(1)
  await counted('web')
  expect(reads).toEqual(['all', 'all'])
})

test('those who wait for the same list go on one after the other', async () => {
  const { clock, counted } = listOf({ api: 1 }, 100)
  const went: string[] = []
  const goOn = async (who: string) => {
    await counted('api')
    went.push(`${who} begins`)
    await Promise.resolve()
    went.push(`${who} ends`)
  }
  const all = Promise.all([goOn('first'), goOn('second'), goOn('third')])
  await clock.advance(100)
  await all
  const whole = (who: string) => [`${who} begins`, `${who} ends`]
  expect(went).toEqual([...whole('first'), ...whole('second'), ...whole('third')])
})

test('a fleet that was changed is read alone, and what was being read then is of before', async () => {
  const { clock, reads, list, there, counted } = listOf({ api: 2, web: 1 }, 100)
  const early = list.recent('api', false)
  await clock.advance(50)
  there.api = 3
  list.changed('api')
  const late = list.recent('api', false)
  await clock.advance(100)
  expect((await late).instances).toHaveLength(3)
  await early
  expect(await counted('api')).toBe(3)
  expect(reads).toEqual(['all', 'api'])
})

test('a fleet on its way is read every two seconds, and fleets take turns', async () => {
  const { clock, reads, counted } = listOf({ api: 1, web: 1 })
  await counted('api')
  await clock.advance(2_000)
  await counted('api', true)
  await counted('web', true)
  await clock.advance(300)
  await counted('api', true)
  await counted('web', true)
  expect(reads).toEqual(['all', 'api', 'web'])
})

test('a list of thousands is read less often, and the one before serves meanwhile', async () => {
  const { clock, reads, list, there } = listOf({ api: 10_000 }, 50)
  const first = list.recent('api', false)
  await clock.advance(5_000)
  expect((await first).instances).toHaveLength(10_000)
  expect(list.freshForMs(false)).toBe(30_000)
  await clock.advance(25_000)
  there.api = 9_999
  const meanwhile = list.recent('api', false)
  await clock.advance(2_000)
  expect((await meanwhile).instances).toHaveLength(10_000)
  await clock.advance(3_000)
  expect((await list.recent('api', false)).instances).toHaveLength(9_999)
  expect(reads).toEqual(['all', 'all'])
})

test('a list that cannot be read is no list, as long as it may be', async () => {
  const clock = new VirtualClock(0)
  const list = new SharedList(() => Promise.reject(new Error('refused')), clock)
  await expect(list.recent('api', false)).rejects.toThrow('refused')
})
