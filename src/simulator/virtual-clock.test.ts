import { expect, test } from 'vitest'
import { VirtualClock } from './virtual-clock.ts'

const never = new AbortController().signal

test('timers ring in order, each at its instant, and what follows settles before the next', async () => {
  const clock = new VirtualClock(1_000)
  const rung: string[] = []
  const note = (name: string) => rung.push(`${name} ${clock.now()}`)
  void clock.sleep(20, never).then(() => note('b'))
  void clock.sleep(10, never).then(() => {
    note('a')
    return clock.sleep(5, never).then(() => note('after a'))
  })
  await clock.advance(100)
  expect(rung).toEqual(['a 1010', 'after a 1015', 'b 1020'])
  expect(clock.now()).toBe(1_100)
})

test('a sleep ends with the signal and its reason', async () => {
  const clock = new VirtualClock(0)
  const stop = new AbortController()
  const asleep = clock.sleep(10, stop.signal)
  stop.abort(new Error('enough'))
  await expect(asleep).rejects.toThrow('enough')
  await expect(clock.sleep(10, stop.signal)).rejects.toThrow('enough')
})

test('a jump moves the wall and no timer', async () => {
  const clock = new VirtualClock(0)
  let rung = false
  void clock.sleep(10, never).then(() => {
    rung = true
  })
  clock.jump(1_000)
  await clock.advance(9)
  expect(rung).toBe(false)
  await clock.advance(1)
  expect(rung).toBe(true)
})

test('a jump on the way moves the end of the advance with it', async () => {
  const clock = new VirtualClock(0)
  const rung: number[] = []
  void clock.sleep(10, never).then(() => clock.jump(1_000))
  void clock.sleep(20, never).then(() => rung.push(clock.now()))
  await clock.advance(30)
  expect(rung).toEqual([1_020])
  expect(clock.now()).toBe(1_030)
})
