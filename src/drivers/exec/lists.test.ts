import { beforeEach, describe, expect, test } from 'vitest'
import type { Server } from '../../core/fleet.ts'
import { VirtualClock } from '../../simulator/virtual-clock.ts'
import { Lists } from './lists.ts'

const never = new AbortController().signal
const NOBODY: readonly Server[] = []

describe('a list that takes six seconds and is fresh for ten', () => {
  let clock: VirtualClock
  let lists: Lists
  let calls: number
  beforeEach(() => {
    clock = new VirtualClock(1_000)
    calls = 0
    lists = new Lists(
      async () => {
        calls++
        await clock.sleep(6_000, never)
        return NOBODY
      },
      clock,
      10_000,
    )
  })

  /** What is asked for, once so much time has passed. */
  async function after<T>(ms: number, asked: Promise<T>): Promise<T> {
    await clock.advance(ms)
    return await asked
  }

  test('dates from its start, and serves without a command while it is fresh', async () => {
    const startedAt = clock.now()
    expect(await after(6_000, lists.recent(never))).toEqual({ servers: NOBODY, at: startedAt })
    await clock.advance(3_000)
    expect((await lists.recent(never)).at).toBe(startedAt)
    expect(calls).toBe(1)
  })

  test('serves up to twice as long while the next is read, so that nobody waits for a slow one', async () => {
    const { at } = await after(6_000, lists.recent(never))
    await clock.advance(5_000)
    expect((await after(250, lists.recent(never))).at).toBe(at)
    expect(calls).toBe(2)
    await clock.advance(6_000)
    expect((await lists.recent(never)).at).toBe(at + 11_000)
    expect(calls).toBe(2)
  })

  test('is waited for when the last one is too old', async () => {
    const { at } = await after(6_000, lists.recent(never))
    await clock.advance(30_000)
    expect((await after(6_000, lists.recent(never))).at).toBe(at + 36_000)
  })

  test('is read anew for whoever acts after a change, also while an older one is on its way', async () => {
    const old = lists.current(never)
    await clock.advance(1_000)
    lists.changed()
    const { at } = await after(6_000, lists.current(never))
    expect(at).toBe((await old).at + 1_000)
    expect(calls).toBe(2)
    expect((await lists.current(never)).at).toBe(at)
  })

  test('goes on when one who waits gives up', async () => {
    const impatient = new AbortController()
    const given = lists.recent(impatient.signal)
    const patient = lists.recent(never)
    await clock.advance(1_000)
    impatient.abort(new Error('enough'))
    await expect(given).rejects.toThrow('enough')
    expect((await after(5_000, patient)).servers).toBe(NOBODY)
    expect(calls).toBe(1)
  })
})

test('a list that failed is read again', async () => {
  let calls = 0
  const lists = new Lists(
    async () => {
      if (calls++ === 0) throw new Error('no answer')
      return NOBODY
    },
    new VirtualClock(1_000),
    10_000,
  )
  await expect(lists.recent(never)).rejects.toThrow('no answer')
  expect((await lists.recent(never)).servers).toBe(NOBODY)
})
