import { expect, test } from 'vitest'
import { TICK_MS, Timer, TimerWheel } from './timer-wheel.ts'

/** Advances tick by tick, as the worker's interval does. */
function run(wheel: TimerWheel, fromMs: number, toMs: number): void {
  for (let ms = fromMs + TICK_MS; ms <= toMs; ms += TICK_MS) wheel.advance(ms)
}

test('fires once, not early and at most two ticks late', () => {
  const wheel = new TimerWheel(0)
  let fired = 0
  const timer = new Timer(() => fired++)
  wheel.arm(timer, 1000)
  run(wheel, 0, 1000)
  expect(fired).toBe(0)
  run(wheel, 1000, 1000 + 2 * TICK_MS)
  expect(fired).toBe(1)
  run(wheel, 1200, 100_000)
  expect(fired).toBe(1)
  expect(wheel.size).toBe(0)
})

test('a timer armed again fires at the later time only', () => {
  const wheel = new TimerWheel(0)
  let fired = 0
  const timer = new Timer(() => fired++)
  wheel.arm(timer, 500)
  run(wheel, 0, 400)
  wheel.arm(timer, 1000)
  run(wheel, 400, 1400)
  expect(fired).toBe(0)
  run(wheel, 1400, 1600)
  expect(fired).toBe(1)
})

test('a timer armed to an earlier time fires at the earlier time', () => {
  const wheel = new TimerWheel(0)
  let fired = 0
  const timer = new Timer(() => fired++)
  wheel.arm(timer, 30_000)
  wheel.arm(timer, 200)
  run(wheel, 0, 400)
  expect(fired).toBe(1)
  expect(wheel.size).toBe(0)
})

test('waits longer than one turn of the wheel', () => {
  const wheel = new TimerWheel(0)
  let fired = 0
  wheel.arm(new Timer(() => fired++), 600_000)
  run(wheel, 0, 600_000)
  expect(fired).toBe(0)
  run(wheel, 600_000, 600_200)
  expect(fired).toBe(1)
})

test('a disarmed timer does not fire, a released one is gone at once', () => {
  const wheel = new TimerWheel(0)
  let fired = 0
  const disarmed = new Timer(() => fired++)
  const released = new Timer(() => fired++)
  wheel.arm(disarmed, 100)
  wheel.arm(released, 100)
  wheel.disarm(disarmed)
  wheel.release(released)
  expect(wheel.size).toBe(1)
  run(wheel, 0, 1000)
  expect(fired).toBe(0)
  expect(wheel.size).toBe(0)
})

test('a timer that fires may release its neighbours and arm itself again', () => {
  const wheel = new TimerWheel(0)
  const fired: string[] = []
  const timers: Timer[] = []
  const end = (name: string) => () => {
    fired.push(name)
    for (const timer of timers) wheel.release(timer)
  }
  timers.push(new Timer(end('a')), new Timer(end('b')), new Timer(end('c')))
  for (const timer of timers) wheel.arm(timer, 300)
  run(wheel, 0, 1000)
  expect(fired).toHaveLength(1)
  expect(wheel.size).toBe(0)

  let left = 3
  const again = new Timer(() => {
    if (--left > 0) wheel.arm(again, 100)
  })
  wheel.arm(again, 100)
  run(wheel, 1000, 3000)
  expect(left).toBe(0)
})

test('a stall of the thread is not held against the timers', () => {
  const wheel = new TimerWheel(0)
  let fired = 0
  wheel.arm(new Timer(() => fired++), 5000)
  wheel.advance(60_000)
  expect(fired).toBe(0)
  run(wheel, 60_000, 65_000)
  expect(fired).toBe(1)
})
